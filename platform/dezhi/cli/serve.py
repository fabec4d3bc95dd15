"""`dezhi serve`: one process that serves one installation."""

import asyncio
import contextlib
import signal
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path

import rich_click as click
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.embed import Server

from dezhi.app import build
from dezhi.cli.terminal import console, run, serving_options, settings_with
from dezhi.service.house import House
from dezhi.settings import Settings

BACKLOG = 1_024
HEADER_SECONDS = 10
"""How long a client may take to send its headers: a slow one costs a socket, not the village."""


@click.command()
@serving_options
def serve(host: str | None, port: int | None, data_dir: Path | None) -> None:
    """Serve this installation. On an empty database it prints a one-time address to set it up."""
    settings = settings_with(host=host, port=port, data_dir=data_dir)
    run(serve_house(settings, _welcome), settings)


def check_port(settings: Settings) -> None:
    """Say that a port is taken before anything is loaded. Raises `ClickException`."""
    with contextlib.closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise click.ClickException(
                f"{settings.host}:{settings.port} 用不了（{error.strerror}）。请换一个端口，例如 --port 8123。"
            ) from error


async def serve_house(settings: Settings, welcome: Callable[[House, str], Awaitable[None]]) -> None:
    """Build the house of `settings`, let `welcome` print what the operator must know, and serve until told to stop."""
    check_port(settings)
    house, site = await build(settings)
    try:
        await welcome(house, _address(settings))
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


def _address(settings: Settings) -> str:
    return f"http://{'127.0.0.1' if settings.host == '0.0.0.0' else settings.host}:{settings.port}"  # noqa: S104


async def _welcome(house: House, address: str) -> None:
    token = await house.setup.new_token()
    if token is not None:
        # Not wrapped: a line break inside the address would be copied with it.
        console.print("\n这里还没有设置。请在浏览器打开（只能用一次）：")
        console.print(f"[bold]{address}/setup/{token}[/bold]\n", soft_wrap=True)
    else:
        console.print(f"\n德治  {address}\n")
