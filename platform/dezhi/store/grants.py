"""What the running role may do on PostgreSQL: everything its work needs, and no changing of history."""

from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from piccolo.querystring import QueryString

from dezhi.core.errors import Problem
from dezhi.core.text import N_
from dezhi.store.postgres import Engine

ALL = frozenset({"SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"})
WORK = frozenset({"SELECT", "INSERT", "UPDATE", "DELETE"})
ADD = frozenset({"SELECT", "INSERT"})

MAY = {
    "migration": frozenset({"SELECT"}),
    # History: only added to.
    "txn": ADD,
    "posting": ADD,
    "request": ADD,
    "reversal": ADD,
    "confirmation": ADD,
    "cap_use": ADD,
    # Seals of it, and what is derived for their proofs.
    "checkpoint": ADD,
    "checkpoint_book": ADD,
    "tile": ADD,
    # Outside the ledger, but never changed either.
    "act": ADD,
    "programme": ADD,
    # A paper is what it was when it was attached; one that a draft gave up for another goes.
    "resolution_paper": WORK - {"UPDATE"},
    # What the ledger keeps up to date is never taken away.
    "book": WORK - {"DELETE"},
    "account": WORK - {"DELETE"},
    "cap_counter": WORK - {"DELETE"},
    "cohort": WORK - {"DELETE"},
    "hold": WORK - {"DELETE"},
}
"""What the running role may do on a table; `WORK` on those not named."""

_TABLES = (
    "SELECT c.relname AS name, pg_has_role(c.relowner, 'USAGE') AS ours FROM pg_class c WHERE c.relnamespace ="
    " (SELECT relnamespace FROM pg_class WHERE oid = to_regclass('migration')) AND c.relkind IN ('r', 'p')"
    " ORDER BY c.relname"
)


def user_of(url: str) -> str:
    """The user named in an address; empty when it names none."""
    return unquote(urlsplit(url).username or "")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _statements(tables: list[str], role: str) -> Iterator[str]:
    for table in tables:
        may = MAY.get(table, WORK)
        yield f"REVOKE ALL ON TABLE {_quoted(table)} FROM PUBLIC, {role}"
        yield f"GRANT {', '.join(sorted(may))} ON TABLE {_quoted(table)} TO {role}"


MAINTAIN_SINCE = 170_000
"""The version of PostgreSQL (17) from which somebody else than the owner may be let count tables (`Database.grown`)."""


async def give(engine: Engine, database_url: str) -> None:
    """Let the user of `database_url` do what `MAY` says and no more, in one transaction; the owner stays as it is.

    Raises `Problem`: `role_unknown` when there is no such user, `not_owner` when the caller does not own the tables.
    """
    (me,) = await engine.run_ddl("SELECT current_user AS name, current_schema() AS schema")
    user = user_of(database_url)
    if not user or user == me["name"]:
        return
    async with engine.transaction():
        if not await engine.run_querystring(QueryString("SELECT 1 AS one FROM pg_roles WHERE rolname = {}", user)):
            raise Problem(
                "role_unknown", N_("数据库里没有用户 %(user)s（DEZHI_DATABASE_URL），请先建好它。"), 503, user=user
            )
        tables = await engine.run_ddl(_TABLES)
        if not all(table["ours"] for table in tables):
            # PostgreSQL itself would only warn, and grant nothing.
            text = N_(
                "用户 %(user)s 不是数据库表的主人，不能升级，什么都没有改。请把 DEZHI_MIGRATE_URL 设成主人的地址。"
            )
            raise Problem("not_owner", text, status=503, user=me["name"])
        role = _quoted(user)
        await engine.run_ddl(f"GRANT USAGE ON SCHEMA {_quoted(me['schema'])} TO {role}")
        names = [table["name"] for table in tables]
        for statement in _statements(names, role):
            await engine.run_ddl(statement)
        (server,) = await engine.run_ddl("SELECT current_setting('server_version_num')::int AS version")
        if server["version"] >= MAINTAIN_SINCE:
            await engine.run_ddl(f"GRANT MAINTAIN ON TABLE {', '.join(map(_quoted, names))} TO {role}")


async def wrong(engine: Engine) -> list[Problem]:
    """What the running role may do and should not, or should and may not; empty on SQLite and when all is well."""
    if engine.engine_type == "sqlite":
        return []
    held = await engine.run_querystring(
        QueryString(
            "SELECT t.name, p.privilege, has_table_privilege(format('%I', t.name), p.privilege) AS held"
            f" FROM ({_TABLES}) AS t CROSS JOIN unnest({{}}::text[]) AS p (privilege) ORDER BY t.name, p.privilege",
            sorted(ALL),
        )
    )
    found = []
    for row in held:
        table, privilege = row["name"], row["privilege"]
        wanted = privilege in MAY.get(table, WORK)
        if row["held"] and not wanted:
            text = N_(
                "运行德治的数据库用户可以对 %(table)s 表做 %(privilege)s，这不应当：请用另一个用户运行 dezhi migrate。"
            )
            found.append(Problem("grant_extra", text, status=503, table=table, privilege=privilege))
        elif wanted and not row["held"]:
            text = N_("运行德治的数据库用户不能对 %(table)s 表做 %(privilege)s：请再运行一次 dezhi migrate。")
            found.append(Problem("grant_missing", text, status=503, table=table, privilege=privilege))
    return found
