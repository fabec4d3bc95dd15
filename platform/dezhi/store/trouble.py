"""Trouble of a database in plain words: the one place where the errors of both drivers are told apart."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg

from dezhi.core.errors import Problem
from dezhi.core.text import N_

FULL = N_("没有存上：电脑的硬盘写不进去（可能满了）。账没有动，请告诉管理员后再按一次保存。")
GONE = N_("数据库现在连不上，刚才的操作没有做，账没有动。请过一会儿再试；一直这样请告诉管理员。")
LOST = N_("数据库的连接断了，不知道刚才的操作做成没有。请过一会儿再做一次，账不会记两遍；一直这样请告诉管理员。")
BUSY = N_("数据库现在太忙，刚才的操作没有做，账没有动。请等几秒再试；一直这样请告诉管理员。")
READ_ONLY = N_("数据库现在只能看不能存，刚才的操作没有做，账没有动。请告诉管理员。")
REFUSED = N_("数据库不让德治用（%(reason)s），刚才的操作没有做，账没有动。请管理员检查数据库的地址、用户、密码和权限。")
BROKEN = N_("数据库文件坏了，或者不是德治的数据，没有存上。请管理员先停下德治，用备份恢复，不要删除原来的文件。")
TAKEN = N_("刚才有人先存了同样的内容，这一次没有存上。请刷新页面看一看，再决定要不要改。")


class Passing(Problem):
    """Trouble of the database (`storage`, 503) in which nothing was kept; tried again in a moment it may well pass."""


class Unknown(Problem):
    """The connection was lost at a moment at which nobody knows what was kept (`storage`, 503)."""


_SQLITE_FULL = frozenset(
    {
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_NOMEM,
    }
)
_SQLITE_BUSY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_SQLITE_BROKEN = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_SQLITE_TAKEN = frozenset({sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY})

_CLASSES = {"08": LOST, "28": REFUSED, "3D": REFUSED, "40": BUSY, "53": BUSY, "55": BUSY, "57": GONE, "58": FULL}
"""What PostgreSQL's classes of SQLSTATE mean to the person in front of the page."""

_STATES = {
    "23505": TAKEN,
    "25006": READ_ONLY,
    "25P03": LOST,  # idle in a transaction for too long
    "42501": REFUSED,
    "53100": FULL,
    "57014": BUSY,  # statement_timeout
    # The server stops. It may say so after a COMMIT which it has carried out.
    "57P01": LOST,
    "57P02": LOST,
}
"""SQLSTATEs that differ from their class."""

_KINDS = {BUSY: Passing, GONE: Passing, LOST: Unknown}

DRIVER_ERRORS = (
    sqlite3.Error,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    OSError,
)


def _meaning(failure: Exception) -> str | None:
    """The text for a failure; None for a fault of ours."""
    if isinstance(failure, sqlite3.Error):
        # The low byte is the kind, the rest its detail. Errors of the Python module itself carry no code.
        code = getattr(failure, "sqlite_errorcode", 0)
        if code in _SQLITE_TAKEN:
            return TAKEN
        kinds = {BROKEN: _SQLITE_BROKEN, FULL: _SQLITE_FULL, BUSY: _SQLITE_BUSY}
        return next((text for text, codes in kinds.items() if code & 0xFF in codes), None)
    if isinstance(failure, asyncpg.PostgresError):
        state = failure.sqlstate or ""
        return _STATES.get(state) or _CLASSES.get(state[:2])
    if isinstance(failure, asyncpg.InterfaceError):
        # A connection that broke while nobody used it. Else we used the driver wrongly.
        return LOST if "connection" in str(failure) and "closed" in str(failure) else None
    if isinstance(failure, asyncpg.InternalClientError):
        # A connection on which the server said goodbye while nobody listened, and which is not closed yet.
        return LOST if "cannot switch to state" in str(failure) else None
    # The server does not answer, or not in time (TimeoutError is an OSError).
    return LOST if isinstance(failure, OSError) else None


def problem_of(failure: Exception, *, undone: bool = False) -> Problem | None:
    """What a driver's error means in words, or None when it is a fault of ours.

    `storage` (503) for trouble of the database itself (`Passing`, `Unknown`, or one that lasts), `taken` (409) when
    somebody else wrote the same key first. With `undone` it is known that nothing was kept, however the connection
    ended. No text carries an address or a password.
    """
    text = _meaning(failure)
    if text is None:
        return None
    if text is TAKEN:
        return Problem("taken", TAKEN, status=409)
    if text is LOST and undone:
        text = GONE
    if text is REFUSED:
        return Problem("storage", text, status=503, reason=str(failure))
    return _KINDS.get(text, Problem)("storage", text, status=503)


@contextmanager
def explained(*, undone: bool = False, only_storage: bool = False) -> Iterator[None]:
    """Raise the `Problem` of `problem_of` in place of a driver's error; faults of ours stay what they are.

    With `only_storage` a key that is taken is a fault of ours too: the ledger has read before it writes.
    """
    try:
        yield
    except DRIVER_ERRORS as failure:
        problem = problem_of(failure, undone=undone)
        if problem is None or (only_storage and problem.code != "storage"):
            raise
        raise problem from failure


@contextmanager
def told_busy() -> Iterator[None]:
    """Raise `Problem` (`storage`) in the words for a busy database when a wait of our own was too long."""
    try:
        yield
    except TimeoutError as late:
        raise Passing("storage", BUSY, status=503) from late
