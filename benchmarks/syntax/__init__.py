"""Published code that the syntax check should accept, and what it makes of it."""
