"""A line of a file of deeds, as people and other systems write them: what it asks for, or what it lacks."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Final

import msgspec

from dezhi.core.errors import Problem
from dezhi.core.openings import PREFIX
from dezhi.core.text import N_
from dezhi.plugin import Asset

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "household": ("户", "户编号"),
    "village": ("村", "村代码"),
    "number": ("户号",),
    "item": ("条目",),
    "asset": ("资产",),
    "day": ("日期", "on"),
    "person": ("人", "成员", "姓名"),
    "minutes": ("分钟", "时长"),
    "points": ("分", "分数", "积分"),
    "note": ("备注",),
    "key": ("编号",),
}
"""What a column is for, and what else it may be called."""

TOLD: Final = ("line", "field", "problem")
"""Columns of the file of bad lines, which are passed over when that file is imported after it was mended."""

ID_MAX: Final = 2**63 - 1
NUMBER_MAX: Final = 1_000_000
NOTE_MAX: Final = 100
WORD_MAX: Final = 200

_NAMES: Final = {other: name for name, others in COLUMNS.items() for other in (name, *others)}
_DAY: Final = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{4})(\d{2})(\d{2})")
_KEY: Final = re.compile(r"[!-~]{1,64}")
_VILLAGE: Final = re.compile(r"[0-9]{12}")


class DeedLine(msgspec.Struct, frozen=True, kw_only=True):
    """One deed as a file tells it. A household is named by its id, or by its village's code and its number there.

    `person` is an id or a name, empty for nobody; `key` is empty where the file gives none.
    """

    household: int | None
    village: str
    number: str
    item: str
    on: date
    person: str
    minutes: int | None
    points: int | None
    note: str
    key: str


def column_of(title: str) -> str | None:
    """What a column is for; None for one that is passed over. Raises Problem `column-unknown`."""
    name = title.strip().lower()
    if name in TOLD or not name:
        return None
    found = _NAMES.get(name)
    if found is None:
        text = N_("没有“%(name)s”这一栏，什么都没有记。可以有的栏：%(known)s。")
        raise Problem("column-unknown", text, field=name[:WORD_MAX], name=name[:WORD_MAX], known=", ".join(COLUMNS))
    return found


ASSETS: Final = {
    "": Asset.MORAL,
    "道德积分": Asset.MORAL,
    "荣誉积分": Asset.HONOUR,
    "志愿时": Asset.HOURS,
    "平安积分": Asset.SAFE,
    **{asset.value: asset for asset in Asset},
}
"""What an opening balance may be of, and how it is called; moral points where nothing is said."""


def check_columns(names: list[str | None], *, opening: bool = False) -> None:
    """Raise Problem unless a header says whose deed it is, which, and when; and nothing twice.

    A file of opening balances has no items, and one of deeds no assets.
    """
    given = [name for name in names if name is not None]
    twice = next((name for name in given if given.count(name) > 1), None)
    if twice is not None:
        raise Problem("column-twice", N_("“%(name)s”这一栏有两列，什么都没有记。"), field=twice, name=twice)
    strange = "item" if opening else "asset"
    if strange in given:
        text = N_("“%(name)s”这一栏不该有，什么都没有记：期初结存的文件写资产（asset），事迹的文件写条目（item）。")
        raise Problem("column-strange", text, field=strange, name=strange)
    wanted = ("day",) if opening else ("item", "day")
    missing = [name for name in wanted if name not in given]
    if "household" not in given and "number" not in given:
        missing.append("number")
    if missing:
        text = N_("缺少“%(name)s”这一栏，什么都没有记。第一行要写每一栏的名称。")
        raise Problem("column-missing", text, field=missing[0], name=", ".join(missing))


def read_line(values: Mapping[str, str], village: str = "", *, opening: bool = False) -> DeedLine:
    """Read one line by its columns; `village` is the one for lines that name none. Raises Problem with its `field`.

    The item of an `opening` balance is made of its asset.
    """
    given = {name: value.strip() for name, value in values.items()}
    household = _whole("household", given.get("household", ""), ID_MAX)
    number, code = given.get("number", ""), given.get("village", "") or village
    if household is None:
        if not number:
            raise Problem(
                "line-household", N_("没有写是哪一户。请填户号（number）或户的编号（household）。"), field="number"
            )
        if not _VILLAGE.fullmatch(code):
            text = N_("没有写是哪个村。请填12位的村代码（village），或者用 --village 给出。")
            raise Problem("line-village", text, field="village")
    item = _opening(given.get("asset", "")) if opening else given.get("item", "")
    if not 0 < len(item) <= WORD_MAX or "\0" in item:
        raise Problem(
            "line-item", N_("没有写是哪一条。请填条目的代码，例如 dezhi-yinger/neighbour-help。"), field="item"
        )
    note, key = given.get("note", ""), given.get("key", "")
    if len(note) > NOTE_MAX or "\0" in note:
        raise Problem("line-note", N_("备注太长，最多%(max)s个字。"), field="note", max=NOTE_MAX)
    if key and not _KEY.fullmatch(key):
        raise Problem("line-key", N_("编号要是1到64个可见的 ASCII 字符，或者空着。"), field="key")
    return DeedLine(
        household=household,
        village=code,
        number=number[:WORD_MAX],
        item=item,
        on=_day(given.get("day", "")),
        person=given.get("person", "")[:WORD_MAX],
        minutes=_whole("minutes", given.get("minutes", ""), NUMBER_MAX),
        points=_whole("points", given.get("points", ""), NUMBER_MAX),
        note=note,
        key=key,
    )


def _opening(word: str) -> str:
    if word not in ASSETS:
        text = N_("没有“%(name)s”这种资产。可以写：道德积分、荣誉积分、志愿时、平安积分。")
        raise Problem("line-asset", text, field="asset", name=word[:WORD_MAX])
    return PREFIX + ASSETS[word].value


def _whole(field: str, text: str, most: int) -> int | None:
    """A number from 1; None for nothing."""
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(most)) and 0 < int(text) <= most):
        raise Problem("line-number", N_("“%(name)s”要是大于0的整数。"), field=field, name=field)
    return int(text)


def _day(text: str) -> date:
    found = _DAY.fullmatch(text)
    try:
        year, month, of = (int(part) for part in (found.groups() if found else ()) if part is not None)
        return date(year, month, of)
    except ValueError:
        raise Problem("line-day", N_("日期看不懂。请写成 2026-11-22 这样。"), field="day") from None
