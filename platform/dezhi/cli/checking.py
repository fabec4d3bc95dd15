"""`dezhi plugin check`: how far a plugin has come."""

import contextlib
import sys
from pathlib import Path

import msgspec
import rich_click as click

from dezhi.cli.terminal import console, language, say
from dezhi.core.text import N_, phrase
from dezhi.web import languages

WORDS = {
    "none": N_("还没有等级"),
    "bronze": N_("铜级"),
    "silver": N_("银级"),
    "gold": N_("金级"),
}
STYLES = {"none": "red", "bronze": "yellow", "silver": "bright_white", "gold": "bright_yellow"}


@click.command("check")
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False), default=Path())
@click.option("--json", "as_json", is_flag=True, help="One JSON object, for machines.")
@click.option(
    "--least",
    type=click.Choice(["bronze", "silver", "gold"]),
    default="bronze",
    help="Exit with status 1 below this grade (bronze).",
)
def plugin_check(folder: Path, as_json: bool, least: str) -> None:  # noqa: FBT001 - a flag of the command line
    """Grade the plugin in FOLDER (.): bronze, silver or gold, with what is missing for the next grade.

    Its code is imported and its own tests are run, as its author would run them.
    """
    # late: grading brings pytest's kit and the host, which no other command needs
    from dezhi.testing.grading import Grade, grade

    try:
        # What the plugin prints is no part of the report, which machines read.
        with languages.speaking(language()), contextlib.redirect_stdout(sys.stderr):
            report = grade(folder.resolve(), _begin)
    except ValueError as error:
        text = phrase(N_("这里不是插件的文件夹：%(why)s"), why=error)
        raise click.ClickException(say(text)) from error
    steps = list(Grade)
    if as_json:
        click.echo(msgspec.json.encode(report).decode())
    else:
        said: set[str] = set()
        for finding in report.findings:
            mark = "[green]✓[/]" if finding.good else "[red]✗[/]"
            step = say(phrase(WORDS[finding.grade.value]))
            console.print(f"{mark} {step}  {say(phrase(finding.what))}", soft_wrap=True)
            if finding.why:
                why = say(N_("同上")) if finding.why in said else finding.why
                console.print(f"    {why}", style="red", markup=False, soft_wrap=True)
                said.add(finding.why)
        text = phrase(N_("%(name)s：%(grade)s"), name=report.name, grade=phrase(WORDS[report.grade.value]))
        console.print(say(text), style=STYLES[report.grade.value])
    sys.exit(0 if steps.index(report.grade) >= steps.index(Grade(least)) else 1)


def _begin(step: str) -> None:
    """Tell somebody who waits what is being done; a machine that reads along waits in silence."""
    if sys.stderr.isatty():
        click.echo(say(step), err=True)
