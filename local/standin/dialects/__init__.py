"""How each host writes: one class per dialect, each with its address, its errors, its usage and its prices."""

from typing import Final

from local.standin.dialects.custom import Custom
from local.standin.dialects.dialect import Dialect
from local.standin.dialects.kimi import Kimi
from local.standin.dialects.moonshot import Moonshot
from local.standin.dialects.openrouter import OpenRouter

DIALECTS: Final[dict[str, Dialect]] = {
    dialect.name: dialect for dialect in (OpenRouter(), Moonshot(), Kimi(), Custom())
}
"""By the names of the hosts."""
