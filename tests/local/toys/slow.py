"""A function that is never ready."""

import time

time.sleep(60)
