"""HTTP in and out: function-URL events, the contract's models, and the answers to both functions' callers."""
