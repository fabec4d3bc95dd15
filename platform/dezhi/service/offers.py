"""What the plugins of a document offer, asked before anything is adopted."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec

from dezhi.core.errors import Problem
from dezhi.core.offers import by_full_code, full_code, offer_items
from dezhi.core.programmes import Document, Programme
from dezhi.core.trying import deeds_of, pasts_of
from dezhi.host import Answer, Directory, Failure, Roster
from dezhi.plugin import Award, Item, Programme as Context
from dezhi.service.programmes import Offered


def offer_of(directory: Directory, document: Document, context: Context, before: Programme | None = None) -> Offered:
    """Ask every plugin of a document as `offered_by` does, and how it would explain awards."""
    roster = Roster(directory, document.plugins)
    offered = offered_by(roster, document, context, before)
    return msgspec.structs.replace(offered, said=_said(roster, offered.items, context.today))


def offered_by(roster: Roster, document: Document, context: Context, before: Programme | None = None) -> Offered:
    """Ask every plugin of a document: each must be here, sound, and accept its settings.

    One that cannot be asked now, but is in `before` with the same version and settings, goes on offering what was
    adopted there: nothing a village decides about others has to wait for it. Raises the Problem of the first of all
    others, and of an item that cannot be offered.
    """
    unable: dict[str, Problem] = dict(roster.absent)
    answers: dict[str, list[tuple[str, Any]]] = {}
    for hook in ("items", "rewards", "boards"):
        for answer in roster.ask_each(hook, programme=context):
            if isinstance(answer, Answer):
                answers.setdefault(hook, []).append((answer.name, answer.value))
            elif isinstance(answer, Failure):
                unable.setdefault(answer.name, answer.problem)
    for name, problem in sorted(unable.items()):
        if before is None or document.plugins[name] != before.document.plugins.get(name):
            raise problem
    asked = {hook: [one for one in each if one[0] not in unable] for hook, each in answers.items()}
    offer = offer_items(asked.get("items", ()), roster.categories)
    if offer.problems:
        raise offer.problems[0]
    found = Offered(
        items=offer.items,
        rewards=by_full_code(asked.get("rewards", ()))[0],
        boards=by_full_code(asked.get("boards", ()))[0],
        categories=roster.categories,
        notices={name: notice for name, notice in roster.notices.items() if notice},
    )
    return _with(found, before, unable) if before and unable else found


def _with(found: Offered, before: Programme, names: Mapping[str, Problem]) -> Offered:
    """What was found, with what these plugins offered in a version before."""
    kept = before.kept
    stood = {one["code"]: msgspec.convert(one["item"], Item) for one in before.items if _plugin(one["code"]) in names}
    return Offered(
        items={**found.items, **stood},
        rewards={**found.rewards, **{code: one for code, one in kept.rewards.items() if _plugin(code) in names}},
        boards=found.boards,
        categories={**found.categories, **{name: one for name, one in kept.categories.items() if name in names}},
        notices={**found.notices, **{name: one for name, one in kept.notices.items() if name in names}},
    )


def _plugin(code: str) -> str:
    return code.partition("/")[0]


def _said(roster: Roster, items: Mapping[str, Item], today: date) -> Mapping[str, tuple[str, ...]]:
    """How each item's awards would be explained: by the least, the most, every option, and what may have been before.

    A plugin that cannot say so is left alone from then on: what is wrong with it is not a matter of words.
    """
    said: dict[str, dict[str, None]] = {}
    silent: set[str] = set()
    for code, item in items.items():
        name = _plugin(code)
        if name in roster.absent:
            continue  # it goes on as it was adopted
        nothing, *pasts = pasts_of(roster.declared(name).facts)
        deeds = deeds_of(code, item, today)
        for deed, facts in [*((deed, nothing) for deed in deeds), *((deeds[-1], past) for past in pasts)]:
            if name in silent:
                break
            answer = roster.try_owner(name, "score", deed=deed, facts={name: facts})
            if isinstance(answer, Failure):
                silent.add(name)
                break
            for award in answer.value:
                if isinstance(award, Award) and all(type(text) is str for text in (award.item, award.reason)):
                    said.setdefault(full_code(name, award.item), {})[award.reason] = None
    return {code: tuple(said[code]) for code in items if code in said}
