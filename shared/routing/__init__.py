"""Which models answer a request: its complexity, the tier for that, and the tier's models."""

from shared.routing.router import Choice, Router, RoutingRequest
from shared.routing.tiers import Tier

__all__ = ["Choice", "Router", "RoutingRequest", "Tier"]
