"""The passbook cards."""

from piccolo.columns import BigInt, Text, Timestamptz, Varchar
from piccolo.table import Table


class Card(Table, tablename="card"):
    """A replaceable card of a household or person.

    Number and token only tell whose card it is; what opens an account is the PIN
    or a clerk. The account belongs to the holder, so it outlives every card.
    """

    id = BigInt(primary_key=True, default=None)
    number = Varchar(length=16, default=None)
    token = Varchar(length=32, default=None)
    holder_kind = Varchar(length=12, default=None)
    holder = BigInt(default=None)
    pin_hash = Text(default=None)
    state = Varchar(length=12, default="active")
    issued_at = Timestamptz(default=None)
    revoked_at = Timestamptz(null=True, default=None)
    reason = Varchar(length=200, default="")
