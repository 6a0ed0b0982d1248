"""Comments that stand in place of code: what they say, where they stand, and what is gone beside them."""
