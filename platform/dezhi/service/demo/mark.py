"""The note a demo keeps beside its database: that it is one, how far it got, and how to get in."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import msgspec

from dezhi.core.errors import Problem
from dezhi.core.text import N_

FILE = "demo.json"


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """What one demo was made of. `through` is the last day that is booked whole; None before the first."""

    seed: int
    scale: float
    begins: date
    home: int
    card: str
    pin: str
    staff: Mapping[str, int]
    through: date | None = None


def read(data_dir: Path) -> Mark | None:
    """The note of a data directory; None where there is no demo."""
    try:
        return msgspec.json.decode((data_dir / FILE).read_bytes(), type=Mark)
    except FileNotFoundError:
        return None


def keep(data_dir: Path, mark: Mark) -> None:
    """Write the note aside, then put it in the old one's place: a full disk leaves the old one."""
    aside = data_dir / f"{FILE}.new"
    aside.write_bytes(msgspec.json.format(msgspec.json.encode(mark)))
    aside.replace(data_dir / FILE)


def refuse_demo(data_dir: Path) -> None:
    """Raise `Problem` for a demo's data: its log-ins are known to everybody, so nothing but the demo may serve it."""
    if (data_dir / FILE).exists():
        text = N_("%(place)s 里是演示数据，登录名和密码人人知道。请用 dezhi demo 打开，或者换一个数据目录。")
        raise Problem("demo-data", text, status=409, place=str(data_dir))
