"""What staff did outside the ledger."""

from piccolo.columns import BigInt, ForeignKey, Timestamptz, Varchar
from piccolo.table import Table

from dezhi.store.tables.places import Region
from dezhi.store.tables.staff import Staff


class Act(Table, tablename="act"):
    """Who did what to whom, and where. Rows are added and read, never changed."""

    id = BigInt(primary_key=True, default=None)
    done_at = Timestamptz(default=None)
    staff = ForeignKey(Staff, null=False)
    kind = Varchar(length=24, default=None)
    region = ForeignKey(Region, null=False)
    subject = BigInt(default=None)
