"""A page of another site that reads an answer while it is written, in a real browser: `fetch`, CORS and all."""

import json
from pathlib import Path

from tests.local.bundle import running_bundle
from tests.support.chromium import Browser
from tests.support.site import Site

# What a frontend does; each read is noted with the time at which it came.
READ = """
window.reads = [];
(async () => {
  const answer = await fetch(ADDRESS, {
    method: "POST",
    headers: {
      "Content-Type": "application/json", Accept: "text/event-stream", "Idempotency-Key": "k", Prefer: "wait=60",
    },
    body: JSON.stringify({prompt: "A todo list", artifactType: "react"}),
  });
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let read; !(read = await reader.read()).done; ) window.reads.push([performance.now(), read.value]);
  window.answer = [answer.status, answer.headers.get("content-type"), answer.headers.get("x-request-id")];
})().catch((error) => { window.answer = String(error); });
"""


def test_a_page_of_another_site_sees_the_code_while_it_is_written(browser: Browser, here: Site, tmp_path: Path) -> None:
    """`prefer` and `idempotency-key` pass the preflight, the request id can be read, and the events come in steps."""
    with (
        running_bundle(tmp_path, ALLOWED_ORIGINS=here.url, STANDIN_PACE="natural") as running,
        browser.open(here.put("/", "<p>A frontend")) as page,
    ):
        page.evaluate(READ.replace("ADDRESS", json.dumps(f"{running.url}/generate-artifact")))
        page.wait("window.answer !== undefined")
        status, content_type, request_id = page.evaluate("window.answer")
        reads = page.evaluate("window.reads")

    events = [line.removeprefix("event: ") for _, text in reads for line in text.splitlines() if line[:6] == "event:"]
    first, last = reads[0][0], reads[-1][0]
    final = json.loads("".join(text for _, text in reads).rpartition("\ndata: ")[2])
    assert (status, content_type) == (200, "text/event-stream")
    assert len(reads) > 10
    assert last - first > 1_000
    assert (events[0], events[-1], events.count("artifact")) == ("status", "artifact", 1)
    assert "delta" in events
    assert (final["success"], final["requestId"]) == (True, request_id)
