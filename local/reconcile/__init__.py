"""`make reconcile`: what the attempts of unknown cost really cost, by the host's own records."""
