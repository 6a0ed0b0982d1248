"""What a name of the host's looks like, and what is none."""

import pytest

from shared.model_host.safe_names import SafeNames

ASKED = "moonshotai/kimi-k2-thinking"


@pytest.mark.parametrize(
    "name",
    ["Stand-in", "Chutes", "Google AI Studio", "Moonshot AI", "Amazon Bedrock", "Z.AI", "io.net", "AI21",
     "Weights & Biases", "Azure (EU)", "Nebius Token Factory"],
)  # fmt: skip
def test_a_provider(name: str) -> None:
    assert SafeNames(["Make a red button"], ASKED).provider(name) == name


@pytest.mark.parametrize(
    "name", [ASKED, f"{ASKED}-20251106", "anthropic/claude-4.5-haiku-20251001", "kimi-k3", "google/gemini-2.0:free"]
)
def test_a_model(name: str) -> None:
    assert SafeNames(["A red button"], ASKED).model(name) == name


@pytest.mark.parametrize(
    "name",
    ["gen-1777319918-UVrg0z9Yj2HXXL5dYZY3", "chatcmpl-6a0f3262-12b3-44b8-8253-8c1cad4415d5", "gen-1", "0f:a.b_c"],
)
def test_a_generation(name: str) -> None:
    assert SafeNames(["A red button"], ASKED).generation_id(name) == name


@pytest.mark.parametrize(
    "name", [None, 5, "", " ", "a\nb", "a" * 129, "é", "一个", "<b>", "{}", "a  b", " a", "a b c d e"]
)
def test_what_does_not_look_like_a_name(name: object) -> None:
    names = SafeNames([], ASKED)

    assert names.provider(name) is names.model(name) is names.generation_id(name) is names.finish_reason(name) is None


@pytest.mark.parametrize("reason", ["stop", "length", "tool_calls", "content_filter", "error"])
def test_a_finish_reason_is_one_of_the_words_for_it(reason: str) -> None:
    assert SafeNames([f"A {reason} sign"], ASKED).finish_reason(reason) == reason
    assert SafeNames.finish_reason(reason.title()) is None


@pytest.mark.parametrize(
    ("prompt", "name"),
    [
        ("Tetris", "Tetris"),
        ("Tetris", "TETRIS"),
        ("Tetris", "gen-Tetris"),
        ("Play Tetris now", "Tetris"),
        ("Make a red button", "Make a red button"),
        ("Make a red button", "Make a re"),
        ("Make a red button", "make-a-red-button"),
        ("Make a red\n button", "Provider: red button".replace(": ", " ")),
        ("My name is aGVsbG8gd29ybGQ", "bG8gd29ybG"),
        ("token sk-or-v1-0123", "sk-or-v1-0123"),
        ("someone@example.com", "someone@example.com"),
    ],
)
def test_what_says_the_prompt_again_is_left_out(prompt: str, name: str) -> None:
    names = SafeNames(["Bearer key", prompt], ASKED)

    assert names.provider(name) is names.model(name) is names.generation_id(name) is None


@pytest.mark.parametrize(
    "name",
    [
        "0123456789abcdef",
        "req-0123456789abcdef",
        "x0123456789ABCDEFx",
        "a.0123456789abcdef",
        "sk-ms",
        "sk-ms-0123456789abcdef",
    ],
)
def test_what_says_the_key_again_is_left_out(name: str) -> None:
    """Whatever the host puts around it: the long part of a key is all that is secret of it."""
    names = SafeNames(["A red button"], ASKED, key="sk-ms-0123456789abcdef")

    assert names.provider(name) is names.model(name) is names.generation_id(name) is None


def test_what_only_resembles_the_key_stays() -> None:
    names = SafeNames(["A red button"], ASKED, key="sk-ms-0123456789abcdef")

    assert [names.generation_id(name) for name in ("gen-0123456", "ms-1", "gen-1")] == ["gen-0123456", "ms-1", "gen-1"]


@pytest.mark.parametrize("prompt", ["Put it together", "I like io and azure", f"Compare {ASKED} with others", "Ants"])
def test_what_only_resembles_the_prompt_stays(prompt: str) -> None:
    names = SafeNames([prompt], f"{ASKED}:nitro")

    assert [names.provider(name) for name in ("Together", "Azure", "Ant")] == ["Together", "Azure", "Ant"]
    assert names.model(f"{ASKED}-20251106") == f"{ASKED}-20251106"


def test_a_name_that_only_begins_like_the_requested_model_is_looked_at_as_any_other() -> None:
    assert SafeNames(["A red button"], ASKED).model(f"{ASKED}-fast") == f"{ASKED}-fast"
    assert SafeNames(["A red button"], ASKED).model(f"{ASKED} red button") is None
