"""Parts of `make build` that are neither pip's nor `sam build`'s: what goes into which layer, and its processor."""
