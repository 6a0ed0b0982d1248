"""The syntax check: whether an artifact's code can be rendered, by the rules of its kind."""
