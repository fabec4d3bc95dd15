"""`dezhi shadow`: what drafts that run beside a village's programme would have given."""

from collections.abc import Sequence
from pathlib import Path

import msgspec
import rich_click as click
from rich.table import Table

from dezhi.app import utc_now
from dezhi.cli.terminal import console, data_dir_option, language, run, settings_with
from dezhi.core.errors import Problem
from dezhi.core.regions import Level
from dezhi.core.shadows import Difference, Shadow
from dezhi.core.text import N_
from dezhi.service.places import Places
from dezhi.settings import Settings
from dezhi.store import shadows as store
from dezhi.store.database import connect_beside
from dezhi.web import languages
from dezhi.web.shadows import STATES, sums_told, table_told

SHOWN_MAX = 20


@click.command()
@click.option("--village", required=True, metavar="CODE", help="The village (12 digits).")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object, for machines.")
@data_dir_option
def shadow(village: str, as_json: bool, data_dir: Path | None) -> None:  # noqa: FBT001 - a switch
    """List the drafts that run, or ran, beside a village's programme, and where they would have given something else.

    Begin and end them on the township's page or by the API. They are compared each night; no book is written.
    """
    settings = settings_with(data_dir=data_dir)
    told = run(_shadows(settings, village), settings)
    with languages.speaking(language()):
        if as_json:
            plain = [{"shadow": one, "differences": [each._asdict() for each in found]} for one, found in told]
            click.echo(msgspec.json.format(msgspec.json.encode({"shadows": plain})).decode())
            return
        for one, found in told:
            _print(one, found)


async def _shadows(settings: Settings, code: str) -> Sequence[tuple[Shadow, Sequence[Difference]]]:
    database = await connect_beside(settings.data_dir, settings.database_url, read_only=True)
    try:
        village = await Places(database, utc_now).by_code(code)
        if village is None or village.level is not Level.VILLAGE:
            raise Problem("region-unknown", N_("没有找到这个村镇或网格。"), status=404)
        shadows = await store.of_village(database, village.id, SHOWN_MAX)
        return [(one, await store.differences(database, one.id)) for one in shadows]
    finally:
        await database.close()


def _print(one: Shadow, found: Sequence[Difference]) -> None:
    state = languages.translate(STATES[one.state])
    console.print(f"{one.title}  {one.since}–{one.until}  {state}", markup=False, soft_wrap=True)
    for line in sums_told(one, found):
        console.print(f"· {line}", markup=False, soft_wrap=True)
    told = table_told(found)
    if told.rows:
        table = Table(*told.headings)
        for row in told.rows:
            table.add_row(*row.cells)
        console.print(table)
