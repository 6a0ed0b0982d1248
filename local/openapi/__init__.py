"""docs/openapi.json: what both functions take and give, written down from the code that does it."""
