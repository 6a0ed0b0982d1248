"""An answer as server-sent events: comments, reasoning, content, the finish, usage, `[DONE]`."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from local.standin.billing import JsonObject, Meter
from local.standin.calls import ChatCall
from local.standin.dialects.dialect import Dialect
from local.standin.dialects.style import Identity, Style
from local.standin.json_text import to_bytes, to_json, tokens_of
from local.standin.ledger import Row
from local.standin.replies import Reply
from local.standin.tool_deltas import ToolDelta, tool_deltas
from local.standin.wire import Wire

_PAUSES: Final = 5
_THINKING_SECONDS: Final = 0.8
_PIECE: Final = "\0"  # stands for the piece in the form of an event: no other field of one is just this


class EventStream:
    """One streamed answer; every piece is counted before it is sent."""

    def __init__(  # noqa: PLR0917 - all that an exchange is made of
        self, wire: Wire, dialect: Dialect, identity: Identity, row: Row, meter: Meter, style: Style
    ) -> None:
        self._wire = wire
        self._dialect = dialect
        self._own = identity
        self._identity = replace(identity, generation_id=f"chatcmpl-{identity.created}") if style.new_id else identity
        self._row = row
        self._meter = meter
        self._style = style
        self._last = ""  # the last piece of content, which goes out together with the first finish_reason

    async def open(self) -> None:
        """Send the headers."""
        self._row.status = 200
        await self._wire.open(
            {
                "Content-Type": "text/event-stream",
                "Cache-Control": "no-cache",
                **self._dialect.headers(self._identity),
            }
        )

    async def begin(self) -> None:
        """Send the headers, and the comments that come while the model has not said anything yet."""
        await self.open()
        for number in range(_PAUSES):
            for text in self._dialect.comments[number : number + 1]:
                await self.line(text)
            await self._wire.think(_THINKING_SECONDS / _PAUSES)

    async def comment_for_ever(self, seconds: float) -> None:
        """Send a comment every so many seconds, as long as anybody listens."""
        while True:
            await self.line(self._dialect.keep_alive)
            await self._wire.wait(seconds)

    async def line(self, text: str) -> None:
        """Send one line and the empty one after it."""
        end = self._style.line_end
        await self._wire.write(to_bytes(f"{text}{end}{end}"))

    async def event(self, payload: JsonObject) -> None:
        """Send one event."""
        await self.line(f"data: {to_json(payload)}")

    async def speak(self, reply: Reply) -> None:
        """Send all but the last piece of the content, which `finish` sends; calls of tools are sent to their end."""
        await self._think(tokens_of(reply.reasoning))
        pieces = tokens_of(reply.content or "")
        if not reply.tool_calls:
            *pieces, self._last = pieces or [""]
        await self._say(pieces)
        await self._call_tools(tool_deltas(reply, self._style))

    async def speak_half(self, reply: Reply) -> None:
        """Send the reasoning and the first half of what is behind it."""
        behind = len(tokens_of(reply.content or "")) + len(tool_deltas(reply, self._style))
        await self.speak_until(reply, len(tokens_of(reply.reasoning)) + behind // 2)

    async def speak_until(self, reply: Reply, deltas: int) -> None:
        """Send so many pieces of reasoning, content and calls of tools; without any, the role does not come either."""
        if not deltas:
            return
        thoughts, pieces = tokens_of(reply.reasoning), tokens_of(reply.content or "")
        await self._think(thoughts[:deltas])
        deltas = max(0, deltas - len(thoughts))
        await self._say(pieces[:deltas])
        await self._call_tools(tool_deltas(reply, self._style)[: max(0, deltas - len(pieces))])

    async def finish(self, reply: Reply, call: ChatCall) -> None:
        """Send the last piece, the finish_reason and the usage as the dialect has them, then `[DONE]`."""
        self._identity = self._own
        self._meter.count(content=self._last)
        if reply.spends_all and call.max_tokens:
            self._meter.fill(call.max_tokens, with_reasoning=reply.content is None)
        bill = (self._style.bill or self._dialect.bill)(self._meter.usage)
        self._meter.charge(bill.charged_nano)
        is_empty = reply.content is None and not reply.tool_calls
        last = self._dialect.content_delta(None if is_empty else self._last, self._style)
        if reply.refusal is not None and self._dialect.tells_refusals:
            last["refusal"] = reply.refusal
        self._row.finished = True
        ending = self._dialect.ending(self._identity, last, call, reply, bill.block)
        *events, final = self._style.ending(ending) if self._style.ending else ending
        for event in events:
            await self.event(event)
        await self.send_usage(final, bill.sent_nano)
        if self._style.done:
            await self.line("data: [DONE]")

    async def send_usage(self, event: JsonObject, sent_nano: int) -> None:
        """Send an event with usage; the row says so before, so that who has the answer finds it in the ledger."""
        self._row.sent_nano_usd = sent_nano
        try:
            await self.event(event)
            await self._wire.flush()
        except ConnectionError:
            self._row.sent_nano_usd = 0
            raise

    async def _think(self, thoughts: list[str]) -> None:
        if (first := self._dialect.first_delta()) is not None:
            await self.event(self._dialect.chunk(self._identity, first))
        form = self._form(self._dialect.reasoning_delta)
        for pieces in self._wire.packed(thoughts):
            self._meter.count(reasoning="".join(pieces))
            await self._send(form, pieces)

    async def _say(self, pieces: list[str]) -> None:
        """Send pieces of content, the second half under the call's own id."""
        half = len(pieces) // 2
        for identity, part in ((self._identity, pieces[:half]), (self._own, pieces[half:])):
            self._identity = identity
            form = self._form(self._dialect.content_delta)
            for packet in self._wire.packed(part):
                self._meter.count(content="".join(packet))
                await self._send(form, packet)

    async def _call_tools(self, deltas: list[ToolDelta]) -> None:
        for text, entry in deltas:
            self._meter.count(content=text)
            await self.event(self._chunk(self._dialect.tool_delta(entry)))
            await self._wire.keep_pace(len(text))

    def _chunk(self, delta: JsonObject) -> JsonObject:
        return self._dialect.chunk(self._identity, delta | {"role": "assistant"} if self._style.roles else delta)

    def _form(self, delta: Callable[[str, Style], JsonObject]) -> list[str]:
        """Return the event of a piece as the texts around the piece.

        All but the piece is the same in every event of an answer, so it is made into JSON once, not a thousand times.
        """
        event = to_json(self._chunk(delta(_PIECE, self._style)))
        end = self._style.line_end
        return f"data: {event}{end}{end}".split(to_json(_PIECE))

    async def _send(self, form: list[str], pieces: list[str]) -> None:
        await self._wire.write(to_bytes("".join([to_json(piece).join(form) for piece in pieces])))
        await self._wire.keep_pace(sum(map(len, pieces)))
