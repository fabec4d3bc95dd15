"""`dezhi backup` and `dezhi backup-keys`: everything in one file, and what protects it in another."""

import sys
from pathlib import Path

import rich_click as click

from dezhi.app import utc_now
from dezhi.cli.terminal import bar, console, data_dir_option, finish, run, say, settings_with
from dezhi.core.backups import Manifest
from dezhi.core.text import N_, phrase
from dezhi.service import backups
from dezhi.service.backups import Place
from dezhi.settings import Settings

_new_file = click.argument("file", type=click.Path(path_type=Path, dir_okay=False))


def place_of(settings: Settings) -> Place:
    """Where an installation's data is."""
    return Place(data_dir=settings.data_dir, database_url=settings.database_url, migrate_url=settings.migrate_url)


@click.command()
@_new_file
@data_dir_option
def backup(file: Path, data_dir: Path | None) -> None:
    """Back everything but the keys up to FILE, while serving or not. The file is read back before it gets its name.

    Keys are kept apart: `dezhi backup-keys`.
    """
    settings = settings_with(data_dir=data_dir)
    with bar(N_("正在备份")) as progress:
        done = run(backups.back_up(place_of(settings), file, utc_now(), progress), settings)
    console.print(say(phrase(N_("备份好了：%(file)s"), file=str(file))), soft_wrap=True)
    describe(done.manifest, file)
    for problem in done.left_out:
        console.print(say(phrase(N_("没有放进备份：%(why)s"), why=problem.phrase)), style="yellow", soft_wrap=True)
    for fault in done.audited.faults:
        console.print(say(fault.phrase), style="red", soft_wrap=True, markup=False)
    if not done.audited.is_clean:
        text = N_("备份和数据库一样，但账对不上：请保留这份文件，先不要再记账，告诉管理员。")
        console.print(say(text), style="red", soft_wrap=True)
        sys.exit(1)
    text = N_(
        "密钥不在里面。请用 dezhi backup-keys 另存一份，放在别人拿不到的地方；没有它，恢复以后村民的 PIN 都要重设。"
    )
    console.print(say(text), soft_wrap=True)


@click.command("backup-keys")
@_new_file
@data_dir_option
def backup_keys(file: Path, data_dir: Path | None) -> None:
    """Write the keys to FILE, which only you may read. Keep it away from the backups."""
    settings = settings_with(data_dir=data_dir)
    with finish(settings):
        names = backups.back_up_keys(settings.data_dir, file, utc_now())
    text = N_("密钥存好了：%(file)s（%(names)s）。不要和备份放在一起：谁两样都有，就能猜出村民的 PIN。")
    console.print(say(phrase(text, file=str(file), names="、".join(names))), soft_wrap=True)


def describe(manifest: Manifest, file: Path) -> None:
    """Print what a backup holds: its age and size, and where each book stood."""
    text = N_("  %(at)s，德治 %(dezhi)s，%(rows)s 行，%(size)s KB")
    values = {
        "at": manifest.made_at.astimezone().strftime("%Y-%m-%d %H:%M"),
        "dezhi": manifest.dezhi,
        "rows": f"{manifest.rows:,}",
        "size": f"{-(-file.stat().st_size // 1024):,}",
    }
    console.print(say(phrase(text, **values)))
    if versions := sorted({tuple(file.path.split("/")[:2]) for file in manifest.plugins}):
        named = "、".join(f"{name} {version}" for name, version in versions)
        console.print(say(phrase(N_("  从文件安装的插件：%(plugins)s"), plugins=named)), soft_wrap=True)
    for head in manifest.heads:
        text = N_("  账簿%(book)s：%(events)s 笔，账本的印 %(root)s")
        console.print(say(phrase(text, book=head.book, events=f"{head.events:,}", root=head.root[:16])))
