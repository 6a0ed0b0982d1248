"""What was spent: from a host's usage to a cost, and from the attempts of a request to its cost line."""
