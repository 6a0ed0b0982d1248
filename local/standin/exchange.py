"""One attempt and its answer: what every fault is given, and the good answer that the faults deviate from."""

from dataclasses import dataclass
from typing import Final

from aiohttp import web

from local.standin.billing import JsonObject, Meter
from local.standin.calls import ChatCall
from local.standin.dialect import PADDING, PLAIN, Identity, Style, completion, to_json
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
    identity: Identity
    wire: Wire
    row: Row
    meter: Meter

    @property
    def limited_reply(self) -> Reply:
        """The reply as far as `max_tokens` lets it go."""
        return self.reply.within(self.call.max_tokens)

    def refuse(self, refusal: Refusal) -> web.Response:
        """Answer with an error status; nothing was generated and nothing is charged."""
        self.row.status = refusal.status
        self.row.generation_id = None  # a rejected attempt has none, and its headers name none
        headers = dict(refusal.headers)
        if isinstance(refusal.body, str):
            return web.Response(status=refusal.status, text=refusal.body, content_type="text/html", headers=headers)
        return web.json_response(refusal.body, status=refusal.status, headers=headers, dumps=to_json)

    def open_stream(self, style: Style = PLAIN) -> EventStream:
        """A stream to speak into; nothing is sent yet."""
        return EventStream(self.wire, self.identity, self.row, self.meter, style)

    async def answer(self, reply: Reply | None = None, style: Style = PLAIN) -> web.StreamResponse:
        """Answer as asked: in a stream or in one body, with the call's own reply or another one."""
        reply = (reply or self.reply).within(self.call.max_tokens)
        self.wire.byte_seconds = style.byte_seconds
        if style.as_json or not self.call.stream:
            return await self._answer_at_once(reply, style)
        stream = self.open_stream(style)
        await stream.begin()
        await stream.speak(reply)
        await stream.finish(reply, self.call.max_tokens)
        return self.wire.response

    async def _answer_at_once(self, reply: Reply, style: Style) -> web.StreamResponse:
        """One JSON body. All of it is charged from the start: no client that goes away stops it."""
        self.meter.count(reasoning=reply.reasoning, content=reply.content or "")
        if reply.spends_all and self.call.max_tokens:
            self.meter.fill(self.call.max_tokens, with_reasoning=reply.content is None)
        bill = style.bill(self.meter.usage)
        self.meter.charge(bill.charged_nano)
        details = [{"type": "reasoning.text", "text": reply.reasoning, "format": "unknown", "index": 0}]
        message: JsonObject = {
            "content": reply.content,
            "refusal": reply.refusal,
            "reasoning": reply.reasoning,
            "reasoning_details": details,
        }
        body = completion(self.identity, message, reply.finish_reason)
        if bill.block is not None:
            body["usage"] = bill.block
        await self.open_json()
        await self.wire.keep_pace(len(reply.reasoning) + len(reply.content or ""))
        return await self.send_json(body, bill.sent_nano, finished=True)

    async def open_json(self) -> None:
        """Send the headers of a JSON answer, then the keep-alive padding that comes while the model works."""
        self.row.status = 200
        await self.wire.open({"Content-Type": "application/json", "X-Generation-Id": self.identity.generation_id})
        for _ in range(_PADDINGS):
            await self.wire.write(PADDING)
            await self.wire.think(_THINKING_SECONDS / _PADDINGS)

    async def send_json(self, body: JsonObject, sent_nano: int, *, finished: bool) -> web.StreamResponse:
        """Send the body itself; the row says what is in it before it goes out."""
        self.row.sent_nano_usd = sent_nano
        self.row.finished = finished
        try:
            await self.wire.write(to_json(body).encode())
            await self.wire.flush()
        except ConnectionError:
            self.row.sent_nano_usd = 0
            raise
        return self.wire.response
