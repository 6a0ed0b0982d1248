"""What a caller is told while its request is served: what happens, and the code as it is written."""

import json
from collections.abc import Iterable
from itertools import pairwise
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.artifacts.extraction import extract
from shared.artifacts.kinds import Kind
from shared.artifacts.progress_events import ProgressEvents
from shared.costs.ledger import AttemptRecord
from shared.costs.usage import NOTHING, Usage
from shared.progress import Phase
from shared.run import Run
from tests.support.answers import ANSWERS
from tests.support.events import Event, code_in, phases_in
from tests.support.runs import a_run

OPENING = '<artifact type="application/vnd.ant.code" title="A">\n'


class Told:
    """An observer whose events are noted, its clock, and the run that it observes."""

    def __init__(self, kind: Kind | None = None) -> None:
        self.now = 100.0
        self.run: Run = a_run()
        self.sent: list[Event] = []
        self.events = ProgressEvents(self._note, self.run, kind, clock=lambda: self.now)
        self.events.begin()

    def _note(self, name: str, data: str) -> None:
        self.sent.append(Event(name, data))

    def attempt_ends(self) -> None:
        record = AttemptRecord("m", "m-1", "ok", retryable=False, cost=NOTHING, usage=Usage(), duration=1.0)
        self.run.ledger.attempts.append(record)

    @property
    def statuses(self) -> list[tuple[str, float, int, int]]:
        """Phase, seconds, characters and attempt of each status."""
        return [tuple(event.value.values()) for event in self.sent if event.name == "status"]


def test_the_first_status_comes_at_once() -> None:
    (event,) = Told().sent

    assert event == ("status", '{"phase": "thinking", "elapsedSeconds": 0.0, "characters": 0, "attempt": 1}')


def test_a_phase_is_told_of_as_soon_as_it_begins() -> None:
    """With the seconds since the request was admitted, to a thousandth."""
    told = Told()

    phases: list[tuple[float, Phase]] = [(0.00049, "writing"), (1.23456, "thinking"), (1.3, "checking")]
    for seconds, phase in phases:
        told.now = 100 + seconds
        told.events.phase(phase)

    assert [status[:2] for status in told.statuses] == [
        ("thinking", 0.0), ("writing", 0.0), ("thinking", 1.235), ("checking", 1.3),
    ]  # fmt: skip


def test_a_phase_that_goes_on_is_told_of_once() -> None:
    told = Told()

    for phase in ("thinking", "thinking", "writing", "writing", "thinking"):
        told.events.phase(phase)

    assert [status[0] for status in told.statuses] == ["thinking", "writing", "thinking"]


def test_the_same_phase_of_another_attempt_is_told_of() -> None:
    told = Told()

    told.events.phase("retrying")
    told.attempt_ends()
    told.events.phase("retrying")
    told.attempt_ends()
    told.events.phase("retrying")

    assert [(status[0], status[3]) for status in told.statuses[1:]] == [
        ("retrying", 1), ("retrying", 2), ("retrying", 3),
    ]  # fmt: skip


def test_an_attempt_is_counted_from_its_beginning_and_checked_under_its_own_number() -> None:
    told = Told()

    for phases in (("thinking", "writing"), ("repairing", "writing")):
        for phase in phases:
            told.events.phase(phase)
        told.attempt_ends()
        told.events.phase("checking")

    assert [(status[0], status[3]) for status in told.statuses] == [
        ("thinking", 1), ("writing", 1), ("checking", 1), ("repairing", 2), ("writing", 2), ("checking", 2),
    ]  # fmt: skip


def test_characters_are_those_of_the_answer_so_far() -> None:
    """All of them, tags included, so that it can be seen to go on before there is code."""
    told = Told()

    told.events.phase("writing")
    told.events.text(OPENING)
    told.events.text("睡\U0001f600")
    told.attempt_ends()
    told.events.phase("checking")

    assert [status[2] for status in told.statuses] == [0, 0, len(OPENING) + 2]


@pytest.mark.parametrize("step", [0.001, 0.25, 0.999, 1.0, 3.0])
def test_text_is_told_of_once_a_second_at_most(step: float) -> None:
    """And as often as that, if as much comes."""
    told = Told()
    told.events.phase("writing")
    told.sent.clear()

    for _ in range(200):
        told.now += step
        told.events.text("a")

    seconds = [status[1] for status in told.statuses]
    assert all(later - earlier >= 0.999 for earlier, later in pairwise([0.0, *seconds]))  # they are rounded
    assert all(later - earlier < 1 + 2 * step for earlier, later in pairwise([0.0, *seconds, 200 * step]))
    assert [status[2] for status in told.statuses] == [round(second / step) for second in seconds]


def test_the_second_begins_anew_with_every_status() -> None:
    told = Told()

    told.now = 100.9
    told.events.phase("writing")
    told.now = 101.8
    told.events.text("a")
    told.now = 101.95
    told.events.text("b")

    assert [(status[1], status[2]) for status in told.statuses] == [(0.0, 0), (0.9, 0), (1.95, 2)]


def test_silence_is_told_of_by_nobody() -> None:
    """That is for the heartbeat of the stream."""
    told = Told()

    told.now += 100

    assert len(told.sent) == 1


def test_code_comes_before_the_status_that_counts_it() -> None:
    told = Told()

    told.now += 1
    told.events.text(f"{OPENING}let a;\n")

    assert [event.name for event in told.sent] == ["status", "delta", "status"]
    assert told.sent[1].value == {"code": "let a;"}


def test_what_was_only_thought_is_withdrawn() -> None:
    """A reasoning whose beginning was left out may hold an artifact; what follows is the one."""
    told = Told()

    for piece in (f"{OPENING}draft\n</artifact>\n", f"So.</think>\n{OPENING}real\n", "</artifact>\n"):
        told.events.text(piece)

    shown = [(event.name, event.value) for event in told.sent if event.name != "status"]
    assert shown == [("delta", {"code": "draft"}), ("reset", {"attempt": 1}), ("delta", {"code": "real"})]


def test_a_reset_withdraws_code_and_characters() -> None:
    """It says which attempt begins; what had been written of a tag or a thought is forgotten with it."""
    told = Told()

    for beginning in (f"{OPENING}let a;\nlet b", "<think>\n", "<artifact type="):
        told.events.text(beginning)
        told.attempt_ends()
        told.events.reset()
    told.events.phase("retrying")
    told.events.text(f"{OPENING}let c;\n</artifact>")

    assert [event.value for event in told.sent if event.name == "reset"] == [{"attempt": each} for each in (2, 3, 4)]
    assert (told.statuses[-1][2], code_in(told.sent)) == (0, "let c;")
    assert [event.value["code"] for event in told.sent if event.name == "delta"] == ["let a;", "let c;"]


def test_a_tag_without_a_kind_is_of_the_one_that_was_asked_for() -> None:
    """A fence in a document is a part of it, and that in any other artifact is not."""
    text = '<artifact title="A">\n```js\nlet a;\n```\n</artifact>\n'

    assert code_in(told_of([text], Kind.MARKDOWN)) == "```js\nlet a;\n```"
    assert code_in(told_of([text], Kind.CODE)) == "let a;"


def test_what_a_model_writes_is_sent_in_ascii_on_one_line() -> None:
    """Whatever it is: half a character too."""
    told = Told()

    told.events.text(f"{OPENING}\u2028\x85\ud800睡\r\n\nb\n")

    assert all(event.data.isascii() and event.data.isprintable() for event in told.sent)
    assert code_in(told.sent) == "\u2028\x85\ud800睡\n\nb"


def test_the_result_of_a_step_is_told_as_it_is_and_withdraws_no_code() -> None:
    """In ASCII on one line, whatever a model has planned; and the code goes on where it was."""
    told = Told()
    plan = {"shows": ["睡\u2028\ud800", "</script>\n"], "states": []}

    told.events.text(f"{OPENING}let a;\n")
    told.events.step_result("plan", plan)
    told.events.text("let b;\n</artifact>")

    (event,) = (event for event in told.sent if event.name == "plan")
    assert event.value == plan
    assert event.data.isascii()
    assert event.data.isprintable()
    assert [event.name for event in told.sent] == ["status", "delta", "plan", "delta"]
    assert code_in(told.sent) == "let a;\nlet b;"


def told_of(pieces: Iterable[str], kind: Kind | None = None) -> list[Event]:
    """All events of an answer that comes in these pieces."""
    told = Told(kind)
    told.events.phase("writing")
    for piece in pieces:
        told.events.text(piece)
    told.attempt_ends()
    told.events.phase("checking")
    return told.sent


def pieces_of(text: str, cuts: list[int]) -> list[str]:
    places = sorted({min(place, len(text)) for place in cuts} | {0, len(text)})
    return [text[start:end] for start, end in pairwise(places)]


CUTS = st.lists(st.integers(0, 500))
SECRET = "Hmm"
THOUGHTS = [
    "",
    f"<think>\n{SECRET}\n</think>\n",
    f"<think>{SECRET} <artifact type='svg'>\n{SECRET}</think>",
    f"{SECRET}\n</think>",
]
CHATTER = ["", "Here it is:\n\n", "A tag like `<artifact type='svg'>` comes first.\n"]
OPENINGS = [OPENING, OPENING.strip(), "<artifact type='text/html' title='a > b'>\n", '<antArtifact kind="svg">\n\n']
LINES = [
    "let a = 1;",
    "",
    "  ",
    "\t<p>hi</p>",
    'let end = "</artifact>";',
    "睡\u2028",
    "&amp;",
    "a < b",
    "<",
    "</svg>",
    "`",
]
CLOSINGS = ["</artifact>", "\n</artifact>", "\n\n</artifact>\n", "</artifact>\nHave fun.", "\n</antArtifact> "]


@given(ANSWERS, CUTS, st.sampled_from([None, *Kind]))
def test_how_an_answer_is_cut_changes_nothing_of_its_code(text: str, cuts: list[int], kind: Kind | None) -> None:
    whole = code_in(told_of([text], kind))

    assert code_in(told_of(pieces_of(text, cuts), kind)) == code_in(told_of(text, kind)) == whole


@given(
    st.sampled_from(THOUGHTS),
    st.sampled_from(CHATTER),
    st.sampled_from(OPENINGS),
    st.lists(st.sampled_from(LINES)),
    st.sampled_from(CLOSINGS),
    CUTS,
    st.sampled_from(["\n", "\r\n"]),
)
def test_the_code_of_an_answer_with_one_artifact_is_that_of_the_result(
    thought: str, chatter: str, opening: str, lines: list[str], closing: str, cuts: list[int], line_end: str
) -> None:
    """Also where its last line has no end. Neither a tag nor a thought is ever a part of it."""
    code = "\n".join(["let first;", *lines, "let last;"])
    text = f"{thought}{chatter}{opening}{code}{closing}".replace("\n", line_end)

    events = told_of(pieces_of(text, cuts))

    assert code_in(events) == extract(text).artifact.code
    assert not any("<artifact" in event.data or SECRET in event.data for event in events)
    assert "\r" not in code_in(events)
    assert "</artifact>" not in code_in(events).replace('"</artifact>"', "")


def test_of_what_is_cut_off_no_part_of_a_tag_is_shown() -> None:
    """The last line is told of only where a tag ends it: it may be the beginning of one."""
    for cut in range(1, len("</artifact>")):
        text = f"{OPENING}let a;\n{'</artifact>'[:cut]}"
        assert code_in(told_of([text])) == "let a;"


def test_every_phase_that_there_is_can_be_told_of() -> None:
    told = Told()
    phases: tuple[Phase, ...] = get_args(Phase)

    for phase in phases:
        told.events.phase(phase)

    assert phases_in(told.sent) == list(phases)
    assert all(json.loads(event.data)["attempt"] == 1 - (event.value["phase"] == "checking") for event in told.sent)
