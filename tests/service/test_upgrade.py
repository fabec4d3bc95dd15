"""A release opens what the releases before it left behind and says the same about it."""

import sqlite3
from pathlib import Path

import pytest

import releases
from booking import check_book
from dezhi.app import furnish
from dezhi.core.errors import Problem
from dezhi.host import Directory
from dezhi.service.house import House
from dezhi.settings import Settings
from dezhi.store.database import FILE, connect
from township import Hands


async def open_house(data_dir: Path) -> House:
    """This release on that data, at the moment at which the older one was asked."""
    hands = Hands()
    hands.now = releases.END
    return await furnish(Settings(data_dir=data_dir), hands, Directory(releases.PLUGINS))


def counts(data_dir: Path, tables: list[str]) -> dict[str, int]:
    db = sqlite3.connect(data_dir / FILE)
    try:
        return {table: db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables}
    finally:
        db.close()


@pytest.mark.parametrize("release", releases.names())
async def test_balances_statements_boards_and_heads_are_what_they_were(release: str, tmp_path: Path) -> None:
    releases.unpack(release, tmp_path)
    said = releases.said(release)
    for _ in range(2):  # the first time it migrates, the second time it must not want to
        house = await open_house(tmp_path)
        try:
            assert (
                releases.missing(
                    {name: said[name] for name in ("books", "households", "villages")}, await releases.observe(house)
                )
                == []
            )
            for login in said["logins"]:
                assert (await house.staff.log_in(login, said["password"])).login == login
            for number, pin in said["cards"].items():
                assert (await house.cards.open(number, pin)).number == number
            assert await house.sessions.get("a-session-of-the-old-release") == b"{}"
        finally:
            await house.close()
    assert counts(tmp_path, list(said["rows"])) == {**said["rows"], "login_guard": 0}  # a log-in forgets failed ones


@pytest.mark.parametrize("release", releases.names())
async def test_the_books_of_an_older_release_recount_to_the_last_point(release: str, tmp_path: Path) -> None:
    releases.unpack(release, tmp_path)
    await (await connect(tmp_path)).close()
    db = sqlite3.connect(tmp_path / FILE)
    db.row_factory = sqlite3.Row
    for book in releases.said(release)["books"]:
        check_book(db, book["book_id"])
    db.close()


def test_what_is_missing_is_found() -> None:
    said = {"families": [{"points": 5, "name": "a"}]}
    assert releases.missing(said, {"families": [{"points": 5, "name": "a", "more": 1}], "new": 2}) == []
    assert releases.missing(said, {"families": [{"points": 6, "name": "a"}]}) == [
        "/families/0/points: it was 5, now it is 6"
    ]
    assert releases.missing(said, {"families": []}) != []
    assert releases.missing(said, {}) != []


async def test_a_newer_directory_is_refused_in_words(tmp_path: Path) -> None:
    releases.unpack(releases.names()[-1], tmp_path)
    releases.come_from_the_future(tmp_path)
    before = (tmp_path / FILE).read_bytes()
    for _ in range(2):
        with pytest.raises(Problem) as refused:
            await connect(tmp_path)
        assert refused.value.code == "database_newer"
    assert (tmp_path / FILE).read_bytes() == before
