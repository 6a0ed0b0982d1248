"""What the checks of React, HTML and code share: the check of a script."""

from shared.artifacts.syntax.script.check import Checked, Dialect, Mode, Rules, check_script

__all__ = ["Checked", "Dialect", "Mode", "Rules", "check_script"]
