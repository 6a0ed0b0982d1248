"""The OpenAI contract: what the chat function takes and gives, and what is asked of a model through it."""
