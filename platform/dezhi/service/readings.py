"""A village's own workbook read by a plugin, as drafts for a person to confirm (RU-15, B-08)."""

import asyncio
from collections.abc import Sequence
from datetime import date

from dezhi.core.errors import Problem
from dezhi.core.programme_files import SHEET
from dezhi.core.text import N_
from dezhi.host import Directory, Failure
from dezhi.host.aside import HOOK, read_aside
from dezhi.plugin import Programme, Reading, Workbook
from dezhi.service.sheetbooks import drafts_in, is_sheet_book
from dezhi.service.workbooks import read_workbook


class Readings:
    """Reads workbooks. Nothing is kept here, and nothing is adopted."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    @property
    def readers(self) -> Sequence[str]:
        """The plugins that read workbooks, by name."""
        return sorted(name for name, plugin in self._directory.plugins.items() if HOOK in plugin.functions)

    async def read(self, name: str, data: bytes, village: int, today: date) -> Reading:
        """Return what a plugin reads in an uploaded workbook or CSV file, also where it is no item at all.

        Raises Problem `workbook-…` or `sheet-…` for a file that cannot be opened, and what `reading_of` raises.
        """
        workbook = await asyncio.to_thread(read_workbook, data)
        return await asyncio.to_thread(reading_of, self._directory, name, workbook, village, today)


def reading_of(directory: Directory, name: str, workbook: Workbook, village: int, today: date) -> Reading:
    """What a plugin reads in an opened workbook. To be called in a thread: it waits for the reader's process.

    A workbook that was written by `sheetbooks` is taken as it stands. Raises Problem `plugin-…` for a plugin that is
    not here, fails, or needs too long, `sheet-unread` where it reads no workbooks, `sheet-book` for a written one that
    was changed so that it cannot be understood.
    """
    plugin = directory.plugins.get(name)
    if plugin is not None and name == SHEET and is_sheet_book(workbook):
        return drafts_in(workbook, plugin.declaration.settings)
    programme = Programme(id=0, version=0, village=village, today=today)
    answer = read_aside(directory, name, programme, workbook)
    if isinstance(answer, Failure):
        raise answer.problem
    reading: Reading | None = answer.value
    if reading is None:
        text = N_("这个表格里没有读出条目。请看看是不是积分细则：一条一行，写着做什么、得几分。")
        raise Problem("sheet-unread", text, field="file")
    return reading
