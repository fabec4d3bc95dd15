"""Log-in sessions."""

from piccolo.columns import Bytea, Timestamptz, Varchar
from piccolo.table import Table


class Session(Table, tablename="session"):
    """One browser's session, under the SHA-256 of its key: a stolen table opens nothing."""

    key = Varchar(length=64, primary_key=True, default=None)
    data = Bytea(default=b"")
    expires_at = Timestamptz(null=True, default=None)
