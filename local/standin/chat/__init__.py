"""What the model says where no artifact is asked for: a text, JSON, or calls of the tools that it is offered."""
