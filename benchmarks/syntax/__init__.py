"""The check of components, held against the TypeScript compiler: what it refuses wrongly, what it misses, its time."""
