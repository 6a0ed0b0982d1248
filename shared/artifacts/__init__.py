"""The domain: kinds of artifact, prompts, and the way from a model's answer to one artifact."""
