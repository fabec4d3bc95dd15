"""`dezhi import`: deeds from a file, in a staff member's name."""

import asyncio
import sys
from collections import Counter
from pathlib import Path

import rich_click as click

from dezhi.app import furnish
from dezhi.cli.terminal import bar, console, data_dir_option, finish, language, run, say, settings_with
from dezhi.core.errors import Problem
from dezhi.core.staff import Role
from dezhi.core.text import N_, phrase
from dezhi.plugin import Asset
from dezhi.service.actors import Actor
from dezhi.service.deedfiles import BadLines, DeedFile
from dezhi.service.house import House
from dezhi.service.imports import Told, slices
from dezhi.settings import Settings
from dezhi.web import languages
from dezhi.web.visitors import ROLE_WORDS, actor_of
from dezhi.web.words import said_of

SHOWN = 20
"""Bad lines on the terminal; all of them are in the file beside."""


class _Count:
    """What became of the lines so far."""

    def __init__(self) -> None:
        self.booked = 0
        self.known = 0
        self.amounts = Counter[Asset]()

    def add(self, told: Told) -> None:
        """Count one line."""
        if told.done is None or told.problem is not None:
            return
        if told.done.replay or told.done.scored is None:
            self.known += 1
            return
        self.booked += 1
        for proposal in told.done.scored.proposals:
            for asset, amount in proposal.lines:
                self.amounts[asset] += amount


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--as", "login", required=True, metavar="LOGIN", help="The member of staff in whose name it is booked.")
@click.option("--village", default="", metavar="CODE", help="The village of lines that name none (12 digits).")
@click.option("--dry-run", is_flag=True, help="Book nothing; say what would be booked and what each bad line lacks.")
@click.option("--opening", is_flag=True, help="FILE has opening balances of a paper book, with assets and no items.")
@data_dir_option
def import_(file: Path, login: str, village: str, data_dir: Path | None, *, dry_run: bool, opening: bool) -> None:
    """Book the deeds of FILE: CSV with a header, or NDJSON (.ndjson, .jsonl).

    Columns: household, or number and village; item, day; person, minutes, points, note, key where they apply. Bad lines
    are left out, listed, and written to a file beside FILE; the exit status is 1 then. The same file again books
    nothing twice. On SQLite stop the server first; on PostgreSQL it may go on.
    """
    settings = settings_with(data_dir=data_dir)
    with finish(settings):
        read = DeedFile(file, village, opening=opening)
    count, bad = run(_import(settings, read, login, dry=dry_run), settings)
    told = N_("会记%(booked)s条（%(amounts)s），以前已经记过%(known)s条，有问题%(bad)s条。什么都没有记。")
    if not dry_run:
        told = N_("记好了%(booked)s条（%(amounts)s），以前已经记过%(known)s条，有问题%(bad)s条。")
    with languages.speaking(language()):
        amounts = languages.listed(said_of(asset, amount) for asset, amount in sorted(count.amounts.items()))
    values = {"booked": f"{count.booked:,}", "known": f"{count.known:,}", "bad": f"{bad.count:,}"}
    console.print(say(phrase(told, amounts=amounts or "—", **values)), soft_wrap=True)
    if bad.count:
        text = N_("有问题的行都在 %(file)s 里：改好以后，直接导入那份文件。")
        console.print(say(phrase(text, file=str(bad.path))), soft_wrap=True)
        sys.exit(1)


async def _import(settings: Settings, file: DeedFile, login: str, *, dry: bool) -> tuple[_Count, BadLines]:
    house = await furnish(settings)
    try:
        member = await house.staff.by_login(login)
        if not any(post.role is Role.CLERK for post in member.posts):
            text = N_("%(login)s 不是%(role)s，不能记分。")
            raise Problem("role", text, status=403, login=login, role=phrase(ROLE_WORDS[Role.CLERK]))
        return await _book(house, file, await actor_of(house, member), dry=dry)
    finally:
        await house.close()


async def _book(house: House, file: DeedFile, actor: Actor, *, dry: bool) -> tuple[_Count, BadLines]:
    """Book slice after slice; while one is written the next is read and scored."""
    count, waiting = _Count(), list[asyncio.Task[list[Told]]]()
    title = N_("正在核对") if dry else N_("正在导入")
    with bar(title) as progress, file.bad_lines(say) as bad:

        async def settle() -> None:
            told = await waiting.pop(0)
            for one in told:
                count.add(one)
                if one.problem is not None:
                    bad.add(one.line, one.problem)
                    _show(one.line.number, one.problem, bad.count)
            progress(told[-1].line.number, file.lines)

        try:
            for some in slices(file):
                waiting.append(asyncio.create_task(house.imports.slice(file, some, actor, dry=dry)))
                if len(waiting) > 1:
                    await settle()
            while waiting:
                await settle()
        finally:
            for task in waiting:
                task.cancel()
    await house.database.grown(count.booked)
    return count, bad


def _show(number: int, problem: Problem, so_far: int) -> None:
    if so_far <= SHOWN:
        text = N_("第%(number)s行：%(problem)s")
        console.print(say(phrase(text, number=number, problem=problem.phrase)), style="red", soft_wrap=True)
    elif so_far == SHOWN + 1:
        console.print(say(N_("……还有更多，都在那份文件里。")), style="red")
