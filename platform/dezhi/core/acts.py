"""What staff do outside the ledger that others must be able to ask about: cards, PINs, accounts, the register."""

from datetime import datetime
from enum import StrEnum

import msgspec


class ActKind(StrEnum):
    """What was done. The subject is a household for cards and the register, staff for accounts, else the village."""

    CARD_REISSUED = "card-reissued"
    PIN_RESET = "pin-reset"
    CARDS_ISSUED = "cards-issued"
    ROSTER_TAKEN = "roster-taken"
    STAFF_ADDED = "staff-added"
    ACCOUNT_RESET = "account-reset"
    STAFF_DISABLED = "staff-disabled"
    STAFF_ENABLED = "staff-enabled"
    POST_GIVEN = "post-given"
    POST_TAKEN = "post-taken"
    TOKEN_MADE = "token-made"  # noqa: S105 - a word
    TOKEN_REVOKED = "token-revoked"  # noqa: S105 - a word
    HOUSEHOLD_CHANGED = "household-changed"
    CARD_REVOKED = "card-revoked"
    CLEARING_ANNOUNCED = "clearing-announced"
    CLEARING_MADE = "clearing-made"
    CLEARING_UNDONE = "clearing-undone"
    PERIOD_CLOSED = "period-closed"

    @property
    def is_of_household(self) -> bool:
        """Whether the subject is a household."""
        return self in {ActKind.CARD_REISSUED, ActKind.PIN_RESET, ActKind.CARD_REVOKED, ActKind.HOUSEHOLD_CHANGED}

    @property
    def is_of_staff(self) -> bool:
        """Whether the subject is a member of staff; what is of neither is of the village itself."""
        return not self.is_of_household and self not in _OF_VILLAGE


_OF_VILLAGE = {
    ActKind.CARDS_ISSUED,
    ActKind.ROSTER_TAKEN,
    ActKind.CLEARING_ANNOUNCED,
    ActKind.CLEARING_MADE,
    ActKind.CLEARING_UNDONE,
    ActKind.PERIOD_CLOSED,
}


class Act(msgspec.Struct, frozen=True, kw_only=True):
    """One act: by whom, where, on whom or what. No name and no secret is in it."""

    id: int
    done_at: datetime
    staff: int
    kind: ActKind
    region: int
    subject: int
