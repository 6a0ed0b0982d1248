"""What is written into docs/ from the code: `make openapi` and `make log-lines`."""
