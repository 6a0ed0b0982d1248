"""A parser written in JavaScript, loaded once and run in the process of a check.

QuickJS starts no threads, so a heap that this process has loaded is in every child (`fork`), and ends with it. Hostile
code can only harm a parser in a child with limits, and no state is kept.
"""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent
_STACK_BYTES = 64 * 1024 * 1024
"""Of the thread that a parser runs in: it recurses into nested code, with some 20 KB a level."""
_END_SECONDS = 0.0005
"""Between two looks at whether a thread has ended."""
_STACK_LEFT = 2 * 1024 * 1024
_disabled = False


class NoVerdictError(Exception):
    """A parser gave up because the code is too deeply nested or the parser failed: the code may be right or wrong."""


@contextmanager
def without_parsers() -> Iterator[None]:
    """Make every parser in this process give up at once."""
    global _disabled  # noqa: PLW0603 - one switch of the process of a check
    _disabled = True
    try:
        yield
    finally:
        _disabled = False


class Parser:
    """One bundle, in a heap of its own."""

    def __init__(self, bundle: Path, function: str, setup: str = "") -> None:
        self._bundle = bundle
        self._function = function
        self._setup = setup
        self._lock = threading.Lock()
        self._context: Any = None

    def load(self) -> Any:  # noqa: ANN401 - quickjs has no types
        """Return the heap, creating it on the first call; other threads wait meanwhile."""
        import quickjs  # noqa: PLC0415 - only where there is something to parse

        with self._lock:
            if self._context is None:
                context = quickjs.Context()
                context.set_max_stack_size(_STACK_LEFT)
                context.eval((_FOLDER / "prelude.js").read_text("utf-8"))
                context.eval(self._bundle.read_text("utf-8"))
                if self._setup:
                    context.get(self._setup)((_FOLDER / "globals.txt").read_text("utf-8").strip())
                self._context = context
            return self._context

    def call(self, argument: str) -> Any:  # noqa: ANN401 - JSON
        """Return the parser's result for this text, decoded from JSON.

        Raises:
            NoVerdictError: it gave up.
        """
        if _disabled:
            raise NoVerdictError
        context = self.load()
        answers: list[str | Exception] = []
        before = threading.stack_size(_STACK_BYTES)
        try:
            thread = threading.Thread(target=lambda: answers.append(self._run(context, argument)), daemon=True)
            thread.start()
        except RuntimeError:  # no memory for the stack
            raise NoVerdictError from None
        finally:
            threading.stack_size(before)
        thread.join()
        _wait_for_end(thread)
        answer = answers[0] if answers else None
        if not isinstance(answer, str):
            raise NoVerdictError from answer
        return json.loads(answer)

    def _run(self, context: Any, argument: str) -> str | Exception:  # noqa: ANN401
        try:
            context.set_max_stack_size(_STACK_BYTES - _STACK_LEFT)
            result = context.get(self._function)(argument)
            while context.execute_pending_job():
                pass
            answer = result if isinstance(result, str) else context.eval("verdict")
        except Exception as error:  # noqa: BLE001 - the engine's errors, and MemoryError
            return error
        return answer if isinstance(answer, str) else NoVerdictError()


def _wait_for_end(thread: threading.Thread) -> None:
    """Wait until the system has ended the thread, so that the next one can have its stack.

    Before Python 3.13 `join` returns a little earlier, and the limit of a check has no room for two such stacks.
    """
    task = Path(f"/proc/self/task/{thread.native_id}")
    while task.exists():
        time.sleep(_END_SECONDS)


SCRIPTS = Parser(_FOLDER / "script.js", "checkScript", "setGlobals")
DIAGRAMS = Parser(_FOLDER / "diagram.js", "checkDiagram")
