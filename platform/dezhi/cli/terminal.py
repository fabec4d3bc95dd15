"""What every command shares: the console, the settings with their options, and how trouble is told."""

import asyncio
import os
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import rich_click as click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from dezhi.core.errors import Problem
from dezhi.core.text import Text
from dezhi.settings import BadSetting, Settings, read
from dezhi.web import languages

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


def plugin_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command that serves what it may say of plugins: `with_plugins`, folders; `safe`."""
    folders = click.option(
        "--with",
        "with_plugins",
        type=click.Path(path_type=Path, exists=True, file_okay=False),
        multiple=True,
        help="A folder with a plugin under development; read again when it changes. May be given several times.",
    )
    safe = click.option("--safe", is_flag=True, help="Run no plugin at all (DEZHI_SAFE_MODE=1).")
    return folders(safe(command))


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
    with finish(settings):
        return asyncio.run(work)


@contextmanager
def finish(settings: Settings) -> Iterator[None]:
    """Raise a `ClickException` in plain words for trouble within the block."""
    try:
        yield
    except Problem as problem:
        raise click.ClickException(say(problem.phrase)) from problem
    except OSError as error:
        raise click.ClickException(f"{error.filename or settings.data_dir}: {error.strerror or error}") from error


def language(environment: Mapping[str, str] = os.environ) -> str:
    """The operator's language, as for any program of the system; Chinese where none is said."""
    wanted = next(filter(None, (environment.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    return "en" if wanted.startswith("en") else languages.SOURCE


def say(text: Text) -> str:
    """The text in the operator's language."""
    return languages.translate(text, language())


@contextmanager
def bar(title: Text) -> Iterator[Callable[[int, int], None]]:
    """Show a bar, where there is a terminal, while the block runs; tell it what is done, and of how much."""
    columns = (TextColumn(say(title)), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as shown:
        task = shown.add_task("", total=None)
        yield lambda done, total: shown.update(task, completed=done, total=total)
