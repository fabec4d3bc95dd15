"""What the plugins of a document offer, asked before anything is adopted."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from dezhi.core.offers import by_full_code, full_code, offer_items
from dezhi.core.programmes import Document
from dezhi.core.trying import deeds_of, pasts_of
from dezhi.host import Answer, Directory, Failure, Roster
from dezhi.plugin import Award, Item, Programme
from dezhi.service.programmes import Offered


def offer_of(directory: Directory, document: Document, programme: Programme) -> Offered:
    """Ask every plugin of a document: each must be here, sound, and accept its settings.

    Raises the Problem of the first that is not, and of an item that cannot be offered.
    """
    roster = Roster(directory, document.plugins)
    for problem in roster.absent.values():
        raise problem

    def asked(hook: str) -> list[tuple[str, Any]]:
        answers = roster.ask_each(hook, programme=programme)
        for answer in answers:
            if isinstance(answer, Failure):
                raise answer.problem
        return [(answer.name, answer.value) for answer in answers if isinstance(answer, Answer)]

    offer = offer_items(asked("items"), roster.categories)
    if offer.problems:
        raise offer.problems[0]
    rewards, boards = by_full_code(asked("rewards"))[0], by_full_code(asked("boards"))[0]
    return Offered(items=offer.items, rewards=rewards, boards=boards, said=_said(roster, offer.items, programme.today))


def _said(roster: Roster, items: Mapping[str, Item], today: date) -> Mapping[str, tuple[str, ...]]:
    """How each item's awards would be explained: by the least, the most, every option, and what may have been before.

    A plugin that cannot say so is left alone from then on: what is wrong with it is not a matter of words.
    """
    said: dict[str, dict[str, None]] = {}
    silent: set[str] = set()
    for code, item in items.items():
        name = code.partition("/")[0]
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
