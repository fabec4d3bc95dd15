"""The facts plugins declared, looked up for one deed: those of its household or person in one statement."""

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from dezhi.core.events import AssetId, HoldState, Kind
from dezhi.plugin import Role, Subject
from dezhi.store.accounts import marks
from dezhi.store.database import Database
from dezhi.store.pasts import STANDS
from dezhi.store.scores import catch_up


class Wanted(NamedTuple):
    """One fact of unreversed awards with days in `since`…`until`, both in, of the subject's own entries.

    `measure` is count, sum, max or last; days answers every day that has one. `items` are full codes, none means all of
    the plugin. With `reward`, a full code, it is count or sum of what was ordered from moment `since` to `until`; with
    `role`, how many different participants had it in the household's own deeds.
    """

    plugin: str
    name: str
    measure: str
    items: tuple[str, ...]
    asset: AssetId | None
    of: Subject
    since: int
    until: int
    reward: str | None = None
    role: Role | None = None


class Whose(NamedTuple):
    """Whose facts are looked up: a household as it was on the deed's day, and who did it, if that is said."""

    programme: int
    household: int
    person: int | None
    village: int
    grid: int | None


COLUMNS_MAX: Final = 400
VALUES_MAX: Final = 15_000
"""Of one query. PostgreSQL takes 1,664 columns and 65,535 values, SQLite 2,000 and 32,766."""

Found = int | tuple[int, ...]
"""A number, or days (20261122)."""

_MEASURES = {
    "count": "count(DISTINCT p.seq)",
    "sum": "CAST(coalesce(sum(p.amount), 0) AS BIGINT)",
    "max": "coalesce(max(p.amount), 0)",
    "last": "coalesce(max(p.event_day), 0)",
}
_OF_GROUP = {
    "count": "CAST(coalesce(sum(p.entries), 0) AS BIGINT)",
    "sum": "CAST(coalesce(sum(p.earned), 0) AS BIGINT)",
    "last": "coalesce(max(CASE WHEN p.entries > 0 THEN p.day END), 0)",
}
_GROUPS = frozenset({Subject.GRID, Subject.VILLAGE})


async def look_up(
    database: Database, book: int, whose: Whose, wanted: Sequence[Wanted]
) -> tuple[dict[tuple[str, str, str], Found], int]:
    """Every wanted fact by (plugin, name, measure), and the last event seen. `last` is a day (20261122) or 0.

    What is of a household or person is of one moment. What is of a grid or village is from the scores by day.
    """
    own = [fact for fact in wanted if fact.of not in _GROUPS]
    groups = [fact for fact in wanted if fact.of in _GROUPS]
    found: dict[tuple[str, str, str], Found] = {}
    moments = []
    for some in _bites(own) if own or not groups else ():
        part, seen = await _of_holder(database, book, whose, some)
        found |= part
        moments.append(seen)
    if groups:
        await catch_up(database, book)
        for some in _bites(groups):
            part, seen = await _of_groups(database, book, whose, some)
            found |= part
            if not own:
                moments.append(seen)
    # If something is booked between two queries, the ledger finds it out by the earlier one.
    return found, min(moments)


def _bites(wanted: Sequence[Wanted]) -> Iterator[Sequence[Wanted]]:
    """What one query can hold: a database has a limit on columns and on values, and many plugins reach it together."""
    begin = values = 0
    for at, fact in enumerate(wanted):
        values += len(fact.items)
        if at > begin and (at - begin >= COLUMNS_MAX or values > VALUES_MAX):
            yield wanted[begin:at]
            begin, values = at, len(fact.items)
    yield wanted[begin:]


def _days(column: str, database: Database) -> str:
    if database.engine.engine_type == "postgres":
        return f"string_agg(DISTINCT CAST({column} AS TEXT), ',')"
    return f"group_concat(DISTINCT {column})"


def _read(fact: Wanted, value: Any) -> Found:
    if fact.measure != "days":
        return int(value)
    return tuple(int(one) for one in str(value).split(",")) if value else ()


def _matching(fact: Wanted, args: list[int | str]) -> list[str]:
    """What entries a fact is about, by item and asset; its arguments are added."""
    where = []
    if fact.items:
        where.append(f"p.item IN ({marks(fact.items)})")
        args += fact.items
    else:
        where.append("p.item LIKE {}")
        args.append(f"{fact.plugin}/%")
    if fact.asset is not None:
        where.append("p.asset = {}")
        args.append(int(fact.asset))
    return where


async def _of_holder(
    database: Database, book: int, whose: Whose, wanted: Sequence[Wanted]
) -> tuple[dict[tuple[str, str, str], Found], int]:
    columns: list[str] = []
    args: list[int | str] = []
    for number, fact in enumerate(wanted):
        args += [fact.since, fact.until]
        if fact.reward is not None:
            columns.append(_ordered(fact, book, whose, args, number))
            continue
        if fact.role is not None:
            columns.append(_different(fact, fact.role, book, whose, args, number))
            continue
        where = ["p.event_day BETWEEN {} AND {}", *_matching(fact, args)]
        if fact.of is Subject.PERSON:
            where.append("p.person = {}")
            args.append(whose.person or 0)
        measure = _days("p.event_day", database) if fact.measure == "days" else _MEASURES[fact.measure]
        columns.append(f"(SELECT {measure} FROM mine p WHERE {' AND '.join(where)}) AS f{number}")
    rows = await database.rows(
        "WITH mine AS (SELECT seq, item, asset, amount, event_day, person FROM posting WHERE book_id = {}"
        " AND programme = {} AND household = {}"
        f" AND kind = {Kind.AWARD:d} AND NOT EXISTS (SELECT 1 FROM reversal r WHERE r.book_id = posting.book_id"
        " AND r.target_seq = posting.seq))"
        f" SELECT {''.join(f'{column}, ' for column in columns)}"
        "(SELECT next_seq - 1 FROM book WHERE book_id = {}) AS seen",
        book,
        whose.programme,
        whose.household,
        *args,
        book,
    )
    row = rows[0]
    found = {(one.plugin, one.name, one.measure): _read(one, row[f"f{number}"]) for number, one in enumerate(wanted)}
    return found, row["seen"]


def _ordered(fact: Wanted, book: int, whose: Whose, args: list[int | str], number: int) -> str:
    """Orders of a reward that are open or were handed over; what was brought back does not count."""
    args += [book, whose.household, fact.reward or ""]
    paid = f"CASE h.state WHEN {HoldState.CAPTURED:d} THEN h.captured ELSE h.amount END"
    measure = "count(*)" if fact.measure == "count" else f"CAST(coalesce(sum({paid}), 0) AS BIGINT)"
    return (
        f"(SELECT {measure} FROM redemption o JOIN hold h ON h.book_id = o.book_id AND h.order_ref = o.order_ref"
        " WHERE o.placed_at BETWEEN {} AND {} AND o.book_id = {} AND o.household = {} AND o.reward = {}"
        f" AND h.state IN ({HoldState.OPEN:d}, {HoldState.CAPTURED:d}) AND NOT EXISTS (SELECT 1 FROM reversal r"
        f" WHERE r.book_id = h.book_id AND r.target_seq = h.resolved_seq)) AS f{number}"
    )


def _different(fact: Wanted, role: Role, book: int, whose: Whose, args: list[int | str], number: int) -> str:
    """Participants of the household's own deeds that stand. The doer is kept among them wherever there are any."""
    args += [book, whose.household, Role.DOER.value, role.value]
    item = f"d.item IN ({marks(fact.items)})" if fact.items else "d.item LIKE {}"
    args += [*(fact.items or (f"{fact.plugin}/%",)), whose.programme]
    return (
        "(SELECT count(DISTINCT m.household || '/' || coalesce(m.person, 0)) FROM deed_participant me"
        " JOIN deed d ON d.book_id = me.book_id AND d.source = me.source AND d.key = me.key"
        " AND d.household = me.household"
        " JOIN deed_participant m ON m.book_id = d.book_id AND m.source = d.source AND m.key = d.key"
        " JOIN request q ON q.book_id = d.book_id AND q.source = d.source AND q.key = d.key"
        " WHERE me.event_day BETWEEN {} AND {} AND me.book_id = {} AND me.household = {} AND me.role = {}"
        f" AND m.role = {{}} AND {item} AND EXISTS ({STANDS})) AS f{number}"
    )


async def _of_groups(
    database: Database, book: int, whose: Whose, wanted: Sequence[Wanted]
) -> tuple[dict[tuple[str, str, str], Found], int]:
    """Sums over all households of a grid or village, each where it lived on the day of its deed."""
    columns: list[str] = []
    args: list[int | str] = []
    for number, fact in enumerate(wanted):
        args += [fact.since, fact.until]
        where = ["p.day BETWEEN {} AND {}", *_matching(fact, args)]
        if fact.of is Subject.GRID:
            where.append(f"EXISTS ({_LIVED[database.engine.engine_type]})")
            args.append(whose.grid or 0)
        if fact.measure == "days":
            measure = _days("p.day", database)
            where.append("p.entries > 0")
        else:
            measure = _OF_GROUP[fact.measure]
        source = "theirs"
        if fact.measure == "count" and fact.asset is None:
            # Lines of one entry are rows of several assets.
            source = (
                "(SELECT day, item, household, max(entries) AS entries FROM theirs"
                " GROUP BY day, item, household, person)"
            )
        columns.append(f"(SELECT {measure} FROM {source} p WHERE {' AND '.join(where)}) AS f{number}")
    rows = await database.rows(
        "WITH theirs AS (SELECT day, household, person, item, asset, earned, entries FROM score_day"
        " WHERE book_id = {} AND village = {} AND day BETWEEN {} AND {} AND programme = {})"
        f" SELECT {', '.join(columns)}, (SELECT next_seq - 1 FROM book WHERE book_id = {{}}) AS seen",
        book,
        whose.village,
        min(fact.since for fact in wanted),
        max(fact.until for fact in wanted),
        whose.programme,
        *args,
        book,
    )
    row = rows[0]
    found = {(one.plugin, one.name, one.measure): _read(one, row[f"f{number}"]) for number, one in enumerate(wanted)}
    return found, row["seen"]


_LIVED = {
    "sqlite": (
        # The sign keeps it from looking through the whole grid for each household.
        "SELECT 1 FROM residence s WHERE s.household = p.household AND +s.grid = {}"
        " AND CAST(replace(s.valid_from, '-', '') AS INTEGER) <= p.day"
        " AND (s.valid_to IS NULL OR CAST(replace(s.valid_to, '-', '') AS INTEGER) > p.day)"
    ),
    "postgres": (
        "SELECT 1 FROM residence s WHERE s.household = p.household AND s.grid = {}"
        " AND CAST(to_char(s.valid_from, 'YYYYMMDD') AS BIGINT) <= p.day"
        " AND (s.valid_to IS NULL OR CAST(to_char(s.valid_to, 'YYYYMMDD') AS BIGINT) > p.day)"
    ),
}
"""Whether a household belonged to a grid on the day of an entry; registers keep dates, scores days as numbers."""
