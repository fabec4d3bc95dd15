"""Who works with the platform, in which role, below which region; and how they log in."""

from piccolo.columns import BigInt, Boolean, Date, ForeignKey, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table

from dezhi.store.tables.people import Person
from dezhi.store.tables.places import Region


class Staff(Table, tablename="staff"):
    """A person who logs in. Village staff point to their row in the register."""

    id = BigInt(primary_key=True, default=None)
    login = Varchar(length=40, default=None)
    name = Varchar(length=60, default=None)
    person = ForeignKey(Person, null=True)
    password_hash = Text(default=None)
    must_change = Boolean(default=True)
    state = Varchar(length=12, default="active")
    language = Varchar(length=12, default="")
    created_at = Timestamptz(default=None)


class StaffRole(Table, tablename="staff_role"):
    """A role held below a region from one day to another."""

    id = BigInt(primary_key=True, default=None)
    staff = ForeignKey(Staff, null=False)
    role = Varchar(length=16, default=None)
    region = ForeignKey(Region, null=False)
    valid_from = Date(default=None)
    valid_to = Date(null=True, default=None)


class LoginGuard(Table, tablename="login_guard"):
    """Failed tries of one subject (``staff:…``, ``card:…``), which outlive a restart."""

    subject = Varchar(length=80, primary_key=True, default=None)
    failures = Integer(default=0)
    failed_at = Timestamptz(default=None)
    locked_until = Timestamptz(null=True, default=None)


class SetupToken(Table, tablename="setup_token"):
    """The one-time address with which an empty installation is taken over. Hash only."""

    digest = Varchar(length=64, primary_key=True, default=None)
    created_at = Timestamptz(default=None)
    used_at = Timestamptz(null=True, default=None)
