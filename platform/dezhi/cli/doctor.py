"""`dezhi doctor`: what is in use, what is wrong, and what to do about it."""

import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec
import rich_click as click

from dezhi import __version__
from dezhi.app import utc_now
from dezhi.cli import surroundings
from dezhi.cli.terminal import console, data_dir_option, run, say, settings_with
from dezhi.core.findings import Finding, Level, error
from dezhi.core.text import N_, phrase
from dezhi.service import doctor as service
from dezhi.settings import Settings

_MARKS = {Level.OK: "[green]✓[/green]", Level.WARNING: "[yellow]![/yellow]", Level.ERROR: "[red]✗[/red]"}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object, for machines.")
@data_dir_option
def doctor(as_json: bool, data_dir: Path | None) -> None:  # noqa: FBT001 - a switch
    """Say what is in use and what is wrong, with the next step. Changes nothing; may run beside the server.

    Ends with 1 if there is an error, with 0 if there are only warnings.
    """
    try:
        settings = settings_with(data_dir=data_dir)
    except click.ClickException as bad:
        text = phrase(N_("设置用不了：%(reason)s"), reason=bad.message)
        found: Sequence[Finding] = [error("settings", text, N_("请改好这个环境变量。"))]
    else:
        found = run(_look(settings), settings)
    _print_json(found) if as_json else _print(found)
    sys.exit(any(one.level is Level.ERROR for one in found))


async def _look(settings: Settings) -> Sequence[Finding]:
    return [*[one async for one in service.look(settings, utc_now())], *surroundings.look(settings)]


def _print(found: Sequence[Finding]) -> None:
    for one in found:
        console.print(_MARKS[one.level], end=" ")
        # Without markup: a path may have brackets.
        console.print(say(one.text), markup=False, soft_wrap=True)
        if one.step:
            console.print("  →", say(one.step), markup=False, soft_wrap=True)
    errors = sum(one.level is Level.ERROR for one in found)
    warnings = sum(one.level is Level.WARNING for one in found)
    console.print()
    if errors or warnings:
        text = phrase(N_("%(errors)s 处要马上处理，%(warnings)s 处要留意"), errors=errors, warnings=warnings)
    else:
        text = phrase(N_("都好"))
    console.print(say(text))


def _print_json(found: Sequence[Finding]) -> None:
    """Print the findings in the operator's language. Codes and levels are stable; words are not."""
    lines = [{"code": one.code, "level": one.level, "text": say(one.text), "step": say(one.step)} for one in found]
    click.echo(msgspec.json.format(msgspec.json.encode({"dezhi": __version__, "findings": lines})).decode())
