"""What hides from reading finds neither clock nor chance in a chamber."""

from pathlib import Path

import pytest

from dezhi.host import Answer, Directory, Failure, Roster
from dezhi.testing import a_deed, a_programme
from parcels import keep, parcel
from workshop import GOOD


@pytest.mark.row("PL-07")
def test_there_is_no_clock_and_no_chance_and_days_can_be_written(tmp_path: Path) -> None:
    """The same question has the same answer, however well the plugin hides that it looks elsewhere."""
    ways = {
        "getattr(__import__('time'), 'ti' + 'me_ns')()": "time.time_ns",
        "getattr(datetime.datetime, 'n' + 'ow')()": "datetime.now",
        "getattr(datetime.date, 'to' + 'day')()": "time.time",
        "getattr(__import__('time'), 'local' + 'time')()": "time.localtime",
        "statistics.random.randint(1, 5)": "random.randint",
        "statistics.random._inst.random()": "random.random",
        "statistics.random.Random()": "random.Random",
        "__import__('os').urandom(1)": "os.urandom",
        "__import__('secrets').token_hex()": "random.SystemRandom",
        "__import__('uuid').uuid4()": "uuid.uuid4",
    }
    fine = "f'{deed.date:%Y}' == '2026' and datetime.datetime.strptime('2026-11-22', '%Y-%m-%d')"
    lines = "".join(f"lambda: {way}, " for way in (*ways, fine))
    code = f"import datetime, statistics; [{lines}][deed.points](); return awards_as_declared"
    keep(tmp_path / "plugins", parcel(tmp_path, GOOD.replace("return awards_as_declared", code)))
    directory = Directory(store=tmp_path / "plugins")
    roster = Roster(directory, {"trial": {}})
    for number, named in enumerate((*ways.values(), "")):
        deed = a_deed("trial/thing", points=number)
        answer = roster.ask_owner("trial", "score", programme=a_programme(), deed=deed, facts={})
        if named:
            assert isinstance(answer, Failure), named
            assert (answer.code, "trial" in answer.text) == ("plugin-world", True)
            assert f"（score: {named}）" in answer.text
        else:
            assert isinstance(answer, Answer)
            assert len(answer.value) == 1
    directory.close()
