"""`dezhi migrate`: the database's tables brought to what this program needs."""

from collections.abc import Sequence
from pathlib import Path

import rich_click as click

from dezhi.cli.terminal import console, data_dir_option, run, say, settings_with
from dezhi.core.text import N_, counted
from dezhi.settings import Settings
from dezhi.store.database import upgrade, upgrade_file


@click.command()
@data_dir_option
def migrate(data_dir: Path | None) -> None:
    """Bring the database's tables up to this program, and say what was done.

    On PostgreSQL it works as the owner of the tables (DEZHI_MIGRATE_URL; DEZHI_DATABASE_URL where that is not set) and
    lets the user of DEZHI_DATABASE_URL work on them without changing history. Running it again does no harm.
    """
    settings = settings_with(data_dir=data_dir)
    done = run(_upgrade(settings), settings)
    for name in done:
        console.print(name)
    some = counted("做了 %(n)s 步，数据库和程序一致。", len(done))
    console.print(say(some if done else N_("没有要做的，数据库和程序一致。")))
    if settings.database_url and not settings.migrate_url:
        text = N_("没有设置 DEZHI_MIGRATE_URL：运行德治的用户就是表的主人，数据库挡不住它改历史。")
        console.print(say(text), style="yellow")


async def _upgrade(settings: Settings) -> Sequence[str]:
    if not settings.database_url:
        return await upgrade_file(settings.data_dir)
    return await upgrade(settings.migrate_url or settings.database_url, settings.database_url)
