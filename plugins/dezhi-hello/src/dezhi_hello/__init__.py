"""The smallest complete plugin: one way to earn, and what it earns. Copy it and begin."""

from dezhi.plugin import Asset, Award, Category, Declaration, Deed, Item, Line, awards_as_declared, hook

ENGLISH = {"村容村貌": "Village looks", "清扫村道": "Sweeping the street", "参加一次清扫。": "Join one sweep."}
PLUGIN = Declaration(categories=(Category(code="street", title="村容村貌", symbol="村"),), english=ENGLISH)
FIVE = Line(asset=Asset.MORAL, amount_min=5, amount_max=5)
SWEEP = Item(code="sweep", title="清扫村道", category="street", asset=Asset.MORAL, lines=(FIVE,), how="参加一次清扫。")


@hook
def items() -> list[Item]:
    """Offer one item."""
    return [SWEEP]


@hook
def score(deed: Deed) -> list[Award]:
    """Give what the item says."""
    return awards_as_declared(SWEEP, deed) if deed.item == "dezhi-hello/sweep" else []
