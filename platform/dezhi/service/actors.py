"""Who acts: a member of staff as the ledger needs to know them."""

import msgspec

from dezhi.core.staff import StaffMember


class Actor(msgspec.Struct, frozen=True, kw_only=True):
    """A member of staff at work, by a page or through a token.

    `person` and `household` keep anybody from awarding themselves or their own house.
    """

    member: StaffMember
    household: int | None
    token: int | None = None

    @property
    def staff(self) -> int:
        return self.member.id

    @property
    def person(self) -> int | None:
        return self.member.person

    @property
    def source(self) -> str:
        """Under which the requests are kept in the ledger: a token's keys are its own, not its owner's."""
        return f"staff:{self.staff}" if self.token is None else f"token:{self.token}"
