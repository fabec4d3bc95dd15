"""What a village adopted."""

from piccolo.columns import JSON, BigInt, Date, ForeignKey, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table

from dezhi.store.tables.places import Region
from dezhi.store.tables.staff import Staff


class Programme(Table, tablename="programme"):
    """One immutable version of a village's programme.

    ``items`` is the snapshot of what the plugins offered when it was adopted: an old
    entry stays explainable after its plugin is gone.
    """

    id = BigInt(primary_key=True, default=None)
    lineage = BigInt(default=None)
    village = ForeignKey(Region, null=False)
    version = Integer(default=None)
    title = Varchar(length=60, default=None)
    effective_from = Date(default=None)
    document = JSON(default="{}")
    items = JSON(default="[]")
    derived_from = BigInt(null=True, default=None)
    resolution = JSON(null=True, default=None)
    created_by = ForeignKey(Staff, null=True)
    created_at = Timestamptz(default=None)
    kept = Text(default="")
