"""Deeds a sheet did not name, decided by analogy with one of its rows, and the rows that could become of them (RU-19).

An item is one of analogy when it asks `like`, which of the sheet's own items the deed is likened to, and `why`.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Final

import msgspec

from dezhi.core.offers import full_code
from dezhi.plugin import TITLE_MAX, Item

LIKE: Final = "like"
WHY: Final = "why"


class Precedent(msgspec.Struct, frozen=True, kw_only=True):
    """One decision: what was likened to which row, why, and what it gave. Nobody's name is in it.

    `item` and `like` are full codes, `version` is that of the programme it was decided under.
    """

    on: date
    version: int
    item: str
    like: str
    like_title: str
    category: str
    why: str
    points: int


def decided(item: str, items: Mapping[str, Item], answers: Mapping[str, Any]) -> tuple[Item, str] | None:
    """Return the item a deed was likened to and why; None for a deed that was recorded under a row of its own."""
    offered = items.get(item)
    if offered is None or not {LIKE, WHY} <= {question.name for question in offered.questions}:
        return None
    like = items.get(full_code(item.partition("/")[0], str(answers.get(LIKE, ""))))
    return (like, str(answers.get(WHY, ""))) if like is not None else None


def proposals(precedents: Iterable[Precedent]) -> Iterator[dict[str, Any]]:
    """Make a row of a sheet of each different reason, for the village to talk about; the most frequent first."""
    alike: dict[tuple[str, str], list[Precedent]] = {}
    for one in precedents:
        alike.setdefault((one.why.strip(), one.like), []).append(one)
    for number, group in enumerate(sorted(alike.values(), key=len, reverse=True), start=1):
        first = group[0]
        yield {
            "code": f"precedent-{number}",
            "title": first.why.strip()[:TITLE_MAX],
            "category": first.category,
            "points": first.points,
            "hint": f"照“{first.like_title}”定过{len(group)}次，头一次是{first.on.isoformat()}"[:200],
        }
