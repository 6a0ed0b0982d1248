"""The check of a script, which the checks of React, HTML and code share."""

from shared.artifacts.syntax.script.check import Checked, Dialect, Mode, Rules, check_script

__all__ = ["Checked", "Dialect", "Mode", "Rules", "check_script"]
