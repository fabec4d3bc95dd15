"""`dezhi audit`: every row of the books derived again from their events."""

import sys
import time
from pathlib import Path

import msgspec
import rich_click as click

from dezhi.app import utc_now
from dezhi.cli.backup import place_of
from dezhi.cli.terminal import bar, console, data_dir_option, run, say, settings_with
from dezhi.core.faults import Audited
from dezhi.core.text import N_, phrase
from dezhi.service import audits


class NotAudited(click.ClickException):
    """It could not run, so nothing is known."""

    exit_code = 2


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object, for machines.")
@data_dir_option
def audit(as_json: bool, data_dir: Path | None) -> None:  # noqa: FBT001 - a switch
    """Derive every row of the books again from their events and name each that differs. Changes nothing.

    May run beside the server; one that was ended goes on where it stood. Ends with 0 if all is well, with 1 if
    anything differs, with 2 if it could not run.
    """
    begin = time.monotonic()
    try:
        settings = settings_with(data_dir=data_dir)
        with bar(N_("正在核对")) as progress:
            found = run(audits.run(place_of(settings), utc_now(), progress), settings)
    except click.ClickException as failed:
        raise NotAudited(failed.message) from failed
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(found)).decode())
    else:
        tell(found, time.monotonic() - begin)
    sys.exit(audits.CLEAN if found.is_clean else audits.DIFFERENT)


def tell(found: Audited, seconds: float) -> None:
    """Print what was found."""
    for one in found.books:
        text = N_("  账簿%(book)s：%(events)s 笔，账本的印 %(root)s")
        console.print(say(phrase(text, book=one.book, events=f"{one.events:,}", root=one.root[:16])))
    figures = {"events": f"{found.events:,}", "postings": f"{found.postings:,}", "seconds": f"{seconds:.1f}"}
    if found.is_clean:
        text = N_("账对得上：%(events)s 笔，%(postings)s 条分录，每一行都和原文一样（%(seconds)s 秒）")
        console.print(say(phrase(text, **figures)), style="green", soft_wrap=True)
        return
    for fault in found.faults:
        console.print(say(fault.phrase), style="red", soft_wrap=True, markup=False)
    text = N_("账对不上：一共 %(count)s 处，上面写了 %(named)s 处")
    console.print(say(phrase(text, count=found.count, named=len(found.faults))), style="red", soft_wrap=True)
    console.print(say(NEXT), soft_wrap=True)


NEXT = N_(
    "请先 dezhi backup 留下现在的样子，不要改数据库；再用最近一份对得上的备份核实。做法见 docs/guides/audit.zh-CN.md。"
)
