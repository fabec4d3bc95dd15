"""The command line: `dezhi serve`, `dezhi demo`, `dezhi plugin list`."""

import asyncio
import contextlib
import logging
import os
import signal
import socket
import sys
from collections.abc import Coroutine
from pathlib import Path

import msgspec
import rich_click as click
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.embed import Server
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from dezhi import __version__
from dezhi.app import build, furnish
from dezhi.core.errors import Problem
from dezhi.service.demo.mark import Mark, read as read_mark
from dezhi.service.house import House
from dezhi.settings import BadSetting, Settings, read

BACKLOG = 1_024
HEADER_SECONDS = 10
"""How long a client may take to send its headers: a slow one costs a socket, not the village."""

console = Console(highlight=False)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="dezhi")
def main() -> None:
    """Dezhi 德治, a points platform for villages (乡村德治积分平台)."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    # It tells the version of SQLite at every start; its warnings still come.
    logging.getLogger("piccolo").setLevel(logging.WARNING)


@main.command()
@click.option("--host", help="Address to listen on (DEZHI_HOST; 127.0.0.1).")
@click.option("--port", type=click.IntRange(1, 65_535), help="Port to listen on (DEZHI_PORT; 8000).")
@click.option(
    "--data-dir", type=click.Path(path_type=Path, file_okay=False), help="Where data is kept (DEZHI_DATA_DIR)."
)
def serve(host: str | None, port: int | None, data_dir: Path | None) -> None:
    """Serve this installation. On an empty database it prints a one-time address to set it up."""
    settings = _settings(host=host, port=port, data_dir=data_dir)
    _run(_serve(settings), settings)


@main.command()
@click.option("--host", help="Address to listen on (DEZHI_HOST; 127.0.0.1).")
@click.option("--port", type=click.IntRange(1, 65_535), help="Port to listen on (DEZHI_PORT; 8000).")
@click.option(
    "--data-dir", type=click.Path(path_type=Path, file_okay=False), help="Where data is kept (DEZHI_DATA_DIR)."
)
def demo(host: str | None, port: int | None, data_dir: Path | None) -> None:
    """Serve the demo township 上坝镇, with a year of invented deeds and one-tap log-ins."""
    settings = _settings(host=host, port=port, data_dir=data_dir, demo=True)
    if data_dir is None and settings.data_dir == Settings().data_dir:
        settings = msgspec.structs.replace(settings, data_dir=settings.data_dir / "demo")
    # late: the demo's generator is of no use to a real installation
    from dezhi.service.demo.villages import HOME

    settings = msgspec.structs.replace(settings, home=settings.home or HOME)
    if read_mark(settings.data_dir) is None:
        _run(_found_demo(settings), settings)
        # Spelling two thousand names took 100 MB: a fresh process serves, in this one's place and under its id.
        os.execv(sys.executable, [sys.executable, "-m", "dezhi", *sys.argv[1:]])  # noqa: S606 - no shell is wanted
    _run(_serve(settings), settings)


@main.group()
def plugin() -> None:
    """Look after plugins."""


@plugin.command("list")
def plugin_list() -> None:
    """List the plugins installed here, and those that cannot be used with the reason."""
    # late: only this command needs the plugins without the rest of the house
    from dezhi.host import Directory

    directory = Directory.installed()
    for name, installed in sorted(directory.plugins.items()):
        console.print(f"{name} {installed.manifest.version}  {installed.manifest.title.zh}")
    for fault in directory.faults:
        console.print(f"{fault.name}  不能用：{fault.problem.say()}", style="red")
    sys.exit(1 if directory.faults else 0)


def _settings(**given: object) -> Settings:
    try:
        return msgspec.structs.replace(read(), **{name: value for name, value in given.items() if value is not None})
    except BadSetting as bad:
        raise click.ClickException(str(bad)) from bad


def _run(work: Coroutine[None, None, None], settings: Settings) -> None:
    try:
        asyncio.run(work)
    except Problem as problem:
        raise click.ClickException(problem.say()) from problem
    except OSError as error:
        raise click.ClickException(f"{error.filename or settings.data_dir}: {error.strerror or error}") from error


def _check_port(settings: Settings) -> None:
    """Say that a port is taken before anything is loaded."""
    with contextlib.closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise click.ClickException(
                f"{settings.host}:{settings.port} 用不了（{error.strerror}）。请换一个端口，例如 --port 8123。"
            ) from error


async def _serve(settings: Settings) -> None:
    _check_port(settings)
    house, site = await build(settings)
    try:
        await _welcome(house, settings)
        server = Server(
            site,
            address=settings.host,
            port=settings.port,
            interface=Interfaces.ASGI,
            http=HTTPModes.http1,
            websockets=False,
            backlog=BACKLOG,
            http1_settings=HTTP1Settings(header_read_timeout=HEADER_SECONDS * 1_000),
            log_level=LogLevels.error,  # its one warning is that embedding is young: ADR 0003 weighs that
        )
        loop = asyncio.get_running_loop()
        for name in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(name, server.stop)
        await server.serve()
    finally:
        await house.close()


async def _welcome(house: House, settings: Settings) -> None:
    address = f"http://{'127.0.0.1' if settings.host == '0.0.0.0' else settings.host}:{settings.port}"  # noqa: S104
    if settings.demo:
        await _welcome_to_demo(house, address)
        return
    token = await house.setup.new_token()
    if token is not None:
        # Not wrapped: a line break inside the address would be copied with it.
        console.print("\n这里还没有设置。请在浏览器打开（只能用一次）：")
        console.print(f"[bold]{address}/setup/{token}[/bold]\n", soft_wrap=True)
    else:
        console.print(f"\n德治  {address}\n")


async def _found_demo(settings: Settings) -> None:
    """Make the demo's data and leave."""
    _check_port(settings)
    house = await furnish(settings)
    try:
        await _load_demo(house)
    finally:
        await house.close()


async def _load_demo(house: House) -> Mark:
    # late: the demo's generator is of no use to a real installation
    from dezhi.service.demo.loading import load

    columns = (TextColumn("正在准备演示数据"), BarColumn(), MofNCompleteColumn(), TextColumn("天"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=None)
        return await load(house, lambda done, of: bar.update(task, completed=done, total=of))


async def _welcome_to_demo(house: House, address: str) -> None:
    # late: as above
    from dezhi.service.demo.loading import log_ins

    note = await _load_demo(house)
    console.print(f"\n[bold]德治演示[/bold]  {address}\n")
    for who, how in log_ins(note):
        console.print(f"  {who:\u3000<4}{how}")
    console.print("\n演示数据，人物均为虚构。按 Ctrl-C 结束。\n")


if __name__ == "__main__":
    main()
