"""`dezhi serve`: one installation served, by one process on SQLite, by one or several on PostgreSQL."""

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path

import rich_click as click
from granian.server.embed import Server

from dezhi.app import build, furnish
from dezhi.cli.collector import keep_what_stands
from dezhi.cli.listening import check, options
from dezhi.cli.terminal import console, plugin_options, run, say, serving_options, settings_with
from dezhi.core.text import N_, phrase
from dezhi.host import Directory
from dezhi.host.places import log as author
from dezhi.service.house import House
from dezhi.settings import WORKERS_MAX, Settings
from dezhi.web import logs

Welcome = Callable[[House, str], Awaitable[None]]
"""Prints what the operator must know about a house at an address."""


@click.command()
@serving_options
@click.option(
    "--workers",
    type=click.IntRange(1, WORKERS_MAX),
    help="Processes that serve (DEZHI_WORKERS; 1). More than one needs PostgreSQL.",
)
@plugin_options
@click.option("--demo", is_flag=True, help="Serve the demo township, as `dezhi demo` does.")
@click.pass_context
def serve(
    context: click.Context,
    *,
    host: str | None,
    port: int | None,
    data_dir: Path | None,
    workers: int | None,
    with_plugins: tuple[Path, ...],
    safe: bool,
    demo: bool,
) -> None:
    """Serve this installation. On an empty database it prints a one-time address to set it up."""
    if demo:
        # late: the demo's generator is of no use to a real installation
        from dezhi.cli.demo import demo as serve_demo

        given = {"host": host, "port": port, "data_dir": data_dir, "with_plugins": with_plugins, "safe": safe}
        context.invoke(serve_demo, **given)
        return
    settings = settings_with(
        host=host,
        port=port,
        data_dir=data_dir,
        workers=workers,
        safe_mode=safe or None,
        with_plugins=tuple(folder.resolve() for folder in with_plugins),
    )
    open_doors(settings, _welcome)


def open_doors(settings: Settings, welcome: Welcome) -> None:
    """Build the house of `settings`, let `welcome` print what the operator must know, and serve until told to stop.

    Raises `ClickException` in plain words.
    """
    check(settings)
    tell_of_plugins(settings)
    if settings.workers == 1:
        run(_serve(settings, welcome), settings)
        return
    run(_greet(settings, welcome), settings)
    # late: one process needs none of it
    from dezhi.cli.workers import serve_workers

    serve_workers(settings)


def tell_of_plugins(settings: Settings) -> None:
    """Say what is wrong with the plugins under development, before anything else: their author is looking."""
    if settings.safe_mode:
        console.print(say(N_("安全模式：插件都不运行。")), style="yellow")
    if not settings.with_plugins:
        return
    logs.spare_requests()
    author.handlers, author.propagate = [_Author()], False
    directory = Directory(folders=settings.with_plugins, safe=settings.safe_mode)
    for one in directory.every():
        text = phrase(N_("在用文件夹里的 %(name)s %(version)s，改了文件会重新读。"), name=one.name, version=one.version)
        console.print(say(text), soft_wrap=True)
    for fault in directory.faults:
        console.print(say(fault.problem.phrase), style="red", markup=False, soft_wrap=True)
        if fault.detail:
            console.print(fault.detail, style="dim", markup=False, soft_wrap=True)


class _Author(logging.Handler):
    """Prints what goes wrong with a plugin under development where its author looks, and not as a line of the log."""

    def emit(self, record: logging.LogRecord) -> None:
        told = vars(record)
        console.print(say(told["phrase"]), style="red" if told["detail"] else "yellow", markup=False, soft_wrap=True)
        if told["detail"]:
            console.print(told["detail"], style="dim", markup=False, soft_wrap=True)


async def _serve(settings: Settings, welcome: Welcome) -> None:
    house, site = await build(settings)
    try:
        await welcome(house, _address(settings))
        keep_what_stands()
        server = Server(site, **options(settings))

        def stop() -> None:
            # The server waits for its last answer, and a wall's stream has none.
            site.state.live.close()
            server.stop()  # type: ignore[no-untyped-call]

        loop = asyncio.get_running_loop()
        for name in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(name, stop)
        await server.serve()
    finally:
        await house.close()


async def _greet(settings: Settings, welcome: Welcome) -> None:
    """Find out before any worker starts whether the house stands, and greet the operator once."""
    house = await furnish(settings)
    try:
        await welcome(house, _address(settings))
    finally:
        await house.close()


def _address(settings: Settings) -> str:
    if settings.public_url:
        return settings.public_url
    host = "127.0.0.1" if settings.host in {"0.0.0.0", "::"} else settings.host  # noqa: S104 - what it is printed as
    scheme = "https" if settings.tls_cert else "http"
    return f"{scheme}://{f'[{host}]' if ':' in host else host}:{settings.port}"


async def _welcome(house: House, address: str) -> None:
    token = await house.setup.new_token()
    if token is not None:
        # Not wrapped: a line break inside the address would be copied with it.
        console.print("\n" + say(N_("这里还没有设置。请在浏览器打开（只能用一次）：")))
        console.print(f"[bold]{address}/setup/{token}[/bold]\n", soft_wrap=True)
    else:
        console.print("\n" + say(phrase(N_("德治  %(address)s"), address=address)) + "\n", soft_wrap=True)
