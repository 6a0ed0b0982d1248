"""The function URL of one function: HTTP in, an event through the pool, HTTP out, with its own limits and CORS."""

import secrets
import time
import uuid

from aiohttp import web

from local.emulator import cors
from local.emulator.event import to_event
from local.emulator.functions import Function
from local.emulator.output import Output
from local.emulator.process_pool import Invocation, Pool, StreamedAnswer
from local.emulator.response import PayloadError, relay, to_response, to_streamed_response

MAX_REQUEST_BYTES = 6 * 1024 * 1024


class FunctionUrl:
    """Answers the requests for one function."""

    def __init__(self, function: Function, pool: Pool, output: Output) -> None:
        self._function = function
        self._pool = pool
        self._output = output

    async def answer(self, request: web.Request, path: str) -> web.StreamResponse:
        """Answer this request; `path` is what follows the function's route.

        A caller that goes away stops nothing: the event is in the pool, and the function goes on to its end.
        """
        rules = self._function.cors
        if rules and cors.is_preflight(request):
            return cors.answer_preflight(rules, request)
        request_id = str(uuid.uuid4())
        trace_id = request.headers.get("X-Amzn-Trace-Id") or f"Root=1-{int(time.time()):08x}-{secrets.token_hex(12)}"
        answer, response = await self._invoke(request, path, request_id, trace_id)
        response.headers["X-Amzn-Requestid"] = request_id
        response.headers["X-Amzn-Trace-Id"] = trace_id
        if rules:
            cors.add_headers(rules, request, response)
        if answer:
            await relay(answer, response, request)
        return response

    async def _invoke(
        self, request: web.Request, path: str, request_id: str, trace_id: str
    ) -> tuple[StreamedAnswer | None, web.StreamResponse]:
        """Return the response to a request, with its body or with the answer whose body follows."""
        try:
            body = await request.read()
        except web.HTTPRequestEntityTooLarge:
            message = f"Request must be smaller than {MAX_REQUEST_BYTES} bytes for the InvokeFunction operation"
            return None, web.json_response({"Message": message}, status=413)
        event = to_event(request, path, body, request_id, trace_id, signed=self._function.signed)
        invocation = Invocation(request_id, trace_id, event)
        self._pool.submit(invocation)
        answer = await invocation.answer
        if answer is not None:
            try:
                if isinstance(answer, StreamedAnswer):
                    return answer, to_streamed_response(answer)
                return None, to_response(answer)
            except PayloadError as error:
                self._output.say(f"{self._function.route}: {error} (request {request_id})")
        return None, web.Response(status=502, text="Internal Server Error")
