"""What every command shares: the console, the settings with their options, and how trouble is told."""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import rich_click as click
from rich.console import Console

from dezhi.core.errors import Problem
from dezhi.settings import BadSetting, Settings, read

T = TypeVar("T")

console = Console(highlight=False)

data_dir_option = click.option(
    "--data-dir", type=click.Path(path_type=Path, file_okay=False), help="Where data is kept (DEZHI_DATA_DIR)."
)
_host_option = click.option("--host", help="Address to listen on (DEZHI_HOST; 127.0.0.1).")
_port_option = click.option("--port", type=click.IntRange(1, 65_535), help="Port to listen on (DEZHI_PORT; 8000).")


def serving_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of everything that listens: `host`, `port`, `data_dir`; None where not given."""
    return _host_option(_port_option(data_dir_option(command)))


def settings_with(**given: object) -> Settings:
    """The settings of the environment, with what the command line gave in their place.

    Raises `ClickException` for a setting that cannot be used.
    """
    try:
        return msgspec.structs.replace(read(), **{name: value for name, value in given.items() if value is not None})
    except BadSetting as bad:
        raise click.ClickException(str(bad)) from bad


def run(work: Coroutine[Any, Any, T], settings: Settings) -> T:
    """Run a command's work to its end and return what it returns. Raises `ClickException` in plain words."""
    try:
        return asyncio.run(work)
    except Problem as problem:
        raise click.ClickException(problem.say()) from problem
    except OSError as error:
        raise click.ClickException(f"{error.filename or settings.data_dir}: {error.strerror or error}") from error
