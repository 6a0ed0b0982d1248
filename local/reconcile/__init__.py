"""`make reconcile`: what the calls of unknown cost really cost, by the host's own books."""
