"""`dezhi backtest`: past deeds played again under a draft, beside a running server or not."""

import logging
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import msgspec
import rich_click as click
from rich.table import Table

from dezhi.app import utc_now
from dezhi.cli.terminal import bar, console, data_dir_option, language, run, settings_with
from dezhi.core.backtest_grid import last_whole, year_to
from dezhi.core.backtest_result import Backtest
from dezhi.core.calendar import today
from dezhi.core.errors import Problem
from dezhi.core.regions import Level, Region
from dezhi.core.text import N_
from dezhi.host import Directory, Rosters
from dezhi.host.stored import FOLDER as PLUGINS
from dezhi.service.backtest_rules import Change, Proposed, Whole
from dezhi.service.backtests import Asked, Backtests
from dezhi.service.people import People
from dezhi.service.places import Places
from dezhi.service.programmes import Offered, Programmes
from dezhi.service.quarantines import Quarantines
from dezhi.service.sheetfiles import programme_of
from dezhi.service.sheets import Sheets
from dezhi.settings import Settings
from dezhi.store.database import Database, connect_beside
from dezhi.web import languages
from dezhi.web.backtest_tables import notes_of, sentences_of, tables_of


class _Chosen(msgspec.Struct, frozen=True, kw_only=True):
    """What the command line says."""

    village: str
    township: str
    since: date | None
    until: date | None
    plugin: str
    settings: dict[str, Any]
    version: int | None
    file: Path | None
    seed: int | None
    pairs: tuple[tuple[str, str], ...]


@click.command()
@click.option("--village", default="", metavar="CODE", help="The village whose deeds are played again (12 digits).")
@click.option("--township", default="", metavar="CODE", help="All villages of a township or county (12 digits).")
@click.option(
    "--from",
    "since",
    type=click.DateTime(["%Y-%m-%d"]),
    help="First day, made the first of its month (a year before --to).",
)
@click.option(
    "--to",
    "until",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Last day, made the last of its month (that of the last whole month).",
)
@click.option(
    "--programme",
    "file",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="A programme or bare sheet: a TOML file, or a workbook of `dezhi sheet convert`.",
)
@click.option("--plugin", default="", metavar="NAME", help="A plugin of the programme, with --set; or another one.")
@click.option("--set", "sets", multiple=True, metavar="NAME=VALUE", help="A setting of --plugin; may be repeated.")
@click.option("--version", type=click.IntRange(min=1), help="A version of the village's own programme.")
@click.option(
    "--as",
    "pairs",
    multiple=True,
    metavar="OLD=NEW",
    help="Count the deeds of an item under another row of the draft; codes or titles; may be repeated.",
)
@click.option("--seed", type=click.IntRange(min=0), help="Draw what nobody was asked then, instead of the usual.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object, for machines.")
@data_dir_option
def backtest(  # noqa: PLR0913 - one for each option
    *,
    village: str,
    township: str,
    since: datetime | None,
    until: datetime | None,
    file: Path | None,
    plugin: str,
    sets: Sequence[str],
    version: int | None,
    pairs: Sequence[str],
    seed: int | None,
    as_json: bool,
    data_dir: Path | None,
) -> None:
    """Play past deeds again under a draft: who would have gained or lost, which limits stop whom, what it costs.

    The draft is a whole programme (--programme), a version (--version), or the programme in force with a plugin's
    settings changed (--plugin, --set). Books are only read. What is about fewer than five households is not shown; for
    that, days are taken as whole months that are over, and the notes say which were used. Items of the past that have
    no row in the draft are listed with the row they may be: say so with --as, nothing is counted by a suggestion.
    """
    if bool(village) == bool(township):
        raise click.UsageError("give --village or --township")
    if [bool(file), bool(plugin), version is not None].count(True) != 1:
        raise click.UsageError("give one of --programme, --plugin and --version")
    if version is not None and township:
        raise click.UsageError("--version is of one --village")
    settings = settings_with(data_dir=data_dir)
    chosen = _Chosen(
        village=village,
        township=township,
        since=since.date() if since else None,
        until=until.date() if until else None,
        plugin=plugin,
        settings=dict(_setting(one) for one in sets),
        version=version,
        file=file,
        seed=seed,
        pairs=tuple(_pair(one) for one in pairs),
    )
    found = run(_backtest(settings, chosen), settings)
    with languages.speaking(language()):
        if as_json:
            told = {"findings": sentences_of(found), "notes": notes_of(found), "result": found}
            click.echo(msgspec.json.format(msgspec.json.encode(told)).decode())
        else:
            _print(found)


def _setting(text: str) -> tuple[str, Any]:
    """`name=value`; a value that is JSON (a number, true, false) is one, all else is text."""
    name, sign, value = text.partition("=")
    if not sign or not name:
        raise click.UsageError(f"--set {text}: write NAME=VALUE")
    try:
        return name, msgspec.json.decode(value)
    except msgspec.DecodeError:
        return name, value


def _pair(text: str) -> tuple[str, str]:
    """`old=new`."""
    old, _sign, new = text.partition("=")
    if not old.strip() or not new.strip():
        raise click.UsageError(f"--as {text}: write OLD=NEW, codes or titles")
    return old.strip(), new.strip()


async def _backtest(settings: Settings, chosen: _Chosen) -> Backtest:
    # Reading years at once is slow by nature, and whoever waits for the tables has no use for lines of a log.
    logging.getLogger("dezhi.slow").setLevel(logging.ERROR)
    database = await connect_beside(settings.data_dir, settings.database_url, read_only=True)
    directory = Directory.installed(settings.data_dir / PLUGINS, settings.with_plugins)
    try:
        quarantines = Quarantines(database, directory, utc_now)
        # A plugin that hangs here is held in this process alone: nothing is written down.
        directory.ward.told = lambda _held: None
        sheets = Sheets(database, Rosters(directory), quarantines)
        service = Backtests(database, directory, sheets, People(database, utc_now), utc_now)
        villages = await _villages(Places(database, utc_now), chosen)
        until = chosen.until or last_whole(today(utc_now()))
        asked = Asked(
            villages=tuple(villages),
            proposed=await _proposed(database, directory, chosen, villages),
            since=chosen.since or year_to(until),
            until=until,
            seed=chosen.seed,
            pairs=chosen.pairs,
        )
        with bar(N_("正在试算")) as progress:
            return await service.run(asked, progress)
    finally:
        directory.close()
        await database.close()


async def _villages(places: Places, chosen: _Chosen) -> Sequence[Region]:
    found = await places.by_code(chosen.village or chosen.township)
    if found is None or (found.level is Level.VILLAGE) != bool(chosen.village):
        raise Problem("region-unknown", N_("没有找到这个村镇或网格。"), status=404)
    return [found] if chosen.village else await places.villages(found.id)


async def _proposed(database: Database, directory: Directory, chosen: _Chosen, villages: Sequence[Region]) -> Proposed:
    if chosen.file is not None:
        return Whole.of(programme_of(directory, chosen.file.suffix.lower(), chosen.file.read_bytes()))
    if chosen.version is None:
        return Change(plugin=chosen.plugin, settings=chosen.settings)
    history = await Programmes(database, utc_now, lambda *_: Offered(items={})).history(villages[0].id)
    one = next((one for one in history if one.version == chosen.version), None)
    if one is None:
        raise Problem("programme-unknown", N_("没有这个方案。"), status=404)
    return Whole(title=one.title, document=one.document)


def _print(found: Backtest) -> None:
    for number, line in enumerate(sentences_of(found)):
        console.print(f"· {line}", soft_wrap=True, markup=False, style=None if number else "bold")
    for one in tables_of(found, codes=True):
        table = Table(title=one.title, title_justify="left", caption=one.note or None, caption_justify="left")
        for number, heading in enumerate(one.headings):
            table.add_column(heading, justify="right" if number and one.figures else "left", overflow="fold")
        for row in one.rows:
            table.add_row(*row.cells)
        console.print()
        console.print(table)
    console.print()
    for line in notes_of(found):
        console.print(line, soft_wrap=True, markup=False, style="dim")
