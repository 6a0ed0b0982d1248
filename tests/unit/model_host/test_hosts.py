"""Which hosts there are, which of them can be asked, and what is sent to each."""

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

from shared import __version__
from shared.catalog import Catalog, changed_by
from shared.model_host import Client, Question
from shared.model_host.errors import KeyMissing, Redirected
from shared.model_host.hosts import host_named, models_by_name, models_of, split_name
from shared.settings import Settings, SettingsError
from tests.support.catalog import OUR_OWN
from tests.support.runs import Lines, a_run

HOSTS = tomllib.loads((Path(__file__).parents[3] / "shared/model_host/hosts.toml").read_text())
KEYS = {
    "OPENROUTER_K2T_KEY": "sk-or",
    "MOONSHOT_KEY": "sk-ms",
    "KIMI_KEY": "sk-kimi",
    "CUSTOM_HOST_KEY": "sk-own",
    "CUSTOM_HOST_URL": "https://models.example/v1",
}
MESSAGES = [{"role": "system", "content": "You write."}, {"role": "user", "content": "A todo list"}]
QUESTION = Question(MESSAGES)
ANSWER = {"choices": [{"message": {"content": "x"}, "finish_reason": "stop"}]}
THINKING = {"reasoning", "thinking", "reasoning_effort"}
"""The fields by which hosts are told how much to think."""


def settings(models: str = "moonshotai/kimi-k2-thinking", **environment: str) -> Settings:
    return Settings.from_environment({"MODELS": models, "ENABLE_GUARD": "false"} | environment)


def sent(model: str, question: Question = QUESTION, overlay: str = "", /, **environment: str) -> httpx.Request:
    """The one attempt that asks this model; an overlay changes the catalog."""
    requests: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return httpx.Response(200, json=ANSWER)

    known = settings(**KEYS | environment)
    http = httpx.Client(transport=httpx.MockTransport(answer))
    client = Client.of(known, models_by_name([model], known), http=http)
    run = a_run(5)
    run.catalog = Catalog(changed_by(overlay), run.catalog.day)
    client.complete(question, run)
    (request,) = requests
    return request


def body(model: str, **environment: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(sent(model, **environment).content)
    return found


@pytest.mark.parametrize(
    ("name", "host", "model"),
    [
        ("moonshotai/kimi-k3", "openrouter", "moonshotai/kimi-k3"),
        ("openrouter/moonshotai/kimi-k3", "openrouter", "moonshotai/kimi-k3"),
        ("openrouter/auto", "openrouter", "openrouter/auto"),
        ("openrouter/openrouter/auto", "openrouter", "openrouter/auto"),
        ("moonshot/kimi-k3", "moonshot", "kimi-k3"),
        ("kimi/kimi-for-coding", "kimi", "kimi-for-coding"),
        ("custom/org/model:7b", "custom", "org/model:7b"),
        ("custom//models/mine", "custom", "/models/mine"),
        ("kimi-k3", "openrouter", "kimi-k3"),
    ],
)
def test_a_models_name_says_its_host(name: str, host: str, model: str) -> None:
    assert split_name(name) == (host, model)


def test_models_of_one_host_share_its_key() -> None:
    one, two, other = models_of(settings("moonshot/kimi-k3,moonshot/kimi-k2.6,moonshotai/kimi-k3", **KEYS))

    assert one.host is two.host
    assert [each.name for each in (one, two, other)] == ["moonshot/kimi-k3", "moonshot/kimi-k2.6", "moonshotai/kimi-k3"]


def test_a_host_in_front_of_openrouters_name_is_left_out_of_it() -> None:
    (model,) = models_of(settings("openrouter/moonshotai/kimi-k3", **KEYS))

    assert (model.id, model.name) == ("moonshotai/kimi-k3", "moonshotai/kimi-k3")


@pytest.mark.parametrize(
    ("models", "given", "named"),
    [
        ("moonshotai/kimi-k3", {}, ["OPENROUTER_SECRET_ARN", "OPENROUTER_K2T_KEY"]),
        ("moonshotai/kimi-k3,moonshot/kimi-k3", {"OPENROUTER_K2T_KEY": "k"}, ["MOONSHOT_SECRET_ARN", "MOONSHOT_KEY"]),
        ("custom/m", {"CUSTOM_HOST_URL": "https://a.example"}, ["CUSTOM_HOST_SECRET_ARN", "CUSTOM_HOST_KEY"]),
        ("custom/m", {"CUSTOM_HOST_KEY": "k"}, ["CUSTOM_HOST_URL"]),
        ("kimi/kimi-for-coding", {"KIMI_KEY": "k"}, ["by name"]),
        ("moonshot/", KEYS, ["names no model"]),
        ("moonshot/kimi k3", KEYS, ["names no model"]),
        ("moonshot//kimi-k3", KEYS, ["names no model"]),
        ("openrouter/", KEYS, ["names no model"]),
        ("/kimi-k3", KEYS, ["names no model"]),
        ("openrouter/moonshot/kimi-k3", KEYS, ["names no model", "another host"]),
        ("Moonshot/kimi-k3", KEYS, ["names no host", "moonshot"]),
        ("KIMI/kimi-for-coding", KEYS, ["names no host", "kimi"]),
    ],
)
def test_a_model_that_cannot_be_asked_is_found_at_start_up(
    models: str, given: Mapping[str, str], named: list[str]
) -> None:
    with pytest.raises(SettingsError) as raised:
        Client.of(settings(models, **given))

    (problem,) = raised.value.problems
    assert problem.startswith("MODELS: ")
    assert all(name in problem for name in named)


def test_auto_names_the_models_of_all_tiers_and_no_model_of_its_own() -> None:
    tiers = {
        "TIER_FAST": "a/b,moonshot/kimi-k2.6",
        "TIER_BALANCED": "openrouter/a/b",
        "TIER_POWERFUL": "moonshot/kimi-k3",
    }

    models = models_of(settings("auto", **KEYS, **tiers))

    assert [each.name for each in models] == ["a/b", "moonshot/kimi-k2.6", "moonshot/kimi-k3"]


def test_all_models_that_cannot_be_asked_are_said_at_once() -> None:
    with pytest.raises(SettingsError) as raised:
        models_of(settings("moonshotai/kimi-k3,moonshot/kimi-k3,kimi/kimi-for-coding"))

    assert len(raised.value.problems) == 3


def test_a_secret_makes_a_host_available() -> None:
    assert models_of(settings("moonshot/kimi-k3", MOONSHOT_SECRET_ARN="arn:aws:secretsmanager:x"))


def test_what_only_a_caller_may_name_can_be_asked_by_name() -> None:
    (model,) = models_by_name(["kimi/kimi-for-coding"], settings(**KEYS))

    assert (model.id, model.host.url) == ("kimi-for-coding", "https://api.kimi.com/coding/v1/chat/completions")
    with pytest.raises(SettingsError, match="not set up") as raised:
        models_by_name(["kimi/kimi-for-coding"], settings(OPENROUTER_K2T_KEY="k"))
    assert "KIMI_KEY" in raised.value.problem


@pytest.mark.parametrize("name", HOSTS)
def test_a_host_is_what_its_settings_make_of_it(name: str) -> None:
    with pytest.raises(KeyMissing) as raised:
        host_named(name, settings())
    assert raised.value.problem.startswith(f"{name} cannot be asked")
    assert HOSTS[name]["key"] in raised.value.problem

    own = host_named(name, settings(**KEYS))
    assert own.base_url == HOSTS[name].get("base_url", KEYS["CUSTOM_HOST_URL"])
    elsewhere = host_named(name, settings(**KEYS | {HOSTS[name]["url"]: "http://127.0.0.1:9/v1/"}))
    assert elsewhere.url == "http://127.0.0.1:9/v1/chat/completions"


@pytest.mark.parametrize("setting", ["MOONSHOT_BASE_URL", "KIMI_BASE_URL", "CUSTOM_HOST_URL"])
@pytest.mark.parametrize(
    "url",
    [
        "http://models.example/v1",
        "https://user@models.example/v1",
        "https://user:secret@models.example/v1",
        "https://models.example/v1?key=secret",
        "https://models.example/v1?",
        "https://models.example/v1#a",
        "http://127.0.0.1.example/v1",
        "http://localhost@models.example/v1",
        "ftp://models.example",
        "models.example",
        "https://",
        "https://möde.example",
        "http://127.0.0.1\\@models.example/v1",
        "https://models.example\\@other.example/v1",
        "https://@models.example/v1",
        "https:/models.example/v1",
        "https:models.example/v1",
        "https://models.example/v1 a",
        "https://models.example/v1\ta",
        "http://%31%32%37.0.0.1/v1",
        "http://2130706433/v1",
        "http://0177.0.0.1/v1",
    ],
)
def test_no_key_goes_to_an_address_that_cannot_keep_it(setting: str, url: str) -> None:
    with pytest.raises(SettingsError) as raised:
        settings(**{setting: url})

    (problem,) = raised.value.problems
    assert problem.startswith(f"{setting}: must be an https URL")
    assert "secret" not in problem


@pytest.mark.parametrize(
    "url",
    [
        "https://models.example",
        "HTTPS://Models.example/a/%20",
        "http://127.0.0.1:1/v1",
        "http://[::1]:1/v1",
        "http://localhost",
        "http://LOCALHOST:1",
    ],
)
def test_an_address_that_can_keep_a_key_is_taken(url: str) -> None:
    assert settings(CUSTOM_HOST_URL=f"{url}/").custom_host_url == url


@pytest.mark.parametrize(
    "model", ["moonshotai/kimi-k3", "moonshot/kimi-k3", "kimi/kimi-for-coding", "custom//models/any"], ids=list(HOSTS)
)
def test_every_host_is_told_the_truth_about_us_and_its_own_key(model: str) -> None:
    request = sent(model, SITE_NAME="Example", SITE_URL="https://example.org")
    host, _ = split_name(model)

    assert request.headers["user-agent"] == f"kimi-artifacts/{__version__}"
    assert request.headers["authorization"] == f"Bearer {KEYS[HOSTS[host]['key']]}"
    attribution = {"http-referer", "x-title"} & request.headers.keys()
    assert attribution == ({"http-referer", "x-title"} if host == "openrouter" else set())


@pytest.mark.parametrize("model", ["moonshotai/kimi-k3", "moonshot/kimi-k3", "custom/any"])
@pytest.mark.parametrize("name", ["{}", "gen-{}", "a/{}", "A{}"])
def test_a_key_that_a_host_says_again_is_not_logged(model: str, name: str) -> None:
    """Also a key of one word behind something else, which is how hosts make ids."""
    key = "0123456789abcdef0123456789abcd"
    said = name.format(key)
    answer = ANSWER | {"id": said, "model": said, "provider": said}
    http = httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(200, json=answer)))
    keys = {setting: key for setting in KEYS if setting.endswith("_KEY")}
    lines = Lines()

    Client.of(settings(model, **KEYS | keys), http=http).complete(QUESTION, a_run(lines=lines))

    assert lines.named("attempt")
    assert key not in repr(lines)


def test_a_redirect_is_not_followed_with_a_key() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(307, headers={"location": "https://elsewhere.example/v1/chat/completions"})

    known = settings("custom/any", **KEYS)
    with pytest.raises(Redirected) as raised:
        Client.of(known, http=httpx.Client(transport=httpx.MockTransport(answer))).complete(
            Question(MESSAGES), a_run(5)
        )
    assert asked == ["https://models.example/v1/chat/completions"]
    assert raised.value.problem.startswith("custom (CUSTOM_HOST_URL): the host answers with a redirect")
    assert "elsewhere" not in raised.value.problem


def test_the_whole_body_at_moonshot() -> None:
    question = Question(MESSAGES, session_id="s-1")

    assert json.loads(sent("moonshot/kimi-k3", question, PROVIDER_ORDER="One").content) == {
        "model": "kimi-k3",
        "messages": MESSAGES,
        "stream": True,
        "stream_options": {"include_usage": True},
        "max_completion_tokens": 32_000,
        "reasoning_effort": "high",
    }


def test_the_whole_body_at_any_other_host() -> None:
    assert body("custom/org/any") == {
        "model": "org/any",
        "messages": MESSAGES,
        "stream": True,
        "stream_options": {"include_usage": True},
        "max_tokens": 32_000,
    }


def test_how_much_to_think_is_said_in_openrouters_words() -> None:
    assert body("moonshotai/kimi-k3.1-pro")["reasoning"] == {"effort": "high"}
    assert "reasoning" not in body("moonshotai/kimi-k2-thinking")


@pytest.mark.parametrize(
    ("model", "field", "said"),
    [
        ("moonshotai/kimi-k2.6", "reasoning", {"enabled": False}),
        ("moonshot/kimi-k2.6", "thinking", {"type": "disabled"}),
    ],
)
def test_a_model_that_need_not_think_can_be_told_so(model: str, field: str, said: dict[str, Any]) -> None:
    overlay = f'["{model}"]\neffort = "none"'

    assert json.loads(sent(model, QUESTION, overlay).content)[field] == said
    assert not THINKING & body(model).keys()


@pytest.mark.parametrize(
    ("model", "overlay", "about_edits", "about_all_else"),
    [
        ("moonshotai/kimi-k2.6", "", {"reasoning": {"enabled": False}}, {}),
        ("moonshotai/kimi-k3", "", {"reasoning": {"effort": "low"}}, {"reasoning": {"effort": "high"}}),
        ("moonshotai/kimi-k2-thinking", "", {}, {}),
        ("moonshot/kimi-k2.6", "", {"thinking": {"type": "disabled"}}, {}),
        ("moonshot/kimi-k3", "", {"reasoning_effort": "low"}, {"reasoning_effort": "high"}),
        ("moonshot/kimi-k2.7-code", "", {}, {}),
        ("kimi/kimi-for-coding", "", {}, {}),
        ("custom/mine", OUR_OWN, {"reasoning_effort": "low"}, {"reasoning_effort": "high"}),
        ("custom/any", "", {}, {}),
    ],
)
def test_a_model_that_can_is_told_to_think_less_about_edits(
    model: str, overlay: str, about_edits: dict[str, Any], about_all_else: dict[str, Any]
) -> None:
    """Nothing else of the request differs, and least of all how much may be written."""
    questions = (QUESTION._replace(edits=True), QUESTION)
    edits, all_else = (json.loads(sent(model, question, overlay).content) for question in questions)

    said = [{name: each.pop(name) for name in THINKING & each.keys()} for each in (edits, all_else)]
    assert said == [about_edits, about_all_else]
    assert edits == all_else


@pytest.mark.parametrize(
    ("model", "wanted", "limit"),
    [
        ("kimi/kimi-for-coding", "1000", 1500),
        ("kimi/kimi-for-coding", "2000", 2000),
        ("moonshot/kimi-k3", "1000", 16_000),
        ("moonshot/kimi-k2.6", "1000", 1000),
        ("custom/any", "1", 1),
    ],
)
def test_no_fewer_tokens_are_asked_for_than_an_answer_takes(model: str, wanted: str, limit: int) -> None:
    sent_body = body(model, MAX_OUTPUT_TOKENS=wanted)

    assert sent_body.get("max_tokens", sent_body.get("max_completion_tokens")) == limit


def test_a_host_that_thinks_for_long_is_waited_for() -> None:
    kimi, moonshot = (host_named(name, settings(**KEYS, FIRST_TOKEN_SECONDS="30")) for name in ("kimi", "moonshot"))

    assert (kimi.waits.first_token, kimi.waits.stall) == (600, 600)
    assert (moonshot.waits.first_token, moonshot.waits.stall) == (30, 90)


@pytest.mark.parametrize("host", HOSTS.values(), ids=HOSTS)
def test_a_base_url_is_not_that_of_a_call(host: dict[str, str]) -> None:
    with pytest.raises(SettingsError) as raised:
        settings(**{host["url"]: "https://models.example/v1/chat/completions/"})

    assert raised.value.problems == (f"{host['url']}: must be the base URL, without /chat/completions",)


@pytest.mark.parametrize(
    ("named", "nano"),
    [("/models/mine.gguf", 3000 * 1000), (None, 3000 * 1000), ("dear", 7000 * 1000)],
    ids=["by its own word", "by none", "as another that has a price"],
)
def test_what_a_host_serves_is_priced_as_what_was_requested_whatever_it_is_called(named: str | None, nano: int) -> None:
    overlay = "".join(
        f"""
        ["custom/{name}"]
        context = 100_000
        max_output_tokens = 50_000
        thinking = "always"
        tokens_per_second = 50
        rate_source = "a test"
        [["custom/{name}".prices]]
        input = {price}
        cached_input = {price}
        output = {price}
        source = "a test"
        date = 2026-11-28
        """
        for name, price in (("mine", 3), ("dear", 7))
    )
    usage = {"prompt_tokens": 400, "completion_tokens": 600}
    answer = ANSWER | {"usage": usage} | ({"model": named} if named else {})
    known, lines = settings("custom/mine", **KEYS), Lines()
    run = a_run(5, lines=lines)
    run.catalog = Catalog(changed_by(overlay), run.catalog.day)

    http = httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(200, json=answer)))
    Client.of(known, http=http).complete(QUESTION, run)

    (line,) = lines.named("attempt")
    assert (line["cost_source"], line["cost_nano_usd"]) == ("estimated", nano)


CALLED = {
    "role": "assistant",
    "content": None,
    "tool_calls": [{"id": "a:0", "type": "function", "function": {"name": "a", "arguments": "{}"}}],
}


@pytest.mark.parametrize(
    ("model", "given", "overlay", "thoughts"),
    [
        ("moonshot/kimi-k2.6", {}, "", " "),
        ("moonshot/kimi-k2.6", {"reasoning_content": "Hm."}, "", "Hm."),
        ("moonshot/kimi-k2.6", {}, '["moonshot/kimi-k2.6"]\neffort = "none"', None),
        ("kimi/kimi-for-coding", {}, "", " "),
        ("moonshotai/kimi-k2.6", {}, "", None),
    ],
    ids=["lost", "kept", "no-thinking", "kimi", "openrouter"],
)
def test_moonshot_gets_thoughts_with_each_call_of_a_tool(
    model: str, given: dict[str, str], overlay: str, thoughts: str | None
) -> None:
    """It answers 400 where they are missing, and most clients do not keep them."""
    question = Question([*QUESTION.messages, CALLED | given, {"role": "assistant", "content": "Done."}])

    messages = json.loads(sent(model, question, overlay).content)["messages"]
    assert messages[-2].get("reasoning_content") == thoughts
    assert "reasoning_content" not in messages[-1]
