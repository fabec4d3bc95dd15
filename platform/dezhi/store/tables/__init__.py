"""Every table outside the ledger, in an order in which they can be created."""

from piccolo.table import Table

from dezhi.store.tables.acts import Act
from dezhi.store.tables.cards import Card
from dezhi.store.tables.people import BoardChoice, Household, Membership, Person, Residence
from dezhi.store.tables.places import Region
from dezhi.store.tables.programmes import Programme
from dezhi.store.tables.sessions import Session
from dezhi.store.tables.staff import LoginGuard, SetupToken, Staff, StaffRole
from dezhi.store.tables.tokens import ApiToken

TABLES: tuple[type[Table], ...] = (
    Region,
    Household,
    Residence,
    Person,
    Membership,
    BoardChoice,
    Card,
    Staff,
    StaffRole,
    LoginGuard,
    SetupToken,
    Session,
    Programme,
    Act,
    ApiToken,
)

__all__ = [
    "TABLES",
    "Act",
    "ApiToken",
    "BoardChoice",
    "Card",
    "Household",
    "LoginGuard",
    "Membership",
    "Person",
    "Programme",
    "Region",
    "Residence",
    "Session",
    "SetupToken",
    "Staff",
    "StaffRole",
]
