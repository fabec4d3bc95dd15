"""A sheet as a file, looked at beside any village: what its plugins would offer, and which red lines it crosses."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

import msgspec

from dezhi.core.draft_files import OFF
from dezhi.core.draftparts import reminders_of, without_reminders
from dezhi.core.draftrows import REMINDERS
from dezhi.core.drafts import list_at
from dezhi.core.errors import Problem
from dezhi.core.programme_files import SHEET, ProgrammeFile, read_programme_file, settings_problems
from dezhi.core.programmes import Document, Enabled
from dezhi.core.redlines import Finding, lint_text
from dezhi.core.text import N_, Phrase, Text, counted, phrase
from dezhi.host import Directory
from dezhi.plugin import Programme, Reading
from dezhi.service.offers import offer_of
from dezhi.service.programmes import Offered
from dezhi.service.readings import Readings
from dezhi.service.sheetbooks import is_sheet_book, programme_in
from dezhi.service.uploads import is_workbook
from dezhi.service.workbooks import read_workbook

LINES_MAX: Final = 20_000
BOOKS: Final = frozenset((".xlsx", ".xlsm", ".csv"))
TOML: Final = ".toml"
CATEGORIES: Final = "categories"
"""The list of a sheet whose entries are headings: they are read, but are no rows."""


class Linted(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a file, or one item, with the red lines it crosses. `at` is its number, cell or code."""

    at: str
    text: str
    findings: tuple[Finding, ...]


class Looked(msgspec.Struct, frozen=True, kw_only=True):
    """What was found in a file. With a `fault` of form it cannot be used, and its texts were read as they stand.

    `passed_over` says in sentences what was not looked at as an item: what of a village's workbook was taken for none,
    and rows that wait behind `#~`.
    """

    lines: Sequence[Linted]
    passed_over: tuple[Text, ...] = ()
    fault: Problem | None = None


def lint_lines(text: str) -> Sequence[Linted]:
    """Read a text with one item a line; empty lines are passed over, but counted. Raises Problem `lint-lines`."""
    lines = text.splitlines()
    if len(lines) > LINES_MAX:
        raise Problem("lint-lines", N_("一次最多看%(most)s行，请分几次。"), most=LINES_MAX)
    return [
        Linted(at=str(number), text=line.strip(), findings=lint_text(line, str(number)))
        for number, line in enumerate(lines, 1)
        if line.strip()
    ]


async def lint_file(directory: Directory, suffix: str, data: bytes, today: date) -> Looked:
    """Read a sheet: a programme (`.toml`), a workbook (`BOOKS`), or else a text with one item a line in UTF-8.

    A fault of form does not hide the red lines beside it. Raises Problem as the readers do, and `file-not-text`.
    """
    written = suffix in BOOKS and is_sheet_book(await asyncio.to_thread(read_workbook, data))
    if suffix in BOOKS and not written:
        reading = await Readings(directory).read(SHEET, data, 0, today)
        made = await _made_of(directory, reading, today)
        return Looked(lines=_joined(reading, made), passed_over=reading.passed_over)
    if suffix == TOML or written:
        file, fault = _opened(directory, suffix, data), None
        try:
            check_settings(directory, file.document, b"" if written else data)
            document = seated(directory, file.document)
            lines = list(_offered(offer_of(directory, document, context_of(today)), document))
        except Problem as problem:
            lines, fault = list(_as_it_stands(file.document)), problem
        return Looked(lines=lines, passed_over=_unconfirmed(b"" if written else data), fault=fault)
    try:
        return Looked(lines=lint_lines(data.decode("utf-8-sig")))
    except UnicodeDecodeError as error:
        raise Problem("file-not-text", N_("这个文件不是UTF-8文字，请另存为UTF-8再试。")) from error


async def document_of(directory: Directory, suffix: str, data: bytes, today: date) -> Document:
    """Return the programme in a TOML file; of a workbook, the one its rows would make. Raises as `lint_file` does."""
    if suffix not in BOOKS or is_sheet_book(await asyncio.to_thread(read_workbook, data)):
        return programme_of(directory, suffix, data).document
    return _read_document(directory, await Readings(directory).read(SHEET, data, 0, today))


def _read_document(directory: Directory, reading: Reading) -> Document:
    """The programme that the rows of a workbook would make."""
    settings: dict[str, Any] = {**msgspec.to_builtins(reading.settings), reading.rows: []}
    for draft in reading.drafts:
        list_at(settings, draft.into or reading.rows).append(dict(draft.row))
    return seated(directory, Document(plugins={SHEET: Enabled(version="", settings=settings)}))


def programme_of(directory: Directory, suffix: str, data: bytes) -> ProgrammeFile:
    """Return the programme or bare sheet of a TOML file, or of a workbook that `write_sheet_book` wrote.

    A plugin whose version is left open gets the one that is here. Raises Problem `sheet-foreign` for a village's own
    workbook, which nobody has confirmed yet, and as the readers and `check_settings` do.
    """
    file = _opened(directory, suffix, data)
    check_settings(directory, file.document, b"" if is_workbook(data) else data)
    here = seated(directory, file.document).plugins
    plugins = {name: msgspec.structs.replace(one, version=here[name].version) for name, one in file.plugins.items()}
    return msgspec.structs.replace(file, plugins=plugins)


def _opened(directory: Directory, suffix: str, data: bytes) -> ProgrammeFile:
    """The programme in a file, whose settings nobody looked at yet."""
    if suffix in BOOKS or is_workbook(data):
        return _written_book(directory, data)
    return read_programme_file(data)


def _written_book(directory: Directory, data: bytes) -> ProgrammeFile:
    workbook = read_workbook(data)
    plugin = directory.plugins.get(SHEET)
    if plugin is None:
        raise Problem("plugin-missing", N_("这里没有安装插件 %(plugin)s。"), plugin=SHEET)
    if not is_sheet_book(workbook):
        text = N_(
            "这是村里自己的表格，还没有逐条确认。先读成细则：dezhi sheet read 表格 --to 细则.toml，看好再用细则.toml。"
        )
        raise Problem("sheet-foreign", text)
    return programme_in(workbook, plugin.declaration.settings)


def check_settings(directory: Directory, document: Document, toml: bytes) -> None:
    """Raise one Problem `settings-faults` with everything that is wrong with the settings of a file, line by line."""
    told: Phrase | None = None
    for name, enabled in document.plugins.items():
        plugin = directory.plugins.get(name)
        if plugin is None:
            continue
        for problem in settings_problems(plugin.declaration.settings, enabled.settings, toml=toml, plugin=name):
            fault = problem.phrase
            told = fault if told is None else phrase(N_("%(first)s\n%(then)s"), first=told, then=fault)
    if told is not None:
        raise Problem("settings-faults", "%(faults)s", faults=told)


def seated(directory: Directory, document: Document) -> Document:
    """A document whose plugins have the versions that are here, where it names none."""
    plugins = {
        name: msgspec.structs.replace(one, version=directory.plugins[name].manifest.version)
        if not one.version and name in directory.plugins
        else one
        for name, one in document.plugins.items()
    }
    return msgspec.structs.replace(document, plugins=plugins)


def context_of(today: date) -> Programme:
    """What plugins are told where there is no village."""
    return Programme(id=0, version=1, village=0, today=today)


def _unconfirmed(toml: bytes) -> tuple[Text, ...]:
    """Say how many rows of a file stand behind `#~`, where no program reads them."""
    rows = sum(line.startswith(f"{OFF}[[".encode()) for line in toml.splitlines())
    return (counted("%(n)s条前面有 #~，还没有确认，没有看。", rows),) if rows else ()


async def _made_of(directory: Directory, reading: Reading, today: date) -> Sequence[Linted]:
    """What the rows of a workbook would be as a programme, looked over; as it stands where they make none yet."""
    document = _read_document(directory, reading)
    try:
        check_settings(directory, document, b"")
        return list(_offered(offer_of(directory, document, context_of(today)), document))
    except Problem:
        return list(_as_it_stands(document))


def _joined(reading: Reading, made: Sequence[Linted]) -> Sequence[Linted]:
    """The rows with what was found in the items made of them, each red line once; what no row made comes last."""
    cells = {f"{SHEET}/{draft.row['code']}": draft.at for draft in reading.drafts if "code" in draft.row}
    lines, more = list(_rows(reading)), list[Linted]()
    found: dict[str, list[Finding]] = {}
    for one in made:
        if one.at in cells:
            found.setdefault(cells[one.at], []).extend(one.findings)
        elif one.findings:
            more.append(one)
    told = {finding.code for line in lines if line.at for finding in (*line.findings, *found.get(line.at, ()))}
    joined = []
    for line in lines:
        # Of one row's texts a block tells more than a warning.
        both = sorted((*line.findings, *found.get(line.at, ())), key=lambda finding: finding.level)
        once = {finding.code: finding for finding in reversed(both)}
        findings = tuple(msgspec.structs.replace(once[code], at=line.at) for code in sorted(once, key=_number))
        joined.append(msgspec.structs.replace(line, findings=findings))
    rest = (msgspec.structs.replace(one, findings=tuple(f for f in one.findings if f.code not in told)) for one in more)
    return [*joined, *(one for one in rest if one.findings)]


def _number(code: str) -> int:
    return int(code.removeprefix("RL-"))


def _rows(reading: Reading) -> Iterator[Linted]:
    """Every row that was read, by what stands in its cell, and what was passed over."""
    for draft in reading.drafts:
        yield Linted(at=draft.at, text=draft.title, findings=lint_text(f"{draft.title}:{draft.text}", draft.at))
    for sentence in reading.passed_over:
        if found := lint_text(sentence, ""):
            yield Linted(at="", text=sentence, findings=found)


def _as_it_stands(document: Document) -> Iterator[Linted]:
    """The texts in settings that cannot be used: every entry of every list by its code, and the rest by the plugin."""
    for name, enabled in document.plugins.items():
        rest = {key: value for key, value in enabled.settings.items() if not isinstance(value, list | tuple)}
        if found := _once(rest, name, minus=False):
            yield Linted(at=name, text=name, findings=found)
        reminders = [(path, row) for path, rows in reminders_of(enabled.settings) for row in rows]
        listed = [
            (field, row)
            for field, rows in without_reminders(enabled.settings).items()
            if isinstance(rows, list | tuple)
            for row in rows
        ]
        for field, row in (*listed, *reminders):
            if isinstance(row, Mapping):
                at = f"{name}/{row.get('code') or field}"
                minus = field.endswith(REMINDERS)
                found = _once(row, at, minus=minus)
                if found or field != CATEGORIES:
                    yield Linted(at=at, text=str(row.get("title") or at), findings=found)


def _once(value: object, at: str, *, minus: bool) -> tuple[Finding, ...]:
    """The red lines that any text in a value crosses, each once."""
    found = {one.code: one for text in _texts(value) for one in reversed(lint_text(text, at, minus=minus))}
    return tuple(found.values())


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield f"{value.get('title', '')}:{value.get('how', '')}"  # one sentence, as an item is read
        for inside in value.values():
            yield from _texts(inside)
    elif isinstance(value, list | tuple):
        for inside in value:
            yield from _texts(inside)


def _offered(offered: Offered, document: Document) -> Iterator[Linted]:
    """Everything that is offered, and the settings that cross a line by themselves."""
    by_place: dict[str, list[Finding]] = {}
    for finding in offered.findings(document.plugins):
        by_place.setdefault(finding.at, []).append(finding)
    names: Mapping[str, str] = offered.names()
    for code in (*names, *(name for name in document.plugins if name in by_place)):
        yield Linted(at=code, text=names.get(code, code), findings=tuple(by_place.get(code, ())))
