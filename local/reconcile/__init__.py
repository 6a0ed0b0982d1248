"""`make reconcile`: what the attempts of unknown cost really cost, by OpenRouter's own records."""
