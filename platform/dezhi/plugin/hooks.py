"""The hooks: every question Dezhi asks a plugin, and nothing else.

A plugin answers by defining functions of these names, marked with `@hook`. A function may take any subset of the
arguments, by these names. All are synchronous and pure: the same arguments give the same answer, and nothing is read
or changed besides. A hook is asked of *each* enabled plugin, or of the *owner* of the thing asked about; there is no
first answer that wins and no wrapping, so the order of installation never decides. `docs/reference/hooks.md` tells
more, with the promise of stability.
"""

from collections.abc import Sequence
from typing import Final

import pluggy

from dezhi.plugin.declaration import Facts, Item, Settings
from dezhi.plugin.model import Award, Board, Deed, Holder, Intent, Programme, Quote, Refusal, Reward
from dezhi.plugin.vocabulary import Permission

PROJECT: Final = "dezhi"
spec = pluggy.HookspecMarker(PROJECT)
hook = pluggy.HookimplMarker(PROJECT)

PERMISSION_OF: Final = {
    "items": Permission.AWARD,
    "score": Permission.AWARD,
    "check": Permission.REFUSE,
    "rewards": Permission.REWARD,
    "quote": Permission.REWARD,
    "boards": Permission.BOARD,
}


@spec
def items(programme: Programme, settings: Settings) -> Sequence[Item] | None:
    """Which items, with which limits, does this version of the programme offer?

    *Asked*: of each enabled plugin, once for a version; the answer is kept with the version.
    *Returns*: the items; None or nothing for a plugin that only checks or shows.
    *If it raises*: the version offers none of this plugin's items, and staff are told why.
    *Example*: `return [SWEEP]`
    *Since*: API 1
    """


@spec
def score(programme: Programme, settings: Settings, deed: Deed, facts: Facts) -> Sequence[Award] | None:
    """Which awards does this deed earn, and why?

    *Asked*: of each enabled plugin, before a deed is booked; `deed.item` may be another plugin's.
    *Returns*: awards under the plugin's own items and inside their lines; None or nothing for no award.
    *If it raises*: this plugin proposes nothing, the others' awards stand, and the clerk is told which one failed.
    *Example*: `return awards_as_declared(SWEEP, deed) if deed.item == "dezhi-hello/sweep" else None`
    *Since*: API 1
    """


@spec
def check(programme: Programme, settings: Settings, intent: Intent, facts: Facts) -> Refusal | None:
    """Is there a reason against this award or redemption?

    *Asked*: of each enabled plugin, after the core's own checks and before booking; all refusals are shown.
    *Returns*: a Refusal, or None to let it pass.
    *If it raises*: it counts as a refusal, because a broken check must not let things through.
    *Example*: `return Refusal(reason="这个月已经换过一次，下月1日再来。") if facts.had_this_month else None`
    *Since*: API 1
    """


@spec
def rewards(programme: Programme, settings: Settings) -> Sequence[Reward] | None:
    """What can be had for points, and at what price?

    *Asked*: of each enabled plugin, once for a version; the answer is kept with the version.
    *Returns*: the rewards; None or nothing for a plugin that offers none.
    *If it raises*: this plugin's rewards are left out of the catalogue, and staff are told why.
    *Example*: `return [Reward(code="soap", title="香皂", price=10, kind=RewardKind.GOOD)]`
    *Since*: API 1
    """


@spec
def quote(
    programme: Programme, settings: Settings, reward: Reward, holder: Holder, facts: Facts
) -> Quote | Refusal | None:
    """What does this reward cost this holder now?

    *Asked*: of the owner of the reward only, when somebody wants to redeem it.
    *Returns*: a Quote; a Refusal if this holder cannot have it now; None for the listed price.
    *If it raises*: the reward cannot be had until it is mended; no points move.
    *Example*: `return Quote(reward=reward.code, price=reward.price // 2, reason="重阳节半价，5分。")`
    *Since*: API 1
    """


@spec
def boards(programme: Programme, settings: Settings) -> Sequence[Board] | None:
    """Which boards exist: unit, assets and weights, window, tie rule?

    *Asked*: of each enabled plugin, once for a version; the core computes every place and bar from the ledger.
    *Returns*: the boards; None or nothing for a plugin that has none.
    *If it raises*: this plugin's boards are left out, and staff are told why.
    *Example*: `return [Board(code="bench", title="村口长椅", kind=BoardKind.GOAL, target=3000, ...)]`
    *Since*: API 1
    """
