"""What a release leaves behind: a data directory of it as text, and what its own services said about it.

`python tests/kit/releases.py` in the checkout of a release that is about to be published writes
`tests/fixtures/releases/VERSION/`; the next release must open it and say the same. Three files: `dezhi.sql` (the whole
database as SQL), `keys.json` (the keys beside it, hexadecimal: TEST KEYS, which protect invented people), and
`said.json` (balances, statements, boards, heads, and the passwords and PINs that must still work).
"""

import asyncio
import json
import sqlite3
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

import lives
from dezhi import __version__
from dezhi.app import furnish
from dezhi.core.calendar import to_date
from dezhi.host import Directory
from dezhi.service.house import House
from dezhi.settings import Settings
from township import Hands
from villages import PASSWORD, build_village

FOLDER = Path(__file__).resolve().parents[1] / "fixtures" / "releases"
BEGIN = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
END = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
PLUGINS = ["dezhi_hello", "dezhi_yinger"]
FIGURES = ("spendable", "held", "pending", "honour", "safe", "minutes")
LINES_MAX = 1_000


def names() -> list[str]:
    """The releases of which a data directory is kept, oldest first."""
    return sorted(path.name for path in FOLDER.iterdir())


def said(release: str) -> dict[str, Any]:
    """What that release's services said about it."""
    found: dict[str, Any] = json.loads((FOLDER / release / "said.json").read_text(encoding="utf-8"))
    return found


def unpack(release: str, data_dir: Path) -> None:
    """Make that release's data directory again, as it left it."""
    (data_dir / "keys").mkdir(mode=0o700, parents=True)
    db = sqlite3.connect(data_dir / "dezhi.sqlite")
    db.executescript((FOLDER / release / "dezhi.sql").read_text(encoding="utf-8"))
    db.execute("PRAGMA journal_mode = WAL")
    db.close()
    for name, key in json.loads((FOLDER / release / "keys.json").read_text(encoding="utf-8"))["keys"].items():
        path = data_dir / "keys" / name
        path.write_bytes(bytes.fromhex(key))
        path.chmod(0o600)


def come_from_the_future(data_dir: Path) -> None:
    """Have a SQLite file look as if a newer release had migrated it."""
    db = sqlite3.connect(data_dir / "dezhi.sqlite")
    named = ("2099-01-01T00:00:00:000000", "dezhi", "2099-01-01")
    db.execute("INSERT INTO migration (name, app_name, ran_on) VALUES (?, ?, ?)", named)
    db.commit()
    db.close()


async def observe(house: House) -> dict[str, Any]:
    """What the services say: every household's figures and lines, every village's boards, every book's head."""
    books = await house.database.rows("SELECT book_id, region_id, next_seq, head FROM book ORDER BY book_id")
    found: dict[str, Any] = {
        "books": [{**row, "head": row["head"].hex()} for row in books],
        "households": {},
        "villages": {},
    }
    for township in await house.places.townships():
        for village in await house.places.villages(township.id):
            found["villages"][village.code] = await _village(house, village.id)
            for home in await house.people.list_below(village.id):
                found["households"][str(home.id)] = await _household(house, home.id)
    return found


async def _household(house: House, key: int) -> dict[str, Any]:
    page = await house.passbooks.open(key, lines=LINES_MAX)
    orders = await house.redemptions.of_household(await house.sheets.book(page.home.village), key)
    return {
        "label": page.home.label,
        "number": page.home.number,
        "members": [member.name for member in page.home.members],
        **{name: getattr(page, name) for name in FIGURES},
        "savings": [[category.title, earned] for category, earned in page.savings],
        "left_behind": _plain(page.left_behind),
        "statement": [{**_plain(line), "ref": str(line.ref)} for line in page.lines],
        "orders": [_plain(order._asdict()) for order in orders],
    }


async def _village(house: House, key: int) -> dict[str, Any]:
    book = await house.sheets.book(key)
    sheet = await house.sheets.find(key, house.people.today())
    year = [await house.boards.totals(book, [key], to_date(2026_00_28 + month * 100)) for month in range(3, 12)]
    return {
        "versions": [[one.version, one.title, str(one.effective_from)] for one in await house.programmes.history(key)],
        "totals": [_plain(totals._asdict()) for totals in year],
        "honours": [_plain(honour.places) for honour in await house.boards.honours(sheet)] if sheet else [],
        "goals": [[goal.reached, goal.entries] for goal in await house.boards.goals(sheet)] if sheet else [],
        "latest": _plain(await house.boards.latest(book, [key], 50)),
        "items": [item["code"] for item in (sheet.programme.items if sheet else ())],
    }


def _plain(value: object) -> Any:
    return json.loads(msgspec.json.encode(value))


def missing(said: Any, now: Any, where: str = "") -> list[str]:
    """Where `now` does not say what was `said`; a newer release may say more in a named thing, never less."""
    if isinstance(said, dict) and isinstance(now, dict):
        return [fault for key in said for fault in missing(said[key], now.get(key), f"{where}/{key}")]
    if isinstance(said, list) and isinstance(now, list) and len(said) == len(now):
        pairs = enumerate(zip(said, now, strict=True))
        return [fault for at, (one, other) in pairs for fault in missing(one, other, f"{where}/{at}")]
    return [] if said == now else [f"{where}: it was {said!r}, now it is {now!r}"]


async def _make(data_dir: Path) -> dict[str, Any]:
    hands = Hands()
    hands.now = BEGIN
    house = await furnish(Settings(data_dir=data_dir), hands, Directory(PLUGINS))
    await house.setup.new_token()
    village = await build_village(house)
    cards = await lives.live(village, hands)
    if hands.now > END:
        raise AssertionError("the invented year went past its end")
    hands.now = END
    await house.sessions.put("a-session-of-the-old-release", b"{}", timedelta(days=3))
    observed = await observe(house)
    tables = await house.database.rows("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    rows = {
        name: (await house.database.rows(f"SELECT count(*) AS n FROM {name}"))[0]["n"]
        for name in (table["name"] for table in tables)
        if name != "migration" and not name.startswith("sqlite_")
    }
    await house.close()
    return {"at": END.isoformat(), "cards": cards, "logins": ["liu", "wang", "zhao"], "rows": rows, **observed}


def main() -> None:
    """Write the fixture of this checkout's release, in place of an older one of the same version."""
    folder = FOLDER / __version__
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        data_dir = Path(scratch) / "data"
        told: dict[str, Any] = {"release": __version__, "made_on": str(date.today()), "password": PASSWORD}  # noqa: DTZ011 - for people
        told |= asyncio.run(_make(data_dir))
        db = sqlite3.connect(data_dir / "dezhi.sqlite")
        version = db.execute("PRAGMA user_version").fetchone()[0]
        lines = [*db.iterdump(), f"PRAGMA user_version = {version};"]
        db.close()
        keys = {path.name: path.read_bytes().hex() for path in sorted((data_dir / "keys").iterdir())}
    (folder / "dezhi.sql").write_text("\n".join(lines) + "\n", encoding="utf-8")
    note = "TEST KEYS: they protect invented people only"
    (folder / "keys.json").write_text(json.dumps({"note": note, "keys": keys}, indent=1) + "\n", encoding="utf-8")
    (folder / "said.json").write_text(json.dumps(told, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
    print(f"{folder}: {sum(told['rows'].values())} rows, {told['rows']['posting']} postings")


if __name__ == "__main__":
    main()
