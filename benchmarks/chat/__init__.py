"""What the chat function adds to a stream, held against a proxy that only passes bytes on."""
