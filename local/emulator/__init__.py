"""`make run`: emulates AWS Lambda's function URLs on 127.0.0.1, from the SAM template, with real runtime processes."""

import time

IMPORTED_AT = time.monotonic()
"""About when `make run` began: this is imported before anything else of it, and before what takes time."""
