"""Who acts: a member of staff as the ledger needs to know them."""

import msgspec

from dezhi.core.staff import StaffMember


class Actor(msgspec.Struct, frozen=True, kw_only=True):
    """A member of staff at work. `person` and `household` keep anybody from awarding themselves or their own house."""

    member: StaffMember
    household: int | None

    @property
    def staff(self) -> int:
        return self.member.id

    @property
    def person(self) -> int | None:
        return self.member.person
