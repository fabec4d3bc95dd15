"""Every screen action has a call: a new route of the pages fails here until it is told which."""

import pytest
from litestar import Litestar

from addresses import routes
from described import CALLS
from dezhi.service.house import House
from screens import SCREENS


@pytest.mark.row("IM-04")
def test_every_screen_has_its_call_or_a_reason(empty: tuple[House, Litestar]) -> None:
    there = {f"{method} {path}" for method, path in routes(empty[1])}
    assert there - SCREENS.keys() == set()
    assert SCREENS.keys() - there == set()


def test_every_named_call_exists() -> None:
    named = {call for calls in SCREENS.values() if not calls.startswith("-") for call in calls.split()}
    assert named <= CALLS.keys()
