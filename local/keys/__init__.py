"""`make key`: makes an API key of a caller, for `AUTH_MODE=key`."""
