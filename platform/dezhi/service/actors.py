"""Who acts: a member of staff as the ledger needs to know them."""

import msgspec

from dezhi.core.errors import Problem
from dezhi.core.staff import StaffMember
from dezhi.core.text import N_


class Actor(msgspec.Struct, frozen=True, kw_only=True):
    """A member of staff at work, by a page or through a token.

    `person` and `household` keep anybody from awarding themselves or their own house. With `calendar` it is the
    calendar that acts, in the name of whoever adopted the rule: it needs no post, and its keys are its own.
    """

    member: StaffMember
    household: int | None
    token: int | None = None
    calendar: bool = False

    @property
    def staff(self) -> int:
        return self.member.id

    @property
    def person(self) -> int | None:
        return self.member.person

    @property
    def source(self) -> str:
        """Under which the requests are kept in the ledger: a token's keys are its own, not its owner's."""
        if self.calendar:
            return "calendar"
        return f"staff:{self.staff}" if self.token is None else f"token:{self.token}"


def check_actor(actor: Actor) -> None:
    """Raise `Problem` (403) for staff who are in no register: nobody could tell whether they award their own house."""
    if actor.person is None and not actor.calendar:
        text = N_("没有记上：您还没有登记在村里的名册上。请乡镇在“人员”里把您和名册上的本人对上，再来记分。")
        raise Problem("staff-unregistered", text, status=403)
