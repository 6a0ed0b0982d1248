"""A stand-in for the model hosts: their dialects as recorded, hand-written examples, and faults on demand.

It imports nothing of `shared`, so that it cannot share a mistake with what it is there to test.
"""

from local.standin.app import create_app
from local.standin.settings import StandinSettings

__all__ = ["StandinSettings", "create_app"]
