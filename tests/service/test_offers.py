"""What a plugin that cannot be asked now keeps a village from, and what not."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest

from dezhi.core.errors import Problem
from dezhi.core.programmes import Document, Enabled, Kept, Programme
from dezhi.host import Directory, Held
from dezhi.plugin import Facts, Programme as Context
from dezhi.service.backtest_rules import Change, Rules, draft_of
from dezhi.service.offers import offer_of
from dezhi.testing import a_deed

pytestmark = [pytest.mark.sqlite, pytest.mark.row("PL-05")]

HELLO, YINGER = "dezhi-hello", "dezhi-yinger"
TODAY = date(2026, 11, 22)
NEXT = Context(id=1, version=2, village=7, today=TODAY)
BOTH = {HELLO: Enabled(version="0.1.0"), YINGER: Enabled(version="0.1.0")}


@pytest.fixture
def directory() -> Directory:
    return Directory(modules=["dezhi_hello", "dezhi_yinger"])


@pytest.fixture
def adopted(directory: Directory) -> Programme:
    """A version with both plugins, from before any of them was held."""
    offered = offer_of(directory, Document(plugins=BOTH), NEXT)
    return Programme(
        id=1,
        lineage=1,
        village=7,
        version=1,
        title="办法",
        effective_from=TODAY,
        document=Document(plugins=BOTH),
        items=tuple({"code": code, "item": msgspec.to_builtins(item)} for code, item in offered.items.items()),
        kept=Kept(rewards=offered.rewards, categories=offered.categories, notices=offered.notices),
        derived_from=None,
        resolution=None,
        created_by=None,
        created_at=datetime(2026, 11, 22, tzinfo=UTC),
    )


def hold(directory: Directory, *names: str) -> None:
    held = [Held(key=directory.plugins[name].key, hook="score", reason="plugin-died") for name in names]
    directory.ward.know(held)


def offered_items(directory: Directory, plugins: Mapping[str, Any], before: Programme | None) -> set[str]:
    found = offer_of(directory, Document(plugins=plugins), NEXT, before)
    return {code.partition("/")[0] for code in found.items}


def test_one_that_is_held_goes_on_as_it_was_while_others_are_changed(directory: Directory, adopted: Programme) -> None:
    hold(directory, HELLO)
    before = offer_of(directory, Document(plugins=BOTH), NEXT, adopted)
    assert offered_items(directory, BOTH, adopted) == {HELLO, YINGER}
    assert offered_items(directory, {HELLO: BOTH[HELLO]}, adopted) == {HELLO}
    assert before.items == {one["code"]: before.items[one["code"]] for one in adopted.items}
    assert (before.rewards, before.categories) == (adopted.kept.rewards, adopted.kept.categories)


def test_of_two_that_are_held_each_can_be_switched_off(directory: Directory, adopted: Programme) -> None:
    hold(directory, HELLO, YINGER)
    assert offered_items(directory, {HELLO: BOTH[HELLO]}, adopted) == {HELLO}
    assert offered_items(directory, {YINGER: BOTH[YINGER]}, adopted) == {YINGER}
    assert offered_items(directory, {}, adopted) == set()


def test_one_that_went_away_keeps_nothing_else_from_changing(adopted: Programme) -> None:
    there = Directory(modules=["dezhi_yinger"])
    assert offered_items(there, BOTH, adopted) == {HELLO, YINGER}


def test_one_that_is_held_cannot_be_switched_on_nor_changed(directory: Directory, adopted: Programme) -> None:
    hold(directory, HELLO)
    alone = msgspec.structs.replace(adopted, document=Document(plugins={YINGER: BOTH[YINGER]}))
    for before in (None, alone):
        with pytest.raises(Problem, match=HELLO) as refused:
            offer_of(directory, Document(plugins=BOTH), NEXT, before)
        assert refused.value.code == "plugin-held"
    changed = {**BOTH, HELLO: Enabled(version="0.1.1")}
    with pytest.raises(Problem, match=HELLO):
        offer_of(directory, Document(plugins=changed), NEXT, adopted)


def test_a_backtest_goes_on_beside_one_that_is_held(directory: Directory, adopted: Programme) -> None:
    hold(directory, HELLO)
    rules = Rules(directory, draft_of(directory, Change(plugin=YINGER), adopted), adopted)
    none = {name: Facts({}) for name in BOTH}
    assert {code.partition("/")[0] for code in rules.items} == {HELLO, YINGER}
    assert rules.score(a_deed(f"{YINGER}/help"), none).problem is None
    judged = rules.score(a_deed(f"{HELLO}/sweep"), none)
    assert judged.problem is not None
    assert judged.problem.code == "plugin-held"
