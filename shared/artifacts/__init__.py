"""The domain: kinds of artifact, prompts, and the extraction and validation of one artifact from an answer."""
