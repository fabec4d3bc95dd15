"""What the plugins of a document offer, asked before anything is adopted."""

from typing import Any

from dezhi.core.offers import by_full_code, offer_items
from dezhi.core.programmes import Document
from dezhi.host import Answer, Directory, Failure, Roster
from dezhi.plugin import Programme
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
    return Offered(items=offer.items, rewards=rewards, boards=boards)
