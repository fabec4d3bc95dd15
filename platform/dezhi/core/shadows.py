"""Shadows: a draft beside the programme in force for a while, and where it would have given something else (B-15)."""

from datetime import date, datetime
from enum import IntEnum
from typing import Final, NamedTuple

import msgspec

from dezhi.core.backtest import Given, Outcome, Played
from dezhi.core.programmes import Document
from dezhi.plugin import Asset

DAYS_LEAST: Final = 7
DAYS_MOST: Final = 92
DAYS_USUAL: Final = 30


class ShadowState(IntEnum):
    """Where a shadow stands. It ends by itself after its last day."""

    RUNNING = 1
    ENDED = 2
    STOPPED = 3


class Shadow(msgspec.Struct, frozen=True, kw_only=True):
    """A draft that runs beside. Deeds recorded from `started_at` to the end of `until` count.

    `reached` is the newest entry that was compared, `deeds` how many deeds were. `trouble` is the code of what kept the
    last comparison from being made.
    """

    id: int
    village: int
    state: ShadowState
    title: str
    document: Document
    since: date
    until: date
    started_by: int
    started_at: datetime
    reached: int = 0
    deeds: int = 0
    trouble: str = ""


class Difference(NamedTuple):
    """A deed, by its first entry, for which the draft would have given another amount of an asset. No names."""

    seq: int
    asset: Asset
    on: date
    item: str
    title: str
    outcome: Outcome
    before: int
    after: int


def differences(played: Played) -> list[Difference]:
    """Where the draft would have given something else for a deed, to everybody in it together."""
    record = played.record
    before, after = _sums(record.gave), _sums(played.gives)
    return [
        Difference(
            seq=record.seq,
            asset=asset,
            on=record.on,
            item=record.item,
            title=record.title,
            outcome=played.outcome,
            before=before.get(asset, 0),
            after=after.get(asset, 0),
        )
        for asset in Asset
        if before.get(asset, 0) != after.get(asset, 0)
    ]


def _sums(given: tuple[Given, ...]) -> dict[Asset, int]:
    found: dict[Asset, int] = {}
    for _, asset, amount in given:
        found[asset] = found.get(asset, 0) + amount
    return found
