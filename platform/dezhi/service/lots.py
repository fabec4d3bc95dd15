"""Which lot an award's points belong to, and where hours above a limit go, as the programme's settings say."""

from collections.abc import Iterable
from datetime import date

from dezhi.core import events as ledger
from dezhi.core.calendar import day
from dezhi.core.keeping import Keeping
from dezhi.plugin import Asset


def lot_of(kept: Keeping, on: date, now: date, assets: Iterable[Asset]) -> ledger.Lot | None:
    """The lot of what can be spent of a deed; nothing else ever ends."""
    lot = kept.lot(on, now)
    if lot is None or all(ledger.ASSETS[asset] not in ledger.SPENDABLE for asset in assets):
        return None
    until, lapses = lot
    return ledger.Lot(until=day(until), lapses=lapses)


def ceiling_of(kept: Keeping, village: int, assets: Iterable[Asset]) -> ledger.Ceiling | None:
    """Where minutes above what one person may keep go: to the village's pool (LE-12)."""
    if not kept.hours_limit or Asset.HOURS not in set(assets):
        return None
    return ledger.Ceiling(asset=ledger.AssetId.HOURS, limit=kept.hours_limit, pool=village)
