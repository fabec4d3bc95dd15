"""`dezhi sheet lint` and `dezhi sheet diff`: what a sheet may not say, and what another one changes."""

import asyncio
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import rich_click as click
from rich.markup import escape

from dezhi.app import utc_now
from dezhi.cli.terminal import console, run, say, settings_with
from dezhi.core import calendar
from dezhi.core.differences import Difference, differences
from dezhi.core.programmes import Document
from dezhi.core.redlines import blocks
from dezhi.core.text import N_, counted, phrase
from dezhi.host import Directory
from dezhi.host.stored import FOLDER as PLUGINS
from dezhi.service.offers import offer_of
from dezhi.service.sheetfiles import Linted, Looked, context_of, document_of, lint_file

_FILE = click.Path(path_type=Path, dir_okay=False, exists=True)
_LEVELS = {"block": N_("不能用"), "warn": N_("要改")}


@click.command("lint")
@click.argument("file", type=_FILE)
@click.option("--json", "as_json", is_flag=True, help="Everything, for programs.")
def sheet_lint(file: Path, *, as_json: bool) -> None:
    """Look for red lines in FILE: a programme or sheet (.toml), a workbook (.xlsx, .csv), or a text, one item a line.

    Each line that crosses one is shown with the words, the article, why, and what would be allowed instead. The exit
    status is 1 when anything may not be adopted, and when there is nothing in FILE to look at.
    Faults of form are told too, and do not hide red lines.
    """
    looked = run(_lint(file), settings_with())
    linted, fault = looked.lines, looked.fault
    if not linted and fault is None and not as_json:
        raise click.ClickException(say(phrase(N_("这个文件里一条也没有，没有看出什么。"))))
    forbidden = sum(bool(blocks(one.findings)) for one in linted)
    if as_json:
        problem = say(fault.phrase) if fault else ""
        told = {**_told(linted), "passed_over": list(map(say, looked.passed_over)), "problem": problem}
        click.echo(msgspec.json.format(msgspec.json.encode(told)))
    else:
        _show(linted)
        for sentence in looked.passed_over:
            console.print(f"· {say(sentence)}", soft_wrap=True, markup=False)
        doubtful = sum(bool(one.findings) for one in linted) - forbidden
        console.print(say(counted("看了%(n)s条。", len(linted))), end=" ", soft_wrap=True)
        text = N_("碰了红线、不能用的：%(forbidden)s条；要改一改的：%(doubtful)s条。")
        console.print(say(phrase(text, forbidden=forbidden, doubtful=doubtful)), soft_wrap=True)
        if fault is not None:
            raise click.ClickException(say(fault.phrase))
    sys.exit(1 if forbidden or fault or not linted else 0)


@click.command("diff")
@click.argument("before", type=_FILE)
@click.argument("after", type=_FILE)
@click.option("--json", "as_json", is_flag=True, help="Everything, for programs.")
def sheet_diff(before: Path, after: Path, *, as_json: bool) -> None:
    """Say in sentences what AFTER changes against BEFORE: programmes or sheets (.toml), or workbooks (.xlsx, .csv)."""
    found = run(_diff(before, after), settings_with())
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode([_told_difference(one) for one in found])))
        return
    for one in found:
        console.print(f"· {say(one.sentence)}", soft_wrap=True, markup=False)
    if not found:
        console.print(say(phrase(N_("没有区别。"))), soft_wrap=True)


async def _lint(file: Path) -> Looked:
    data = await asyncio.to_thread(file.read_bytes)
    return await lint_file(_directory(), file.suffix.lower(), data, calendar.today(utc_now()))


async def _diff(before: Path, after: Path) -> Sequence[Difference]:
    was, now = [await _document(file) for file in (before, after)]
    context = context_of(calendar.today(utc_now()))
    old, new = [offer_of(_directory(), document, context).items for document in (was, now)]
    return differences(old, new, was, now)


async def _document(file: Path) -> Document:
    data = await asyncio.to_thread(file.read_bytes)
    return await document_of(_directory(), file.suffix.lower(), data, calendar.today(utc_now()))


def _directory() -> Directory:
    return Directory.installed(settings_with().data_dir / PLUGINS)


def _show(linted: Sequence[Linted]) -> None:
    for one in linted:
        if not one.findings:
            continue
        console.print(f"{one.at}  {escape(one.text)}".strip(), soft_wrap=True, style="bold")
        for finding in one.findings:
            level = say(phrase(_LEVELS[finding.level]))
            colour = "red" if finding.level == "block" else "yellow"
            console.print(f"  [{colour}]{finding.code} {level}[/{colour}] {escape(finding.text)}", soft_wrap=True)
            console.print(f"    {say(phrase(finding.reason))}", soft_wrap=True, markup=False)
            console.print(f"    {say(phrase(finding.article))}", soft_wrap=True, markup=False, style="dim")


def _told(linted: Sequence[Linted]) -> Mapping[str, Any]:
    return {
        "lines": [
            {
                "at": one.at,
                "text": one.text,
                "codes": [finding.code for finding in one.findings],
                "findings": [
                    {
                        "code": finding.code,
                        "level": finding.level,
                        "words": finding.text,
                        "reason": say(phrase(finding.reason)),
                        "article": say(phrase(finding.article)),
                    }
                    for finding in one.findings
                ],
            }
            for one in linted
        ],
        "blocked": sum(bool(blocks(one.findings)) for one in linted),
    }


def _told_difference(one: Difference) -> Mapping[str, str]:
    told = {name: say(getattr(one, name)) for name in ("title", "before", "after", "sentence")}
    return {"kind": one.kind.value, "code": one.code, "field": one.field, **told}
