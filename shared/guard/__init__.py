"""Who may call how often and for how much, and never twice: limits, budget and idempotency, all in one table."""
