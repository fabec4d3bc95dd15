"""Reads and writes staff, their roles and the guard against guessing."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from dezhi.core.lockout import wait_after
from dezhi.core.staff import Post, Role, StaffMember
from dezhi.store.accounts import marks
from dezhi.store.database import Database
from dezhi.store.ids import new_id
from dezhi.store.tables import SetupToken, Staff, StaffRole

_COLUMNS = "id, login, name, person, must_change, state, language"


async def add(
    database: Database, member: StaffMember, password_hash: str, posts: Sequence[Post], at: datetime, on: date
) -> None:
    """Write a member of staff with their posts. Raises the driver's integrity error when the log-in name is taken."""
    async with database.engine.transaction():
        await Staff.insert(
            Staff(
                id=member.id,
                login=member.login,
                name=member.name,
                person=member.person,
                password_hash=password_hash,
                must_change=member.must_change,
                state=member.state,
                created_at=at,
            )
        )
        for post in posts:
            await give(database, member.id, post, on)


async def give(database: Database, staff: int, post: Post, on: date) -> None:
    """Give a role below a region from that day on."""
    async with database.engine.transaction():
        await StaffRole.insert(
            StaffRole(id=new_id(), staff=staff, role=post.role.value, region=post.region, valid_from=on)
        )


async def take(database: Database, staff: int, post: Post, on: date) -> None:
    """End a role from that day on."""
    await database.rows(
        "UPDATE staff_role SET valid_to = {} WHERE staff = {} AND role = {} AND region = {} AND valid_to IS NULL",
        on,
        staff,
        post.role.value,
        post.region,
    )


async def by_id(database: Database, key: int, on: date) -> StaffMember | None:
    """Return a member of staff with the posts held on that day."""
    return await _one(database, "id", key, on)


async def by_login(database: Database, login: str, on: date) -> StaffMember | None:
    """Return a member of staff with the posts held on that day."""
    return await _one(database, "login", login, on)


async def _one(database: Database, column: str, value: int | str, on: date) -> StaffMember | None:
    row = await database.row(f"SELECT {_COLUMNS} FROM staff WHERE {column} = {{}}", value)
    return (await _with_posts(database, [row], on))[0] if row else None


async def everybody(database: Database, on: date) -> Sequence[StaffMember]:
    """Return all staff, by name, with the posts held on that day."""
    rows = await database.rows(f"SELECT {_COLUMNS} FROM staff ORDER BY name, login")
    return await _with_posts(database, rows, on)


async def _with_posts(database: Database, rows: Sequence[dict[str, Any]], on: date) -> Sequence[StaffMember]:
    held = await database.rows(
        f"SELECT staff, role, region FROM staff_role WHERE staff IN ({marks(rows)}) AND valid_from <= {{}}"
        " AND (valid_to IS NULL OR valid_to > {}) ORDER BY role, region",
        *(row["id"] for row in rows),
        on,
        on,
    )
    posts: dict[int, list[Post]] = {}
    for row in held:
        posts.setdefault(row["staff"], []).append(Post(Role(row["role"]), row["region"]))
    return [StaffMember(**row, posts=tuple(posts.get(row["id"], ()))) for row in rows]


async def password_hash(database: Database, staff: int) -> str:
    """Return what the password is checked against. Raises LookupError for nobody."""
    row = await database.row("SELECT password_hash FROM staff WHERE id = {}", staff)
    if row is None:
        raise LookupError(staff)
    found: str = row["password_hash"]
    return found


async def set_password(database: Database, staff: int, hashed: str, *, must_change: bool) -> None:
    """Keep another password."""
    await database.rows(
        "UPDATE staff SET password_hash = {}, must_change = {} WHERE id = {}", hashed, must_change, staff
    )


async def set_state(database: Database, staff: int, state: str) -> None:
    """Let a member of staff work, or not."""
    await database.rows("UPDATE staff SET state = {} WHERE id = {}", state, staff)


async def set_language(database: Database, staff: int, language: str) -> None:
    """Keep the language a member of staff chose."""
    await database.rows("UPDATE staff SET language = {} WHERE id = {}", language, staff)


async def set_person(database: Database, staff: int, person: int) -> None:
    """Say which resident a member of staff is."""
    await database.rows("UPDATE staff SET person = {} WHERE id = {}", person, staff)


async def is_empty(database: Database) -> bool:
    """Whether nobody works here yet."""
    return await database.row("SELECT id FROM staff LIMIT 1") is None


# ── guessing ──


async def count_try(database: Database, subject: str, at: datetime) -> datetime | None:
    """Count a try as wrong before it is made; return until when the subject is refused, or None to let it try.

    Counting first, in one transaction with the lock it may bring, makes fifty tries at once fifty tries, not one.
    """
    async with database.engine.transaction():
        row = await database.row("SELECT failures, locked_until FROM login_guard WHERE subject = {}", subject)
        failures, locked_until = (row["failures"], row["locked_until"]) if row else (0, None)
        refused: datetime | None = locked_until if locked_until is not None and locked_until > at else None
        if refused is None:
            wait = wait_after(failures + 1)
            await database.rows(
                "INSERT INTO login_guard (subject, failures, failed_at, locked_until) VALUES ({}, {}, {}, {})"
                " ON CONFLICT (subject) DO UPDATE SET failures = excluded.failures, failed_at = excluded.failed_at,"
                " locked_until = excluded.locked_until",
                subject,
                failures + 1,
                at,
                None if wait is None else at + wait,
            )
    return refused


async def forget_tries(database: Database, subject: str) -> None:
    """Start counting anew after a right try or a reset."""
    await database.rows("DELETE FROM login_guard WHERE subject = {}", subject)


async def forget_old_tries(database: Database, before: datetime) -> None:
    """Drop what failed long ago, so that invented names do not fill the table."""
    await database.rows("DELETE FROM login_guard WHERE failed_at < {}", before)


# ── taking over an empty installation ──


async def keep_setup_token(database: Database, digest: str, at: datetime) -> None:
    """Keep the one set-up token; an unused older one dies."""
    async with database.engine.transaction():
        await database.rows("DELETE FROM setup_token WHERE used_at IS NULL")
        await SetupToken.insert(SetupToken(digest=digest, created_at=at))


async def setup_token_is_open(database: Database, digest: str) -> bool:
    """Whether this is the token, not yet used."""
    row = await database.row("SELECT digest FROM setup_token WHERE digest = {} AND used_at IS NULL", digest)
    return row is not None


async def use_setup_token(database: Database, digest: str, at: datetime) -> bool:
    """Use the token up; False when it was used already."""
    rows = await database.rows(
        "UPDATE setup_token SET used_at = {} WHERE digest = {} AND used_at IS NULL RETURNING digest", at, digest
    )
    return bool(rows)
