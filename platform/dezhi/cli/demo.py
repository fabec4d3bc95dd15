"""`dezhi demo`: the demo township with a year of invented deeds."""

import logging
import os
import sys
from pathlib import Path

import msgspec
import rich_click as click

from dezhi.app import furnish
from dezhi.cli.listening import check, check_assets
from dezhi.cli.serve import open_doors
from dezhi.cli.terminal import bar, console, plugin_options, run, say, serving_options, settings_with
from dezhi.core.text import N_, phrase
from dezhi.service.demo.mark import Mark, read as read_mark
from dezhi.service.house import House
from dezhi.settings import Settings
from dezhi.web import logs


@click.command()
@serving_options
@plugin_options
def demo(
    *, host: str | None, port: int | None, data_dir: Path | None, with_plugins: tuple[Path, ...], safe: bool
) -> None:
    """Serve the demo township 上坝镇, with a year of invented deeds and one-tap log-ins."""
    check_assets()
    logs.spare_requests()
    folders = tuple(folder.resolve() for folder in with_plugins)
    settings = settings_with(
        host=host, port=port, data_dir=data_dir, demo=True, with_plugins=folders, safe_mode=safe or None
    )
    if data_dir is None and settings.data_dir == Settings().data_dir:
        settings = msgspec.structs.replace(settings, data_dir=settings.data_dir / "demo")
    # late: the demo's generator is of no use to a real installation
    from dezhi.service.demo.villages import HOME

    settings = msgspec.structs.replace(settings, home=settings.home or HOME)
    if read_mark(settings.data_dir) is None:
        # Plugins score the demo's year; only what is served afterwards is served without them.
        run(_found(msgspec.structs.replace(settings, safe_mode=False)), settings)
        # Spelling two thousand names took 100 MB: a fresh process serves, in this one's place and under its id.
        os.execv(sys.executable, [sys.executable, "-m", "dezhi", *sys.argv[1:]])  # noqa: S606 - no shell is wanted
    open_doors(settings, _welcome)


async def _found(settings: Settings) -> None:
    """Make the demo's data and leave."""
    check(settings)
    console.print(say(N_("正在造示范镇一年的数据，约一分钟…")), soft_wrap=True)
    # Great batches are slow by nature, and this process ends with them: nobody has to look into it.
    logging.getLogger("dezhi.slow").setLevel(logging.ERROR)
    house = await furnish(settings)
    try:
        await _load(house)
    finally:
        await house.close()


async def _load(house: House) -> Mark:
    # late: the demo's generator is of no use to a real installation
    from dezhi.service.demo.loading import load

    with bar(N_("正在准备演示数据")) as progress:
        return await load(house, progress)


async def _welcome(house: House, address: str) -> None:
    # late: as above
    from dezhi.service.demo.loading import log_ins

    note = await _load(house)
    console.print("\n" + say(phrase(N_("德治演示  %(address)s"), address=address)) + "\n", style="bold", soft_wrap=True)
    for door in log_ins(note):
        console.print("  " + say(door))
    console.print("\n" + say(N_("演示数据，人物均为虚构。按 Ctrl-C 结束。")) + "\n")
