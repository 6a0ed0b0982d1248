"""HTTP in and out, for any contract: function-URL events, authentication, admission and answers."""
