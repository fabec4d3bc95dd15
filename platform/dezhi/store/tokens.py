"""Keeps and reads tokens, and what their writes outside the ledger answered."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from dezhi.core.staff import Post, Role, StaffMember
from dezhi.core.tokens import Scope, Token
from dezhi.store.accounts import marks, padded
from dezhi.store.database import Database

_COLUMNS = ("id", "owner", "name", "scopes", "region", "made_at", "expires_at", "revoked_at", "used_on")
_LIST = ", ".join(f"t.{column}" for column in _COLUMNS)


class Held(NamedTuple):
    """A token as it must be known at each call: its digest, its owner with today's posts, and where the owner lives."""

    token: Token
    digest: str
    owner: StaffMember
    household: int | None


class Answered(NamedTuple):
    """What a write was, and what it answered."""

    digest: str
    answer: bytes


def _token(row: dict[str, Any]) -> Token:
    kept = {column: row[column] for column in _COLUMNS}
    return Token(**{**kept, "scopes": tuple(Scope(word) for word in row["scopes"].split())})


async def add(database: Database, token: Token, digest: str) -> None:
    """Keep a new token."""
    await database.rows(
        "INSERT INTO api_token (id, owner, name, digest, scopes, region, made_at, expires_at)"
        " VALUES ({}, {}, {}, {}, {}, {}, {}, {})",
        token.id,
        token.owner,
        token.name,
        digest,
        " ".join(token.scopes),
        token.region,
        token.made_at,
        token.expires_at,
    )


async def held(database: Database, key: int, on: date) -> Held | None:
    """A token with its owner as of a day: one statement, a look-up by primary key on each table it joins."""
    return await database.one(_held, (key, on))


async def _held(database: Database, keys: Collection[tuple[int, date]]) -> dict[tuple[int, date], Held]:
    found: dict[tuple[int, date], Held] = {}
    for on in {on for _, on in keys}:
        rows = await _of_day(database, padded([key for key, day in keys if day == on]), on)
        for key, some in groupby(rows, key=itemgetter("id")):
            found[key, on] = _held_token(list(some))
    return found


async def _of_day(database: Database, keys: Sequence[int], on: date) -> Sequence[dict[str, Any]]:
    return await database.rows(
        f"SELECT {_LIST}, t.digest, s.login, s.name AS owner_name, s.person, s.must_change, s.state,"
        " p.role, p.region AS post, m.household FROM api_token t JOIN staff s ON s.id = t.owner"
        " LEFT JOIN staff_role p ON p.staff = s.id AND p.valid_from <= {} AND (p.valid_to IS NULL OR p.valid_to > {})"
        " LEFT JOIN membership m ON m.person = s.person AND m.valid_from <= {}"
        f" AND (m.valid_to IS NULL OR m.valid_to > {{}}) WHERE t.id IN ({marks(keys)}) ORDER BY t.id, p.role, p.region",
        on,
        on,
        on,
        on,
        *keys,
    )


def _held_token(rows: Sequence[dict[str, Any]]) -> Held:
    first = rows[0]
    owner = StaffMember(
        id=first["owner"],
        login=first["login"],
        name=first["owner_name"],
        person=first["person"],
        must_change=first["must_change"],
        state=first["state"],
        posts=tuple(dict.fromkeys(Post(Role(row["role"]), row["post"]) for row in rows if row["role"] is not None)),
    )
    return Held(_token(first), first["digest"], owner, first["household"])


async def by_id(database: Database, key: int) -> Token | None:
    """One token, dead or alive."""
    row = await database.row(f"SELECT {_LIST} FROM api_token t WHERE t.id = {{}}", key)
    return _token(row) if row else None


async def of_owners(database: Database, owners: Sequence[int]) -> Sequence[Token]:
    """The tokens of some staff, dead ones among them, newest first."""
    rows = await database.rows(
        f"SELECT {_LIST} FROM api_token t WHERE t.owner IN ({marks(owners)}) ORDER BY t.made_at DESC, t.id",
        *owners,
    )
    return [_token(row) for row in rows]


async def revoke(database: Database, key: int, at: datetime) -> bool:
    """End a token; False when it had been ended before."""
    rows = await database.rows(
        "UPDATE api_token SET revoked_at = {} WHERE id = {} AND revoked_at IS NULL RETURNING id", at, key
    )
    return bool(rows)


async def note_use(database: Database, key: int, on: date) -> None:
    """Keep the day on which a token was used last."""
    await database.rows("UPDATE api_token SET used_on = {} WHERE id = {}", on, key)


# ── answers ──


async def answered(database: Database, token: int, key: str) -> Answered | None:
    """What a key was used for."""
    row = await database.row("SELECT digest, answer FROM api_request WHERE token = {} AND key = {}", token, key)
    return Answered(row["digest"], bytes(row["answer"])) if row else None


async def keep_answer(database: Database, token: int, key: str, answered: Answered, at: datetime) -> None:
    """Keep what a write answered. Raises the driver's integrity error for a key that was used."""
    await database.rows(
        "INSERT INTO api_request (token, key, digest, answer, made_at) VALUES ({}, {}, {}, {}, {})",
        token,
        key,
        answered.digest,
        answered.answer,
        at,
    )


async def settle_answer(database: Database, token: int, key: str, answer: bytes) -> None:
    """Put the answer to a key that was claimed before."""
    await database.rows("UPDATE api_request SET answer = {} WHERE token = {} AND key = {}", answer, token, key)


async def forget_answers(database: Database, token: int, before: datetime) -> None:
    """Drop the answers of a token that are older."""
    await database.rows("DELETE FROM api_request WHERE token = {} AND made_at < {}", token, before)
