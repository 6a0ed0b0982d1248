"""The models that a caller may name, and those that are asked instead where one fails."""

import pytest

from shared.chat.models import AllowedModels
from shared.errors import InvalidRequest
from shared.settings import SettingsError
from tests.support.chatting import KIMI, NEWER, settings_of

KEYS = {"MOONSHOT_KEY": "k", "KIMI_KEY": "k"}
AT_MOONSHOT, AT_KIMI = "moonshot/kimi-k3", "kimi/kimi-for-coding"


def allowed(**environment: str) -> AllowedModels:
    return AllowedModels.of(settings_of(**environment))


@pytest.mark.parametrize(
    ("environment", "names"),
    [
        ({}, (KIMI, NEWER)),
        ({"MODELS": "a/one,a/two"}, ("a/one", "a/two")),
        ({"MODELS": "auto"}, ("auto",)),
        ({"CHAT_MODELS": f"{NEWER},a/one", "MODELS": "a/two"}, (NEWER, "a/one")),
        ({"CHAT_MODELS": f"auto,{NEWER},auto,{NEWER}"}, ("auto", NEWER)),
        ({"CHAT_MODELS": "a/one", "MODELS": "auto"}, ("a/one",)),
        ({"CHAT_MODELS": f"{AT_KIMI},{AT_MOONSHOT}", **KEYS}, (AT_KIMI, AT_MOONSHOT)),
        ({"CHAT_MODELS": "auto", "TIER_FAST": AT_MOONSHOT, "OPENROUTER_K2T_KEY": "", **KEYS}, ("auto",)),
    ],
    ids=["default", "models", "auto", "chat", "in-order-and-once", "chat-wins", "by-name-only", "a-tier"],
)
def test_a_caller_may_name_what_the_owner_lists(environment: dict[str, str], names: tuple[str, ...]) -> None:
    models = allowed(**environment)

    assert models.names == names
    assert models.default == names[0]
    assert (models.router is not None) == ("auto" in names)
    assert tuple(models.by_name) == tuple(name for name in names if name != "auto")
    assert all(model.name == name for name, model in models.by_name.items())


@pytest.mark.parametrize(
    ("environment", "problem"),
    [
        ({"CHAT_MODELS": AT_MOONSHOT}, f"CHAT_MODELS: {AT_MOONSHOT} is at a host without a key"),
        ({"MODELS": AT_MOONSHOT}, f"MODELS: {AT_MOONSHOT} is at a host without a key"),
        ({"CHAT_MODELS": "custom/one"}, "CHAT_MODELS: custom/one needs CUSTOM_HOST_URL"),
        ({"CHAT_MODELS": "Moonshot/one"}, "CHAT_MODELS: 'Moonshot/one' names no host"),
        ({"CHAT_MODELS": f"{AT_MOONSHOT},auto", "OPENROUTER_K2T_KEY": "", **KEYS}, "TIER_FAST: "),
        ({"MODELS": "auto", "OPENROUTER_K2T_KEY": "", **KEYS}, "TIER_FAST: "),
    ],
    ids=["chat", "models", "address", "misspelt", "auto-asked-for", "auto-for-all"],
)
def test_what_cannot_be_asked_is_found_at_start_up(environment: dict[str, str], problem: str) -> None:
    """And named with the setting that holds it, for the operator."""
    with pytest.raises(SettingsError) as raised:
        allowed(**environment)

    assert raised.value.problems[0].startswith(problem)


def test_all_that_cannot_be_asked_is_said_at_once() -> None:
    with pytest.raises(SettingsError) as raised:
        allowed(CHAT_MODELS=f"{AT_MOONSHOT},{AT_KIMI}")

    assert [problem.split()[1] for problem in raised.value.problems] == [AT_MOONSHOT, AT_KIMI]


@pytest.mark.parametrize("name", [NEWER, "auto", "", f"{KIMI}:nitro", KIMI.upper()])
def test_a_name_that_is_not_listed_may_not_be_used(name: str) -> None:
    """Nor a variant of one that is: it may have another price."""
    models = allowed(CHAT_MODELS=f"{KIMI},a/one")

    with pytest.raises(InvalidRequest) as raised:
        models.find(name)

    assert raised.value.field == "model"
    assert f"{KIMI}, a/one" in raised.value.message
    assert models.find(KIMI) == KIMI


@pytest.mark.parametrize("listed", ["a/one", "openrouter/a/one"])
@pytest.mark.parametrize("name", ["a/one", "openrouter/a/one"])
def test_a_model_of_openrouters_is_the_same_with_its_prefix(listed: str, name: str) -> None:
    """`"provider": "openrouter"` puts it there."""
    assert allowed(CHAT_MODELS=f"{KIMI},{listed},auto").find(name) == listed


@pytest.mark.parametrize("name", ["openrouter/auto", "openrouter/one", "openrouter/moonshot/kimi-k3"])
def test_the_prefix_makes_no_other_name_allowed(name: str) -> None:
    """`openrouter/auto` is a router of OpenRouter's, which may ask any model."""
    with pytest.raises(InvalidRequest):
        allowed(CHAT_MODELS=f"auto,a/one,{AT_MOONSHOT}", **KEYS).find(name)


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("a/one", ["a/one", "a/two", AT_MOONSHOT]),
        ("a/two", ["a/two", "a/one", AT_MOONSHOT]),
        (AT_MOONSHOT, [AT_MOONSHOT, "a/one", "a/two"]),
        (AT_KIMI, [AT_KIMI, "a/one", "a/two", AT_MOONSHOT]),
    ],
)
def test_the_others_are_asked_after_it_in_the_owners_order(name: str, asked: list[str]) -> None:
    """But for one that is asked by name only."""
    models = allowed(CHAT_MODELS=f"a/one,{AT_KIMI},auto,a/two,{AT_MOONSHOT}", **KEYS)

    assert [model.name for model in models.with_fallbacks(name)] == asked


def test_all_that_may_be_asked_are_listed_once() -> None:
    """Those of the tiers as well, which no caller may name."""
    tiers = {"TIER_FAST": "a/one", "TIER_BALANCED": "a/hidden", "TIER_POWERFUL": "a/hidden"}
    models = allowed(CHAT_MODELS="auto,a/one", **tiers)

    assert [model.name for model in models.all] == ["a/one", "a/hidden"]
    assert [model.name for model in allowed(CHAT_MODELS="a/two", **tiers).all] == ["a/two"]
