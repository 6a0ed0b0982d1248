"""A real browser without a window, spoken to over the DevTools protocol."""

import asyncio
import itertools
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Self

import aiohttp

SECONDS = 60.0  # the tests' patience, which holds nothing of what is tested: a busy machine takes its time
_FRAME_SECONDS = 1.0
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_PAINTED = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(1))))"
_SWITCHES = (
    "--headless",
    "--no-sandbox",  # which root has not; the pages are the tests' own
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--remote-debugging-port=0",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # nothing leaves this machine
)


def executable() -> str | None:
    """Where a Chromium is, if there is one."""
    return next((path for name in _NAMES if (path := shutil.which(name))), None)


class BrowserError(Exception):
    """The browser refused a command, or a script in a page threw."""


class Browser:
    """A running browser; every page has its own session, and so have the frames of other processes."""

    def __init__(self, address: str) -> None:
        self._runner = asyncio.Runner()
        self._numbers = itertools.count(1)
        self._answers: dict[int, dict[str, Any]] = {}
        self._contexts: dict[tuple[str, int], str] = {}  # session and number of a context, and the frame that it is in
        self._parents: dict[str, str] = {}  # a frame's session, and that of the page or frame around it
        self._silent: set[str] = set()  # sessions of frames that have not said yet which contexts they have
        self._ended: set[str | None] = set()  # sessions of frames that are no more
        self.thrown: list[str] = []  # what scripts threw and did not catch, in any page
        self.logged: list[str] = []  # what the browser itself complained of, in any page
        self.complaints: list[str] = []  # errors on the console, of scripts and of the browser itself, in any page
        self._runner.run(self._connect(address))

    async def _connect(self, address: str) -> None:
        self._http = aiohttp.ClientSession()
        self._socket = await self._http.ws_connect(address, max_msg_size=0)

    def close(self) -> None:
        """Hang up."""
        self._runner.run(self._disconnect())
        self._runner.close()

    async def _disconnect(self) -> None:
        await self._socket.close()
        await self._http.close()

    def open(self, url: str) -> "Page":
        """A new tab with this page, loaded."""
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        session = self.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        page = Page(self, target, session)
        page.navigate(url)
        return page

    def targets(self) -> list[str]:
        """The addresses of all tabs."""
        return [each["url"] for each in self.send("Target.getTargets")["targetInfos"] if each["type"] == "page"]

    def send(
        self, method: str, session: str | None = None, *, seconds: float | None = None, **parameters: Any
    ) -> dict[str, Any]:
        """Give a command and wait for its answer: so long, or as long as the browser has anything to say."""
        return self._runner.run(self._send_within(seconds, method, session, parameters))

    def watch(self, session: str) -> None:
        """Learn of the scripts' contexts of a session, and of the frames in it that have sessions of their own."""
        self._runner.run(self._watch(session))

    def contexts(self, session: str) -> list[tuple[str, int, str]]:
        """Session, number and frame of each context in a page, the frames' too, oldest first."""
        sessions = self._within(session)
        return [(of, number, frame) for (of, number), frame in self._contexts.items() if of in sessions]

    def meet(self, session: str) -> None:
        """Wait until each frame of a page has said which contexts it has; one that hangs from the first never does."""
        end = time.monotonic() + SECONDS
        while self._silent & self._within(session) and (left := end - time.monotonic()) > 0:
            with suppress(TimeoutError):
                self._runner.run(self._take(left))

    def _within(self, session: str) -> set[str]:
        """This session, and those of the frames within."""
        sessions = {session}
        for child, parent in self._parents.items():  # parents come before their children
            if parent in sessions:
                sessions.add(child)
        return sessions

    def listen(self, seconds: float) -> None:
        """Take in what the browser has to say."""
        self._runner.run(self._listen(seconds))

    async def _send_within(
        self, seconds: float | None, method: str, session: str | None, parameters: dict[str, Any]
    ) -> dict[str, Any]:
        async with asyncio.timeout(seconds):
            return await self._send(method, session, parameters)

    async def _send(self, method: str, session: str | None, parameters: dict[str, Any]) -> dict[str, Any]:
        return await self._answer(await self._give(method, session, parameters), method, session)

    async def _give(self, method: str, session: str | None, parameters: dict[str, Any]) -> int:
        """Give a command, and return the number of its answer."""
        number = next(self._numbers)
        own = {} if session is None else {"sessionId": session}
        await self._socket.send_json({"id": number, "method": method, "params": parameters} | own)
        return number

    async def _answer(self, number: int, method: str, session: str | None) -> dict[str, Any]:
        while number not in self._answers:
            if session in self._ended:
                msg = f"{method}: the frame is gone"
                raise BrowserError(msg)
            await self._take(SECONDS)
        answer = self._answers.pop(number)
        if "error" in answer:
            msg = f"{method}: {answer['error']['message']}"
            raise BrowserError(msg)
        result: dict[str, Any] = answer["result"]
        return result

    async def _listen(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            try:
                await self._take(left)
            except TimeoutError:
                return

    async def _take(self, seconds: float) -> None:
        message = await self._socket.receive_json(timeout=seconds)
        if "id" in message:
            self._answers[message["id"]] = message
            return
        session, told = message.get("sessionId", ""), message["params"]
        match message["method"]:
            case "Runtime.executionContextCreated":
                context = told["context"]
                if context["auxData"]["isDefault"]:
                    self._contexts[session, context["id"]] = context["auxData"]["frameId"]
                    self._silent.discard(session)
            case "Runtime.executionContextDestroyed":
                self._contexts.pop((session, told["executionContextId"]), None)
            case "Runtime.executionContextsCleared":
                self._contexts = {key: frame for key, frame in self._contexts.items() if key[0] != session}
            case "Target.attachedToTarget" if told["targetInfo"]["type"] == "iframe":
                self._parents[told["sessionId"]] = session
                self._silent.add(told["sessionId"])
                with suppress(BrowserError, TimeoutError):  # a frame that was removed at once, or hangs from the first
                    async with asyncio.timeout(_FRAME_SECONDS):
                        await self._watch(told["sessionId"])
            case "Target.detachedFromTarget":
                self._ended.add(told["sessionId"])
                self._silent.discard(told["sessionId"])
                self._contexts = {key: frame for key, frame in self._contexts.items() if key[0] != told["sessionId"]}
            case method:
                self._note(method, told)

    def _note(self, method: str, told: dict[str, Any]) -> None:
        """Keep what scripts and the browser complain of."""
        match method:
            case "Runtime.exceptionThrown":
                details = told["exceptionDetails"]
                self.thrown.append(details.get("exception", {}).get("description") or details["text"])
            case "Log.entryAdded":
                self.logged.append(told["entry"]["text"])
                if told["entry"]["level"] == "error":
                    self.complaints.append(f"{told['entry']['text']} {told['entry'].get('url', '')}")
            case "Runtime.consoleAPICalled" if told["type"] in {"error", "assert"}:
                self.complaints.append(
                    " ".join(str(each.get("value", each.get("description"))) for each in told["args"])
                )

    async def _watch(self, session: str) -> None:
        wanted = {"autoAttach": True, "waitForDebuggerOnStart": False, "flatten": True}
        commands = {"Target.setAutoAttach": wanted, "Runtime.enable": {}, "Log.enable": {}, "Page.enable": {}}
        # All before the first answer: a frame that is busy heeds them when it can.
        numbers = {method: await self._give(method, session, given) for method, given in commands.items()}
        for method, number in numbers.items():
            await self._answer(number, method, session)


class Page:
    """One tab."""

    def __init__(self, browser: Browser, target: str, session: str) -> None:
        self._browser = browser
        self._target = target
        self._session = session
        browser.watch(session)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._browser.send("Target.closeTarget", targetId=self._target)

    def navigate(self, url: str) -> None:
        """Load another page."""
        self._browser.send("Page.navigate", self._session, url=url)
        self.wait("document.readyState === 'complete' && location.href !== 'about:blank'")

    @property
    def frames(self) -> int:
        """How many frames there are within the page."""
        return len({frame for *_, frame in self._browser.contexts(self._session)} - {self._target})

    def evaluate(self, script: str, *, inside: bool = False, seconds: float | None = None) -> Any:
        """What a script gives in the page, or in its youngest frame; promises are waited for.

        Raises:
            BrowserError: when it throws, or there is no frame.
            TimeoutError: when that takes longer.
        """
        session, number = self._context(inside=inside)
        how: dict[str, Any] = {"expression": script, "contextId": number, "awaitPromise": True, "returnByValue": True}
        given = self._browser.send("Runtime.evaluate", session, seconds=seconds, **how)
        if "exceptionDetails" in given:
            raise BrowserError(given["exceptionDetails"].get("exception", {}).get("description", "a script threw"))
        return given["result"].get("value")

    def wait(self, script: str, *, inside: bool = False, seconds: float = SECONDS) -> Any:
        """The first value of a script that is true; a page on its way to another has none."""
        end = time.monotonic() + seconds
        while True:
            try:
                if value := self.evaluate(script, inside=inside):
                    return value
            except BrowserError:
                value = None
            assert time.monotonic() < end, f"waited in vain for {script}"
            self._browser.listen(0.02)

    def click(self, selector: str, *, inside: bool = False, button: str = "left") -> None:
        """Click an element with the mouse, as a user does."""
        at = self.hover(selector, inside=inside) | {"button": button, "clickCount": 1}
        for kind in ("mousePressed", "mouseReleased"):
            self._browser.send("Input.dispatchMouseEvent", self._session_of(inside=inside), type=kind, **at)

    def hover(self, selector: str, *, inside: bool = False) -> dict[str, Any]:
        """Move the mouse onto the middle of an element, and return where that is."""
        self._browser.send("Page.bringToFront", self._session)  # another tab is not painted
        self.evaluate(_PAINTED, inside=inside, seconds=SECONDS)  # before that, the mouse goes nowhere
        place = f"{{const it = document.querySelector({selector!r}); it.scrollIntoView({{block: 'center'}});"
        place += " const box = it.getBoundingClientRect(); [box.x + box.width / 2, box.y + box.height / 2]}"
        x, y = self.evaluate(place, inside=inside)
        self._browser.send("Input.dispatchMouseEvent", self._session_of(inside=inside), type="mouseMoved", x=x, y=y)
        return {"x": x, "y": y}

    def type(self, text: str, *, inside: bool = False) -> None:
        """Write where the cursor is."""
        self._browser.send("Input.insertText", self._session_of(inside=inside), text=text)

    def press(self, key: str, *, inside: bool = False) -> None:
        """Press a key that writes nothing, by its name, such as ArrowUp or Escape."""
        for kind in ("rawKeyDown", "keyUp"):
            self._browser.send("Input.dispatchKeyEvent", self._session_of(inside=inside), type=kind, key=key, code=key)

    def press_enter(self, *, inside: bool = False) -> None:
        """Press the enter key."""
        session = self._session_of(inside=inside)
        key: dict[str, Any] = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13}
        self._browser.send("Input.dispatchKeyEvent", session, type="keyDown", text="\r", **key)
        self._browser.send("Input.dispatchKeyEvent", session, type="keyUp", **key)

    def _session_of(self, *, inside: bool) -> str:
        """The session that takes the input: a sandboxed frame has a process, and so a session, of its own."""
        return self._context(inside=inside)[0]

    def _context(self, *, inside: bool) -> tuple[str, int]:
        if inside:  # what is asked of the page itself waits for no frame: one may hang from the first moment
            self._browser.meet(self._session)
        contexts = [each for each in self._browser.contexts(self._session) if (each[2] != self._target) is inside]
        if not contexts:
            raise BrowserError("there is no frame")
        session, number, _ = contexts[-1]
        return session, number


@contextmanager
def chromium(*switches: str) -> Iterator[Browser]:
    """A browser with a profile of its own, ended with all of its processes; more switches than its own can be given."""
    path = executable()
    assert path is not None
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [path, *_SWITCHES, *switches, f"--user-data-dir={profile}", "about:blank"]
        environment = {"PATH": os.environ["PATH"], "HOME": profile, "LANG": "C.UTF-8"}
        quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        process = subprocess.Popen(command, env=environment, start_new_session=True, **quiet)  # type: ignore[call-overload]
        try:
            browser = Browser(_address(Path(profile, "DevToolsActivePort"), process))
            try:
                yield browser
            finally:
                browser.close()
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _address(file: Path, process: "subprocess.Popen[bytes]") -> str:
    """Where it listens, as it writes into its profile."""
    end = time.monotonic() + SECONDS
    while not (file.exists() and len(lines := file.read_text().split("\n")) > 1):
        assert process.poll() is None, "the browser has ended"
        assert time.monotonic() < end, "the browser did not start"
        time.sleep(0.02)
    return f"ws://127.0.0.1:{lines[0]}{lines[1]}"
