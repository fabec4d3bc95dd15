"""Boards as arithmetic: what a sum is worth on a board, and who stands at which place. Highest first, always."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Generic, TypeVar

import msgspec

from dezhi.plugin import Asset, Tie, Weight

K = TypeVar("K")


class Place(msgspec.Struct, Generic[K], frozen=True, kw_only=True):
    """One entry of a board."""

    place: int
    key: K
    score: int


class Top(msgspec.Struct, Generic[K], frozen=True, kw_only=True):
    """The shown part of a board; `tied` more share the place after it and were left out together."""

    places: tuple[Place[K], ...]
    tied: int = 0
    tied_place: int | None = None


def weigh(weights: Iterable[Weight], earned: Mapping[tuple[Asset, str], int]) -> int:
    """Return the score of sums earned in a window, keyed by asset and category code; each asset is counted once.

    A weight adds `times` for every full `per` of the sum of its asset over its categories, the rest is not rounded up.
    """
    score = 0
    for weight in weights:
        total = sum(
            amount
            for (asset, category), amount in earned.items()
            if asset is weight.asset and (not weight.categories or category in weight.categories)
        )
        score += total // weight.per * weight.times
    return score


def places(scores: Iterable[tuple[K, int]], tie: Tie) -> list[Place[K]]:
    """Give places to (key, score), highest first; equal scores keep the order they came in.

    The caller's order decides which of two equals is listed first, so pass them in the order in which they reached
    their score. Under every rule but ORDINAL equals share one place.
    """
    ordered = sorted(scores, key=lambda entry: -entry[1])
    placed: list[Place[K]] = []
    for index, (key, score) in enumerate(ordered, start=1):
        before = placed[-1] if placed else None
        if before is None or tie is Tie.ORDINAL:
            place = index
        elif before.score == score:
            place = before.place
        else:
            place = index if tie is Tie.COMPETITION else before.place + 1
        placed.append(Place(place=place, key=key, score=score))
    return placed


def top(placed: Sequence[Place[K]], size_max: int) -> Top[K]:
    """Cut a board at `size_max` without parting equals; entries at 0 or below are not shown.

    Who shares the last place is shown too, up to twice the size. Where even that is too little, the whole group of the
    last place is left out and counted, so that nobody is dropped while an equal stays.
    """
    shown = [entry for entry in placed if entry.score > 0]
    if len(shown) <= size_max:
        return Top(places=tuple(shown))
    last = shown[size_max - 1].place
    kept = [entry for entry in shown if entry.place <= last]
    if len(kept) <= 2 * size_max:
        return Top(places=tuple(kept))
    group = [entry for entry in kept if entry.place == last]
    return Top(places=tuple(kept[: -len(group)]), tied=len(group), tied_place=last)
