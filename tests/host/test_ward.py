"""Which failures put a plugin into quarantine, and which do not."""

import pytest

from dezhi.core.errors import Problem
from dezhi.host import Directory, ward
from dezhi.host.answers import Failure
from dezhi.host.inspection import Installed, Key
from dezhi.host.ward import Held, Ward
from dezhi.testing import a_deed

ODD = {"deed": a_deed("dezhi-hello/sweep")}


@pytest.fixture
def plugin() -> Installed:
    return Directory(modules=["dezhi_hello"]).plugins["dezhi-hello"]


def failed(code: str) -> Failure:
    return Failure(name="dezhi-hello", hook="score", problem=Problem(code, ""))


def deeds(count: int) -> list[dict[str, object]]:
    return [{"deed": a_deed("dezhi-hello/sweep", minutes=None)} | {"n": number} for number in range(count)]


def test_the_same_odd_deed_never_switches_a_plugin_off(plugin: Installed) -> None:
    found = Ward()
    for _ in range(10):
        found.failed(plugin, failed("plugin-raised"), ODD)
    assert found.find(plugin.key) is None


@pytest.mark.row("PL-05")
@pytest.mark.parametrize("code", ["plugin-raised", "plugin-nonsense", "plugin-slow"])
def test_three_failures_in_a_row_do(plugin: Installed, code: str) -> None:
    found = Ward()
    told: list[Held] = []
    found.told = told.append
    for hook in ("items", "rewards", "boards"):
        assert found.find(plugin.key) is None
        found.failed(plugin, Failure(name=plugin.name, hook=hook, problem=Problem(code, "")), {})
    assert told == [Held(key=plugin.key, hook="boards", reason=code)]
    problem = found.problem(plugin.key)
    assert problem is not None
    assert problem.code == "plugin-held"


def test_an_answer_between_them_or_a_minute_ends_the_row(plugin: Installed, monkeypatch: pytest.MonkeyPatch) -> None:
    found = Ward()
    for _ in range(4):
        found.failed(plugin, failed("plugin-slow"), {})
        found.failed(plugin, failed("plugin-slow"), {})
        found.answered(plugin.key)
    monkeypatch.setattr(ward, "WITHIN_SECONDS", -1)
    for _ in range(4):
        found.failed(plugin, failed("plugin-slow"), {})
    assert found.find(plugin.key) is None


def test_what_others_found_is_known_and_let_go_again(plugin: Installed) -> None:
    found = Ward()
    other = Held(key=Key("other", "1.0.0", "ab"), hook="score", reason="plugin-died")
    assert not found.know([other])
    assert found.find(other.key) == other
    assert found.know([])
    assert found.find(other.key) is None
