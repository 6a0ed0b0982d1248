"""What is written into docs/ from the code: `make openapi`, `make client` and `make log-lines`."""
