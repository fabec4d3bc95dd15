"""Deeds a sheet did not name, decided by analogy with one of its rows, and the rows that could become of them (RU-19).

An item is one of analogy when it asks `like`, which of the sheet's own items the deed is likened to, and `why`.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

import msgspec

from dezhi.core.offers import full_code
from dezhi.plugin import TITLE_MAX, Asset, Item

LIKE: Final = "like"
WHY: Final = "why"


class Precedent(msgspec.Struct, frozen=True, kw_only=True):
    """One decision: what was likened to which row, why, and what it gave. No villager's name is in it.

    `item` and `like` are full codes, `version` is that of the programme it was decided under, `seq` the number of its
    first entry, `by` the member of staff who recorded it.
    """

    seq: int
    by: int
    on: date
    version: int
    item: str
    like: str
    like_title: str
    category: str
    why: str
    asset: Asset = Asset.MORAL
    points: int


def by_analogy(item: Item) -> bool:
    """Tell whether an item is for what the sheet does not name."""
    return {LIKE, WHY} <= {question.name for question in item.questions}


def decided(item: str, items: Mapping[str, Item], answers: Mapping[str, Any]) -> tuple[Item, str] | None:
    """Return the item a deed was likened to and why; None for a deed that was recorded under a row of its own."""
    offered = items.get(item)
    if offered is None or not by_analogy(offered):
        return None
    like = items.get(full_code(item.partition("/")[0], str(answers.get(LIKE, ""))))
    return (like, str(answers.get(WHY, ""))) if like is not None else None


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """Decisions of one reason, which could become a row of the sheet; `first` is the earliest of them."""

    first: Precedent
    times: int

    def row(self, code: str) -> dict[str, Any]:
        """The row it would be, for the village to talk about."""
        first = self.first
        return {
            "code": code,
            "title": " ".join(first.why.split())[:TITLE_MAX],
            "category": first.category,
            "points": first.points,
            **({"asset": first.asset.value} if first.asset is not Asset.MORAL else {}),
            "hint": f"照“{first.like_title}”定过{self.times}次，头一次是{first.on.isoformat()}"[:200],
        }


def proposals(precedents: Iterable[Precedent]) -> Sequence[Proposal]:
    """What each different reason could become; the most frequent first."""
    alike: dict[tuple[str, str], list[Precedent]] = {}
    for one in precedents:
        alike.setdefault((one.why.strip(), one.like), []).append(one)
    groups = sorted(alike.values(), key=len, reverse=True)
    return [Proposal(first=group[0], times=len(group)) for group in groups]


def proposed_rows(precedents: Iterable[Precedent]) -> Sequence[dict[str, Any]]:
    """The rows of a sheet that the decisions could become."""
    return [one.row(f"precedent-{number}") for number, one in enumerate(proposals(precedents), start=1)]
