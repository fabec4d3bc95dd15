"""`dezhi sheet`: a village's scoring sheet as a file."""

import asyncio
import sys
from pathlib import Path

import msgspec
import rich_click as click
from rich.markup import escape
from rich.table import Table

from dezhi.app import utc_now
from dezhi.cli.precedents import sheet_precedents
from dezhi.cli.sheetlint import sheet_diff, sheet_lint
from dezhi.cli.terminal import console, language, say
from dezhi.core import calendar
from dezhi.core.draft_files import is_sure, write_draft_file
from dezhi.core.errors import Problem
from dezhi.core.programme_files import read_programme_file, write_programme_file
from dezhi.core.text import N_, counted, phrase
from dezhi.host import Directory
from dezhi.plugin import Draft, Reading
from dezhi.service.readings import Readings
from dezhi.service.sheetbooks import read_sheet_book, write_sheet_book
from dezhi.service.sheetfiles import check_settings
from dezhi.web import draftwords, languages

READER = "dezhi-sheet"


@click.group()
@click.pass_context
def sheet(context: click.Context) -> None:
    """Read, check and compare scoring sheets (积分细则)."""
    if language() != languages.SOURCE:
        context.with_resource(languages.heard(languages.PluginTexts.of(Directory.installed())))


sheet.add_command(sheet_lint)
sheet.add_command(sheet_diff)
sheet.add_command(sheet_precedents)


@sheet.command("read")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--plugin", default=READER, show_default=True, help="The plugin whose rows they become.")
@click.option(
    "--to",
    "target",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the rows as a sheet (.toml) to go through; what is not sure stands in it as comments.",
)
@click.option("--json", "as_json", is_flag=True, help="Everything, for programs.")
def sheet_read(file: Path, plugin: str, *, target: Path | None, as_json: bool) -> None:
    """Read a village's own workbook FILE (.xlsx or CSV) as it is, and show the rows to be confirmed.

    Each has the cell it came from, what was understood, how sure that is (0 to 100) and what to look at. Nothing is
    adopted. The exit status is 1 when not one row was read. An existing file is not overwritten by --to.
    """
    if target is not None and (target.suffix != ".toml" or plugin != READER):
        text = N_("--to 只把 %(plugin)s 的细则写成 .toml 文件；要电子表格，写好以后用 dezhi sheet convert。")
        raise click.UsageError(say(phrase(text, plugin=READER)))
    try:
        data = file.read_bytes()
        reading = asyncio.run(Readings(Directory.installed()).read(plugin, data, 0, calendar.today(utc_now())))
    except Problem as problem:
        if as_json:
            click.echo(msgspec.json.encode({"code": problem.code, "problem": say(problem.phrase)}))
            sys.exit(1)
        raise click.ClickException(say(problem.phrase)) from problem
    except OSError as error:
        raise click.ClickException(f"{error.filename or file}: {error.strerror or error}") from error
    if target is not None and reading.drafts:
        _write_drafts(reading, file, target)
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(reading)))
    else:
        with languages.speaking(language()):
            _show(reading)
            if target is not None and reading.drafts:
                _say_written(reading, target)
    sys.exit(0 if reading.drafts else 1)


@sheet.command("convert")
@click.argument("source", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.argument("target", type=click.Path(path_type=Path, dir_okay=False))
def sheet_convert(source: Path, target: Path) -> None:
    """Write the sheet or programme SOURCE as TARGET: a .toml file as a workbook (.xlsx) to be filled in, or back.

    Nothing is lost either way. An existing TARGET is not overwritten. A village's own workbook is read by `read`.
    """
    try:
        directory = Directory.installed()
        found = directory.find(READER)
        if found is None:
            raise Problem("plugin-missing", N_("这里没有安装插件 %(plugin)s。"), plugin=READER)  # noqa: TRY301 - told below
        kind = found.declaration.settings
        data = source.read_bytes()
        file = read_programme_file(data) if source.suffix == ".toml" else read_sheet_book(data, kind)
        check_settings(directory, file.document, data if source.suffix == ".toml" else b"")
        written = write_programme_file(file) if target.suffix == ".toml" else write_sheet_book(file, kind)
        with target.open("xb") as out:
            out.write(written)
    except Problem as problem:
        raise click.ClickException(say(problem.phrase)) from problem
    except OSError as error:
        raise click.ClickException(f"{error.filename or target}: {error.strerror or error}") from error
    console.print(say(phrase(N_("写好了：%(file)s"), file=str(target))), soft_wrap=True)


def _write_drafts(reading: Reading, file: Path, target: Path) -> None:
    with languages.speaking(language()):
        head = [
            say(phrase(N_("从 %(file)s 读出的细则，还没有启用。"), file=file.name)),
            say(phrase(N_("前面有 #~ 的条目没有把握，还不算数：看好改好，把这几行前面的 #~ 去掉，才算进去。"))),
            *map(say, reading.passed_over),
        ]
        written = write_draft_file(reading, head, _told)
    try:
        with target.open("xb") as out:
            out.write(written)
    except OSError as error:
        raise click.ClickException(f"{error.filename or target}: {error.strerror or error}") from error


def _told(draft: Draft) -> list[str]:
    """What stands above a row that was read."""
    where = phrase(N_("%(at)s 原文：%(text)s"), at=draft.at, text=draft.text)
    read = phrase(N_("读成：%(says)s（把握 %(sure)s）"), says=_says(draft), sure=draft.confidence)
    return [say(where), say(read), *(say(phrase(N_("请看：%(doubt)s"), doubt=phrase(one))) for one in draft.doubts)]


def _say_written(reading: Reading, target: Path) -> None:
    unsure = sum(not is_sure(draft) for draft in reading.drafts)
    console.print(say(phrase(N_("写好了：%(file)s"), file=str(target))), soft_wrap=True)
    if unsure:
        said = counted("其中%(n)s条没有把握，前面有 #~，还不算数，请在文件里逐条看。", unsure)
        console.print(say(said), soft_wrap=True)
    text = N_("接着：dezhi sheet lint %(file)s，再 dezhi backtest --programme %(file)s。")
    console.print(say(phrase(text, file=str(target))), soft_wrap=True, markup=False)


def _says(draft: Draft) -> str:
    """What was understood, in the reader's language."""
    return draft.says if draft.says and language() == languages.SOURCE else draftwords.says_all(draft.row)


def _show(reading: Reading) -> None:
    table = Table(box=None, pad_edge=False)
    for title in (N_("单元格"), N_("条目"), N_("怎么读的"), N_("把握")):
        table.add_column(say(phrase(title)), overflow="fold")
    for draft in reading.drafts:
        doubts = [f"[yellow]{escape(say(doubt))}[/yellow]" for doubt in draft.doubts]
        says = "\n".join([escape(_says(draft)), *doubts])
        table.add_row(escape(draft.at), escape(draft.title), says, str(draft.confidence))
    if reading.drafts:
        console.print(table)
    titles = {str(draft.row.get("code")): draft.title for draft in reading.drafts}
    for part in draftwords.parts_said(reading.settings, titles):
        console.print(f"{part.label}：{part.text}", soft_wrap=True, markup=False)
    for sentence in reading.passed_over:
        console.print(escape(say(sentence)), style="dim", soft_wrap=True)
    console.print(say(counted("读出 %(n)s 条，都还没有启用，请逐条确认。", len(reading.drafts))), soft_wrap=True)
