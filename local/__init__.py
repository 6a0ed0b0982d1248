"""Running the bundle on this machine: `make run` and what it serves with. Never deployed."""
