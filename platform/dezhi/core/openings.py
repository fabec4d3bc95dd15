"""Opening balances: what a household had in the paper book on the day the programme took it over."""

from typing import Final

from dezhi.core.scoring import Proposal
from dezhi.core.text import N_
from dezhi.plugin import AMOUNT_MAX, Ask, Asset, Item, Line

PREFIX: Final = "opening/"
"""Before the asset in an entry's `item`; no plugin can be called so, since its name would be its package's."""

TITLE: Final = N_("期初结存")


def _item(asset: Asset) -> Item:
    """An item as plugins declare them, so that amount and person are checked as those of any deed."""
    return Item(
        code=asset.value,
        title=TITLE,
        category="opening",
        asset=asset,
        lines=(Line(asset=asset, amount_min=1, amount_max=AMOUNT_MAX),),
        how=TITLE,
        ask=Ask.MINUTES if asset is Asset.HOURS else Ask.POINTS,
    )


ITEMS: Final = {PREFIX + asset.value: _item(asset) for asset in Asset if asset is not Asset.COUNT}
"""One for each asset that is a balance, by full code."""


def proposal(code: str, amount: int, version: int) -> Proposal:
    """What an opening balance books. It counts towards no limit."""
    item = ITEMS[code]
    return Proposal(
        plugin="",
        item=code,
        version=version,
        holder_kind=item.holder_of(item.asset),
        lines=((item.asset, amount),),
        reason=TITLE,
        caps=(),
    )
