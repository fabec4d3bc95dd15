"""Where people live: the tree of regions."""

from piccolo.columns import BigInt, Date, ForeignKey, Varchar
from piccolo.table import Table


class Region(Table, tablename="region"):
    """A node of the tree province › city › county › township › village › grid › group.

    Down to the village ``code`` is the statistical 12-digit code; grids and groups
    carry a local code which is unique below their parent. Codes change every year
    (L-22), so a row is never renamed: it ends (``valid_to``) and points to what
    took its place (``merged_into``).
    """

    id = BigInt(primary_key=True, default=None)
    code = Varchar(length=32, default=None)
    level = Varchar(length=16, default=None)
    name = Varchar(length=60, default=None)
    parent: ForeignKey["Region"] = ForeignKey("self", null=True)
    valid_from = Date(default=None)
    valid_to = Date(null=True, default=None)
    merged_into: ForeignKey["Region"] = ForeignKey("self", null=True)
