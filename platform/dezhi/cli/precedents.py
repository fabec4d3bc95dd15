"""`dezhi sheet precedents`: what a village decided by analogy, and the rows that could become of it."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

import msgspec
import rich_click as click
from rich.markup import escape
from rich.table import Table

from dezhi.app import utc_now
from dezhi.cli.terminal import console, data_dir_option, run, say, settings_with
from dezhi.core.calendar import today
from dezhi.core.errors import Problem
from dezhi.core.precedents import Precedent, proposed_rows
from dezhi.core.programme_files import SHEET, Part, ProgrammeFile, write_programme_file
from dezhi.core.regions import Level
from dezhi.core.text import N_, phrase
from dezhi.host import Directory, Rosters
from dezhi.service.places import Places
from dezhi.service.precedents import Precedents
from dezhi.service.quarantines import Quarantines
from dezhi.service.sheets import Sheets
from dezhi.settings import Settings
from dezhi.store.database import connect_beside

YEAR = timedelta(days=364)


@click.command("precedents")
@click.argument("village", metavar="CODE")
@click.option("--from", "since", type=click.DateTime(["%Y-%m-%d"]), help="First day (a year before --to).")
@click.option("--to", "until", type=click.DateTime(["%Y-%m-%d"]), help="Last day (today).")
@click.option("--toml", "as_toml", is_flag=True, help="Print them as rows for the sheet's file.")
@click.option("--json", "as_json", is_flag=True, help="Everything, for programs.")
@data_dir_option
def sheet_precedents(
    village: str,
    *,
    since: datetime | None,
    until: datetime | None,
    as_toml: bool,
    as_json: bool,
    data_dir: Path | None,
) -> None:
    """List what the village CODE (12 digits) decided by analogy, for its next talk about the sheet.

    With --toml each different reason becomes a row that can be put into the sheet, once the villagers adopted it.
    """
    settings = settings_with(data_dir=data_dir)
    last = until.date() if until else today(utc_now())
    found = run(_precedents(settings, village, since.date() if since else last - YEAR, last), settings)
    rows = proposed_rows(found)
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode({"precedents": found, "proposals": rows})).decode())
    elif as_toml:
        click.echo(write_programme_file(ProgrammeFile(plugins={SHEET: Part(settings={"items": list(rows)})})).decode())
    else:
        _show(found)


def _show(found: Sequence[Precedent]) -> None:
    if not found:
        console.print(say(phrase(N_("这段时间没有参照同类定过的事。"))))
        return
    table = Table(say(phrase(N_("日期"))), say(phrase(N_("照哪一条"))), say(phrase(N_("为什么"))))
    table.add_column(say(phrase(N_("给了多少"))), justify="right")
    for one in found:
        table.add_row(one.on.isoformat(), escape(one.like_title), escape(one.why), str(one.points))
    console.print(table)


async def _precedents(settings: Settings, code: str, since: date, until: date) -> Sequence[Precedent]:
    database = await connect_beside(settings.data_dir, settings.database_url, read_only=True)
    try:
        village = await Places(database, utc_now).by_code(code)
        if village is None or village.level is not Level.VILLAGE:
            raise Problem("region-unknown", N_("没有找到这个村镇或网格。"), status=404)
        directory = Directory(modules=())
        sheets = Sheets(database, Rosters(directory), Quarantines(database, directory, utc_now))
        return await Precedents(database, sheets).of(village.id, since, until)
    finally:
        await database.close()
