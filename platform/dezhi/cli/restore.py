"""`dezhi restore`: a backup back into an empty place, or only a look whether it could be."""

import time
from pathlib import Path

import rich_click as click

from dezhi.cli.backup import describe, place_of
from dezhi.cli.terminal import bar, console, data_dir_option, finish, run, say, settings_with
from dezhi.core.text import N_, phrase
from dezhi.service import backups
from dezhi.service.backups import Restored

_WITHOUT = {
    "pins": N_("这里没有备份时的密钥 pins：村民的 PIN 都不能用了，请在服务台重设，或者找到密钥文件重新恢复。"),
    "seal": N_("这里没有备份时的密钥 seal：旧封签照样能核对，新封签会用另一把钥匙签名，请把新公钥贴出来。"),
    "csrf": N_("这里没有备份时的密钥 csrf：没有妨碍，打开着的网页请刷新一下。"),
}
"""What no longer works without a key."""

WHERE = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}

_file = click.Path(path_type=Path, dir_okay=False, exists=True)


@click.command()
@click.argument("file", type=_file)
@click.option("--keys", "key_file", type=_file, help="The file of `dezhi backup-keys` of that time.")
@click.option("--check", is_flag=True, help="Only make sure that FILE is whole and its books add up. Changes nothing.")
@data_dir_option
def restore(file: Path, key_file: Path | None, check: bool, data_dir: Path | None) -> None:  # noqa: FBT001 - a switch
    """Restore FILE into an empty data directory, or into an empty PostgreSQL (DEZHI_MIGRATE_URL)."""
    settings = settings_with(data_dir=data_dir)
    if check:
        with bar(N_("正在核对")) as progress, finish(settings):
            manifest = backups.check(file, progress)
        console.print(say(phrase(N_("备份完整，账对得上：%(file)s"), file=str(file))), soft_wrap=True)
        describe(manifest, file)
        return
    begin = time.monotonic()
    with bar(N_("正在恢复")) as progress:
        done = run(backups.restore(place_of(settings), file, key_file, progress), settings)
    console.print(say(phrase(N_("恢复好了：%(file)s"), file=str(file))), soft_wrap=True)
    describe(done.manifest, file)
    _report(done, time.monotonic() - begin)
    _warn(done)


def _report(done: Restored, seconds: float) -> None:
    """Print the drill report: what is there now, beside what was there when the backup was made (SE-08)."""
    console.print(say(N_("演练记录（可以抄进值班本）：")))
    where, rows = WHERE.get(done.manifest.database, done.manifest.database), f"{done.manifest.rows:,}"
    text = N_("  备份来自 %(where)s，%(tables)s 张表 %(rows)s 行都恢复了")
    console.print(say(phrase(text, where=where, tables=len(done.manifest.tables), rows=rows)))
    text = N_("  恢复后重新核对：%(events)s 笔，%(postings)s 条分录，没有一行和原文不一样")
    audited = done.audited
    console.print(say(phrase(text, events=f"{audited.events:,}", postings=f"{audited.postings:,}")))
    text = N_("  %(books)s 本账簿的封签都和备份时的一样")
    console.print(say(phrase(text, books=len(audited.books))))
    console.print(say(phrase(N_("  用时 %(seconds)s 秒"), seconds=f"{seconds:.1f}")))


def _warn(done: Restored) -> None:
    console.print(
        say(N_("工作人员都要重新登录。备份以后停用的账号、挂失的卡、收回的权限又有效了，请检查一遍。")), soft_wrap=True
    )
    for name in done.other_keys:
        text = phrase(N_("这里没有备份时的密钥 %(name)s。"), name=name)
        console.print(say(_WITHOUT.get(name, text)), style="yellow", soft_wrap=True)
