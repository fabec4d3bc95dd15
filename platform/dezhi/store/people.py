"""Reads and writes households and who belongs to them."""

import re
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from dezhi.core.names import household_label, mask
from dezhi.core.people import Found, Household, Member
from dezhi.store.accounts import marks, padded
from dezhi.store.database import Database
from dezhi.store.ids import new_id
from dezhi.store.places import BELOW
from dezhi.store.tables import Household as HouseholdRow, Membership, Person, Residence

IN_FORCE = (
    "SELECT r.id FROM programme r WHERE r.village = s.village AND r.effective_from <= {}"
    " ORDER BY r.version DESC LIMIT 1"
)
"""The version that rules a day in the village of a residence `s`; as `dezhi.store.programmes.in_force`."""

_LETTERS = re.compile("[a-z]+")
_CHARACTERS = re.compile("[^a-z]+")

_CHUNK = 500  # rows an INSERT carries: SQLite takes 32,766 values, and rows have up to eight


class NewPerson(NamedTuple):
    """A person to be written, spelled and with an id."""

    id: int
    name: str
    pinyin: str
    initials: str
    birth_date: date | None
    household: int
    relation: str
    is_head: bool


class NewHousehold(NamedTuple):
    """A household to be written with its first residence."""

    id: int
    village: int
    grid: int | None
    number: str
    address: str


async def add(database: Database, households: Sequence[NewHousehold], persons: Sequence[NewPerson], on: date) -> None:
    """Write households and persons as of that day, all of them or none."""
    async with database.engine.transaction():
        for some in _chunks(households):
            await HouseholdRow.insert(*(HouseholdRow(id=h.id, opened_on=on) for h in some))
            await Residence.insert(*(_residence(h, on) for h in some))
        for people in _chunks(persons):
            await Person.insert(
                *(
                    Person(id=p.id, name=p.name, pinyin=p.pinyin, initials=p.initials, birth_date=p.birth_date)
                    for p in people
                )
            )
            await Membership.insert(
                *(
                    Membership(
                        id=new_id(),
                        person=p.id,
                        household=p.household,
                        relation=p.relation,
                        is_head=p.is_head,
                        valid_from=on,
                    )
                    for p in people
                )
            )


def _residence(home: NewHousehold, on: date) -> Residence:
    return Residence(
        id=new_id(),
        household=home.id,
        village=home.village,
        grid=home.grid,
        number=home.number,
        address=home.address,
        valid_from=on,
    )


def _chunks(rows: Sequence[Any]) -> Iterable[Sequence[Any]]:
    return (rows[at : at + _CHUNK] for at in range(0, len(rows), _CHUNK))


async def households(database: Database, keys: Sequence[int], on: date) -> dict[int, Household]:
    """Return households as they were on that day, by id; those which lived nowhere then are left out."""
    found: dict[int, Household] = {}
    for some in map(padded, _chunks(list(dict.fromkeys(keys)))):
        rows = await database.rows(
            "SELECT s.household, s.number, s.address, s.village, v.name AS village_name, s.grid, g.name AS grid_name,"
            f" ({IN_FORCE}) AS version, m.person, p.name, m.relation, m.is_head, p.birth_date"
            " FROM residence s JOIN region v ON v.id = s.village LEFT JOIN region g ON g.id = s.grid"
            # Two joins, though one implies the other: SQLite would make a joined pair for all households first.
            " LEFT JOIN membership m ON m.household = s.household"
            " AND m.valid_from <= {} AND (m.valid_to IS NULL OR m.valid_to > {})"
            " LEFT JOIN person p ON p.id = m.person"
            f" WHERE s.household IN ({marks(some)}) AND s.valid_from <= {{}}"
            " AND (s.valid_to IS NULL OR s.valid_to > {})"
            " ORDER BY s.household, m.is_head DESC, m.valid_from, p.birth_date NULLS FIRST, m.person",
            *(on, on, on),
            *some,
            *(on, on),
        )
        for key, lines in groupby(rows, key=itemgetter("household")):
            found[key] = _home(on, list(lines))
    return found


async def households_on(database: Database, asked: Collection[tuple[int, date]]) -> dict[tuple[int, date], Household]:
    """The same for a day of each household's own: a file of deeds has hundreds of days."""
    # SQLite compares days as texts and knows no type for them; PostgreSQL has to be told one.
    pair = "({}::bigint, {}::date)" if database.engine.engine_type == "postgres" else "({}, {})"
    found: dict[tuple[int, date], Household] = {}
    for some in map(padded, _chunks(list(asked))):
        rows = await database.rows(
            f"WITH wanted (household, day) AS (VALUES {', '.join([pair] * len(some))})"
            " SELECT DISTINCT w.household, w.day, s.number, s.address, s.village, v.name AS village_name,"
            f" s.grid, g.name AS grid_name, ({IN_FORCE.format('w.day')}) AS version, m.person, p.name, m.relation,"
            " m.is_head, p.birth_date, m.valid_from FROM wanted w JOIN residence s ON s.household = w.household"
            " AND s.valid_from <= w.day AND (s.valid_to IS NULL OR s.valid_to > w.day)"
            " JOIN region v ON v.id = s.village LEFT JOIN region g ON g.id = s.grid"
            " LEFT JOIN membership m ON m.household = w.household"
            " AND m.valid_from <= w.day AND (m.valid_to IS NULL OR m.valid_to > w.day)"
            " LEFT JOIN person p ON p.id = m.person"
            " ORDER BY w.household, w.day, m.is_head DESC, m.valid_from, p.birth_date NULLS FIRST, m.person",
            *(part for one in some for part in one),
        )
        for (key, day), lines in groupby(rows, key=itemgetter("household", "day")):
            on = day if isinstance(day, date) else date.fromisoformat(day)
            found[key, on] = _home(on, list(lines))
    return found


def _home(on: date, rows: Sequence[dict[str, Any]]) -> Household:
    """A household from its rows, one for each member, or one without any."""
    first = rows[0]
    return Household(
        id=first["household"],
        on=on,
        number=first["number"],
        address=first["address"],
        village=first["village"],
        village_name=first["village_name"],
        grid=first["grid"],
        grid_name=first["grid_name"],
        version=first["version"],
        members=tuple(
            Member(
                person=row["person"],
                name=row["name"],
                relation=row["relation"],
                is_head=row["is_head"],
                birth_date=row["birth_date"],
            )
            for row in rows
            if row["person"] is not None
        ),
    )


async def household(database: Database, key: int, on: date) -> Household | None:
    """Return one household as it was on that day; None when it lived nowhere then."""
    return await database.one(_households, (key, on))


async def _households(database: Database, keys: Collection[tuple[int, date]]) -> dict[tuple[int, date], Household]:
    found: dict[tuple[int, date], Household] = {}
    for on in {on for _, on in keys}:
        homes = await households(database, [key for key, day in keys if day == on], on)
        found |= {(key, on): home for key, home in homes.items()}
    return found


async def of_village(database: Database, scope: int, on: date) -> Sequence[int]:
    """Return the households that lived below a region (a village, a grid, …) on that day, in order of their numbers."""
    rows = await database.rows(
        f"SELECT household FROM residence WHERE (village IN ({BELOW}) OR grid IN ({BELOW}))"
        " AND valid_from <= {} AND (valid_to IS NULL OR valid_to > {}) ORDER BY village, length(number), number",
        scope,
        scope,
        on,
        on,
    )
    return [row["household"] for row in rows]


async def household_of(database: Database, person: int, on: date) -> int | None:
    """Return the household a person belonged to on that day."""
    row = await database.row(
        "SELECT household FROM membership WHERE person = {} AND valid_from <= {}"
        " AND (valid_to IS NULL OR valid_to > {}) ORDER BY valid_from DESC LIMIT 1",
        person,
        on,
        on,
    )
    return row["household"] if row else None


async def names(database: Database, persons: Sequence[int]) -> dict[int, str]:
    """Return the names of persons by id."""
    found: dict[int, str] = {}
    for some in _chunks(persons):
        rows = await database.rows(f"SELECT id, name FROM person WHERE id IN ({marks(some)})", *some)
        found.update({row["id"]: row["name"] for row in rows})
    return found


async def search(database: Database, scope: int, text: str, limit: int) -> Sequence[Found]:
    """Find households below a region by number, name, pinyin or initials, also half and half; whole hits first.

    `text` is already folded: small letters, no gaps. Names are folded here, because LIKE does so on SQLite alone.
    """
    plain = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    starts, within = f"{plain}%", f"%{plain}%"
    # 张san: letters stand for some characters of the name, characters for some letters of how it sounds.
    name, sound = _LETTERS.sub("_%", plain), _CHARACTERS.sub("_%", plain)
    rows = await database.rows(
        "SELECT s.household, s.number, s.village, v.name AS village_name, s.grid, g.name AS grid_name,"
        " p.id AS person, p.name AS person_name, h.name AS head_name,"
        " CASE WHEN s.number = {} THEN 0 WHEN lower(p.name) = {} OR p.initials = {} THEN 1 WHEN p.pinyin = {} THEN 1"
        " WHEN lower(p.name) LIKE {} ESCAPE '\\' OR p.initials LIKE {} ESCAPE '\\'"
        " OR p.pinyin LIKE {} ESCAPE '\\' THEN 2"
        " ELSE 3 END AS place"
        " FROM residence s JOIN region v ON v.id = s.village LEFT JOIN region g ON g.id = s.grid"
        " JOIN membership m ON m.household = s.household AND m.valid_to IS NULL JOIN person p ON p.id = m.person"
        " LEFT JOIN membership hm ON hm.household = s.household AND hm.valid_to IS NULL AND hm.is_head"
        " LEFT JOIN person h ON h.id = hm.person"
        f" WHERE s.valid_to IS NULL AND (s.village IN ({BELOW}) OR s.grid IN ({BELOW}))"
        " AND (s.number = {} OR lower(p.name) LIKE {} ESCAPE '\\' OR (lower(p.name) LIKE {} ESCAPE '\\'"
        " AND (p.pinyin LIKE {} OR p.initials LIKE {} OR p.initials LIKE {})))"
        " ORDER BY place, m.is_head DESC, length(s.number), s.number, m.valid_from, p.id LIMIT {}",
        *(text, text, text, text, starts, starts, starts),
        *(scope, scope),
        *(text, within, f"%{name}%", f"%{sound}%", f"{sound}%", f"% {sound}%"),
        limit * 8,  # several members of one household may be hit
    )
    found: dict[int, Found] = {}
    for row in rows:
        if row["household"] in found or len(found) == limit:
            continue
        by_number = row.pop("place") == 0
        head = row.pop("head_name") or row["person_name"]
        if by_number:
            row |= {"person": None, "person_name": None}
        found[row["household"]] = Found(label=household_label(head), masked_label=household_label(mask(head)), **row)
    return list(found.values())


async def numbers(database: Database, village: int) -> dict[str, int]:
    """Return the households living in a village now, by number."""
    rows = await database.rows(
        "SELECT number, household FROM residence WHERE village = {} AND valid_to IS NULL", village
    )
    return {row["number"]: row["household"] for row in rows}


async def move(database: Database, home: NewHousehold, on: date) -> None:
    """End a household's residence on that day and open another."""
    async with database.engine.transaction():
        await database.rows("UPDATE residence SET valid_to = {} WHERE household = {} AND valid_to IS NULL", on, home.id)
        await Residence.insert(_residence(home, on))


async def end_membership(database: Database, person: int, on: date) -> None:
    """Note that a person belongs to their household no more from that day on."""
    await database.rows("UPDATE membership SET valid_to = {} WHERE person = {} AND valid_to IS NULL", on, person)


async def add_membership(
    database: Database, person: int, household: int, relation: str, on: date, *, is_head: bool
) -> None:
    """Note that a person belongs to a household from that day on."""
    async with database.engine.transaction():
        await Membership.insert(
            Membership(
                id=new_id(), person=person, household=household, relation=relation, is_head=is_head, valid_from=on
            )
        )


async def choose_board(database: Database, household: int, at: datetime, by: str, *, opted_in: bool) -> None:
    """Keep a household's choice about public boards."""
    await database.rows(
        "INSERT INTO board_choice (household, opted_in, changed_at, changed_by) VALUES ({}, {}, {}, {})"
        " ON CONFLICT (household) DO UPDATE SET opted_in = excluded.opted_in,"
        " changed_at = excluded.changed_at, changed_by = excluded.changed_by",
        household,
        opted_in,
        at,
        by,
    )


async def opted_in(database: Database, scope: int) -> frozenset[int]:
    """Return the households living below a region now that want to be on public boards."""
    rows = await database.rows(
        "SELECT b.household FROM board_choice b JOIN residence s ON s.household = b.household AND s.valid_to IS NULL"
        f" WHERE b.opted_in AND (s.village IN ({BELOW}) OR s.grid IN ({BELOW}))",
        scope,
        scope,
    )
    return frozenset(row["household"] for row in rows)


async def member_since(database: Database, person: int) -> date | None:
    """Return since when a person belongs to the present household; None for somebody in no household."""
    row = await database.row("SELECT valid_from FROM membership WHERE person = {} AND valid_to IS NULL", person)
    return row["valid_from"] if row else None


async def resident_since(database: Database, household: int) -> date | None:
    """Return since when a household lives where it lives now."""
    row = await database.row("SELECT valid_from FROM residence WHERE household = {} AND valid_to IS NULL", household)
    return row["valid_from"] if row else None
