"""The artifacts that the benchmark's model host answers with, by their size, and the event that asks for one."""

import json

from benchmarks.bundle.builds import ROOT
from benchmarks.client.answers import response

SIZES = {"2 KB": 2_000, "20 KB": 20_000, "200 KB": 200_000}
"""Characters of a component, by what the table calls it."""
KEY = "a key of no value"
_PIECE = 6  # characters of a delta: a token or two
_THOUGHTS = 8
_HEAD = """import { useState } from "react";

"""
_PART = """type Props%(number)d = { label: string; price: number; onPick: (id: number) => void };
function Row%(number)d({ label, price, onPick }: Props%(number)d) {
  const [open, setOpen] = useState(false);
  return (
    <li className="flex items-center justify-between gap-2 border-b p-2">
      <button type="button" onClick={() => setOpen(!open)} aria-expanded={open}>{label}</button>
      {open && <span>{`prix : ${price.toFixed(2)} €`}</span>}
      <button type="button" disabled={price > %(number)d} onClick={() => onPick(%(number)d)}>Pick</button>
    </li>
  );
}

"""
_END = """export default function App() {
  const [picked, setPicked] = useState<number[]>([]);
  const pick = (id: number) => setPicked((before) => [...before, id]);
  return <ul><li>{picked.length} picked</li>%s</ul>;
}
"""


def component(size: int) -> str:
    """Return a component of about this many characters, which passes the check."""
    parts: list[str] = []
    rows: list[str] = []
    length = len(_HEAD) + len(_END)
    while True:
        part, row = _PART % {"number": len(parts)}, f'<Row{len(parts)} label="One" price={{1}} onPick={{pick}} />'
        length += len(part) + len(row)
        if parts and length > size:
            return _HEAD + "".join(parts) + _END % "".join(rows)
        parts.append(part)
        rows.append(row)


def answer(size: int) -> str:
    """Return the model's whole answer."""
    return f'<artifact type="application/vnd.ant.react" title="Rows">\n{component(size)}</artifact>'


def streamed(size: int) -> bytes:
    """Return the host's whole HTTP response: a chunk for each delta, as a live host sends it."""
    text = answer(size)
    pieces = [text[start : start + _PIECE] for start in range(0, len(text), _PIECE)]
    return response(pieces, thoughts=_THOUGHTS, chunked=True)


def event() -> bytes:
    """Return the event that asks for a component."""
    found = json.loads((ROOT / "events" / "generate_artifact" / "200-react.json").read_text())
    return json.dumps(found | {"body": json.dumps({"prompt": "A list to pick from", "artifactType": "react"})}).encode()
