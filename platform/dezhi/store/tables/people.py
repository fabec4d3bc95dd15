"""Who lives where, and since when. No identity number and no telephone number."""

from piccolo.columns import BigInt, Boolean, Date, ForeignKey, Timestamptz, Varchar
from piccolo.table import Table

from dezhi.store.tables.places import Region


class Household(Table, tablename="household"):
    """A household as such; number, village and address hang on its residence."""

    id = BigInt(primary_key=True, default=None)
    opened_on = Date(default=None)
    closed_on = Date(null=True, default=None)


class Residence(Table, tablename="residence"):
    """Where a household lived from one day to another, under which number.

    ``valid_to`` is the first day it lived there no more.
    """

    id = BigInt(primary_key=True, default=None)
    household = ForeignKey(Household, null=False)
    village = ForeignKey(Region, null=False)
    grid = ForeignKey(Region, null=True)
    number = Varchar(length=20, default=None)
    address = Varchar(length=120, default="")
    valid_from = Date(default=None)
    valid_to = Date(null=True, default=None)


class Person(Table, tablename="person"):
    """A resident. ``pinyin`` and ``initials`` are computed when the name is written."""

    id = BigInt(primary_key=True, default=None)
    name = Varchar(length=60, default=None)
    pinyin = Varchar(length=240, default="")
    initials = Varchar(length=60, default="")
    birth_date = Date(null=True, default=None)


class Membership(Table, tablename="membership"):
    """A person's time in a household, with a word of GB/T 4761 for the relation to its head.

    A change of relation or of head ends one row and opens another, so that the
    household can be told as it was on any day.
    """

    id = BigInt(primary_key=True, default=None)
    person = ForeignKey(Person, null=False)
    household = ForeignKey(Household, null=False)
    relation = Varchar(length=12, default=None)
    is_head = Boolean(default=False)
    valid_from = Date(default=None)
    valid_to = Date(null=True, default=None)


class BoardChoice(Table, tablename="board_choice"):
    """Whether a household wants to be on public boards. No row means no."""

    household = ForeignKey(Household, null=False, primary_key=True)
    opted_in = Boolean(default=False)
    changed_at = Timestamptz(default=None)
    changed_by = Varchar(length=40, default=None)
