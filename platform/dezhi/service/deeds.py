"""What is asked to be recorded, what it would earn, and what became of it: the values that use cases pass on."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

import msgspec

from dezhi.core import events as ledger
from dezhi.core.caps import CapUse, cap_warning
from dezhi.core.errors import Problem
from dezhi.core.people import Household
from dezhi.core.scoring import Proposal
from dezhi.core.staff import Role as StaffRole
from dezhi.core.text import N_
from dezhi.plugin import Answer, Assessment, HolderKind, Item, Participant, Role
from dezhi.service.actors import Actor
from dezhi.service.refusals import problem
from dezhi.service.sheets import Sheet
from dezhi.store.ledger import InDeed


class Named(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody a clerk names in a deed: a household, one person of it, or for a group its grid.

    A group that an item asks for by its village needs no naming, nor does the doer's own grid.
    """

    role: Role
    household: int | None = None
    person: int | None = None
    grid: int | None = None


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What a clerk asks to be recorded. `item` is a full code; `minutes` or `points` where the item asks for them.

    `answers` are to the item's questions, by name; `people` whom the item asks for.
    """

    household: int
    item: str
    on: date
    person: int | None = None
    minutes: int | None = None
    points: int | None = None
    note: str = ""
    answers: Mapping[str, Answer] = {}
    people: tuple[Named, ...] = ()

    def canonical(self) -> bytes:
        """The request itself, as its key stands for it: scored differently later, it is still the same request.

        What release 0.1.0 could not be asked is left out where it says nothing, so that its requests are known again.
        """
        told: dict[str, object] = {
            "household": self.household,
            "item": self.item,
            "on": self.on,
            "person": self.person,
            "minutes": self.minutes,
            "points": self.points,
            "note": self.note,
        }
        if self.answers:
            told["answers"] = dict(sorted(self.answers.items()))
        if self.people:
            told["people"] = self.people
        return msgspec.msgpack.encode(told)


class Scored(msgspec.Struct, frozen=True, kw_only=True):
    """What a deed would earn now. `faults` are for staff: what a plugin proposed that could not be used.

    `answers` are as they are kept, texts among them. `homes` are those of people who are credited besides, and `above`
    the regions every credited household lived in on the day of the deed, from its grid or village upwards.
    """

    asked: Asked
    sheet: Sheet
    home: Household
    item: Item
    proposals: tuple[Proposal, ...]
    faults: tuple[Problem, ...]
    seen_at: int | None
    above: tuple[frozenset[int], ...]
    answers: Mapping[str, Answer] = {}
    participants: tuple[Participant, ...] = ()
    homes: Mapping[int, Household] = {}
    assessment: Assessment | None = None

    def home_of(self, proposal: Proposal) -> Household:
        """The household a proposal counts in, on the day of the deed."""
        return self.home if proposal.to is None else self.homes[proposal.to.household]

    def holder_of(self, proposal: Proposal) -> ledger.Holder:
        """Whose account a proposal goes to. Raises Problem `person-missing`."""
        if proposal.holder_kind is HolderKind.HOUSEHOLD:
            return ledger.Holder(ledger.HolderId.HOUSEHOLD, self.home_of(proposal).id)
        person = self.person_of(proposal)
        if person is None:
            raise Problem("person-missing", N_("没有记上：这一条要记到个人，请选出是家里哪一位。"), field="person")
        return ledger.Holder(ledger.HolderId.PERSON, person)

    def person_of(self, proposal: Proposal) -> int | None:
        """Which member of the household it is for, where that is known."""
        return self.asked.person if proposal.to is None else proposal.to.person

    @property
    def people(self) -> tuple[InDeed, ...]:
        """Everybody in a deed that is more than its doer's, as it is kept: the doer first."""
        if not (self.participants or self.homes):
            return ()
        doer = InDeed(Role.DOER.value, self.home.id, self.asked.person, self.home.grid)
        return (doer, *(InDeed(one.role.value, one.household, one.person, one.grid) for one in self.participants))

    def refuse(self, actor: Actor) -> None:
        """Raise `Problem` where the actor may not record this: it is none of their regions', or their own house's.

        That holds for everybody who is credited. The day of the deed decides, so that neither a household's move nor
        the actor's own opens a way around.
        """
        if not actor.calendar and not all(actor.member.may(StaffRole.CLERK, above) for above in self.above):
            text = N_("没有记上：那一天这一户不归您管。请那个村的工作人员来记。")
            raise Problem("region-unknown", text, status=404)
        for home in (self.home, *self.homes.values()):
            if actor.household == home.id or any(one.person == actor.person for one in home.members):
                raise problem(ledger.Outcome(code="self_award"))


class Left(NamedTuple):
    """A limit a deed would count towards, and what was used of it before; `home` is whose award it is.

    `adding` is what all the deed's awards together would count towards it.
    """

    use: CapUse
    used: int
    home: Household
    adding: int

    def refusal(self, item: Item) -> Problem | None:
        """Why the ledger would not book the deed, and what to do; None where it fits."""
        if self.used + self.adding <= self.use.limit:
            return None
        return cap_warning(item, self.use, self.used, self.adding)


class Recorded(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one household's deed: booked under `seqs`, or refused with `problem`."""

    household: int
    scored: Scored | None
    book: int = 0
    seqs: tuple[int, ...] = ()
    replay: bool = False
    problem: Problem | None = None


def needs_person(item: Item) -> bool:
    """Whether something of an item is credited to a person, so that the clerk must say who it was."""
    return any(item.holder_of(line.asset) is HolderKind.PERSON for line in item.lines)
