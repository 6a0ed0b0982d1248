"""One attempt and its answer: what every fault is given, and the good answer that the faults deviate from."""

from dataclasses import dataclass
from typing import Final

from aiohttp import web

from local.standin.billing import JsonObject, Meter
from local.standin.calls import ChatCall
from local.standin.dialects.dialect import Dialect
from local.standin.dialects.style import PLAIN, Identity, Style
from local.standin.json_text import to_bytes, to_json
from local.standin.ledger import Row
from local.standin.replies import Reply
from local.standin.stream import EventStream
from local.standin.wire import Wire

_PADDINGS: Final = 4
_THINKING_SECONDS: Final = 0.8


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer that is an error by its status."""

    status: int
    body: JsonObject | str
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Exchange:
    """One attempt being answered; `reply` is what the model would say if `max_tokens` let it."""

    call: ChatCall
    reply: Reply
    dialect: Dialect
    identity: Identity
    wire: Wire
    row: Row
    meter: Meter

    @property
    def limited_reply(self) -> Reply:
        """The reply as far as the request lets it go."""
        return self.dialect.limited(self.reply, self.call)

    def refuse(self, refusal: Refusal) -> web.Response:
        """Answer with an error status; nothing was generated and nothing is charged."""
        self.row.status = refusal.status
        self.row.generation_id = None  # a rejected attempt has none, and its headers name none
        return error_response(refusal)

    def open_stream(self, style: Style = PLAIN) -> EventStream:
        """A stream to speak into; nothing is sent yet."""
        return EventStream(self.wire, self.dialect, self.identity, self.row, self.meter, style)

    async def answer(self, reply: Reply | None = None, style: Style = PLAIN) -> web.StreamResponse:
        """Answer as asked: in a stream or in one body, with the call's own reply or another one."""
        reply = self.dialect.limited(reply or self.reply, self.call)
        self.wire.byte_seconds = style.byte_seconds
        if style.as_json or not self.call.stream:
            return await self._answer_at_once(reply, style)
        stream = self.open_stream(style)
        await stream.begin()
        await stream.speak(reply)
        await stream.finish(reply, self.call)
        return self.wire.response

    async def _answer_at_once(self, reply: Reply, style: Style) -> web.StreamResponse:
        """One JSON body. All of it is charged from the start: no client that goes away stops it."""
        self.meter.count(reasoning=reply.reasoning, content=reply.written)
        if reply.spends_all and self.call.max_tokens:
            self.meter.fill(self.call.max_tokens, with_reasoning=reply.content is None)
        bill = (style.bill or self.dialect.bill)(self.meter.usage)
        self.meter.charge(bill.charged_nano)
        body = self.dialect.completion(self.identity, reply, style)
        if bill.block is not None:
            body["usage"] = bill.block
        await self.open_json(characters=len(reply.reasoning) + len(reply.written))
        return await self.send_json(body, bill.sent_nano, finished=True)

    async def open_json(self, characters: int = 0) -> None:
        """Send the headers of a JSON answer: before the keep-alive padding where the host has one, else at its end."""
        padding = self.dialect.padding
        if padding:
            await self._send_headers()
        for _ in range(_PADDINGS):
            await self.wire.write(padding)
            await self.wire.think(_THINKING_SECONDS / _PADDINGS)
        await self.wire.keep_pace(characters)
        if not padding:
            await self._send_headers()

    async def _send_headers(self) -> None:
        self.row.status = 200
        await self.wire.open({"Content-Type": "application/json", **self.dialect.headers(self.identity)})

    async def send_json(self, body: JsonObject, sent_nano: int, *, finished: bool) -> web.StreamResponse:
        """Send the body itself; the row says what is in it before it goes out."""
        self.row.sent_nano_usd = sent_nano
        self.row.finished = finished
        try:
            await self.wire.write(to_bytes(to_json(body)))
            await self.wire.flush()
        except ConnectionError:
            self.row.sent_nano_usd = 0
            raise
        return self.wire.response


def error_response(refusal: Refusal) -> web.Response:
    """Return an error as JSON, or as the page that its body is."""
    headers = dict(refusal.headers)
    if isinstance(refusal.body, str):
        return web.Response(status=refusal.status, text=refusal.body, content_type="text/html", headers=headers)
    return web.json_response(refusal.body, status=refusal.status, headers=headers, dumps=to_json)
