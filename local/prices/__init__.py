"""`make prices`: the catalog in force, and where a host's own list says otherwise."""
