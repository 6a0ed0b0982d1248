"""`make bench-client`: this bundle's client, the openai SDK and bare httpx, each against the same local host."""
