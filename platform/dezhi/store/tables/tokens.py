"""Tokens of the API. What its writes answered (`api_request`) has a composite key, which Piccolo cannot express."""

from piccolo.columns import BigInt, Date, ForeignKey, Timestamptz, Varchar
from piccolo.table import Table

from dezhi.store.tables.places import Region
from dezhi.store.tables.staff import Staff


class ApiToken(Table, tablename="api_token"):
    """A member of staff's token: a digest of its secret, what it may do, where and until when."""

    id = BigInt(primary_key=True, default=None)
    owner = ForeignKey(Staff, null=False)
    name = Varchar(length=60, default=None)
    digest = Varchar(length=64, default=None)
    scopes = Varchar(length=200, default=None)
    region = ForeignKey(Region, null=True)
    made_at = Timestamptz(default=None)
    expires_at = Timestamptz(default=None)
    revoked_at = Timestamptz(null=True, default=None)
    used_on = Date(null=True, default=None)
