"""The guard: request limits, spending limits and idempotency, all in one table."""
