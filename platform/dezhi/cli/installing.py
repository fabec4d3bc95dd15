"""`dezhi plugin install` and `dezhi plugin uninstall`: plugins as files, off line."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import rich_click as click
from rich.table import Table

from dezhi.app import utc_now
from dezhi.cli.terminal import console, data_dir_option, finish, language, run, say, settings_with
from dezhi.core.text import N_, Phrase, Text, phrase
from dezhi.plugin import Data, Permission
from dezhi.service import installing
from dezhi.service.installing import Offered, Ready

PERMISSIONS: Mapping[Permission, str] = {
    Permission.AWARD: N_("提出加分"),
    Permission.REFUSE: N_("拦下一笔加分或兑换，说明原因"),
    Permission.REWARD: N_("列出可以兑换的东西和价格"),
    Permission.BOARD: N_("提出榜单"),
    Permission.READ: N_("读村里自己的表格"),
    Permission.SCHEDULE: N_("说出哪天该记什么"),
    Permission.REPORT: N_("用全村的合计做报表"),
    Permission.NOTICE: N_("在记下的事后面加一句话"),
    Permission.PAGE: N_("有自己的公开页"),
}
DATA: Mapping[Data, str] = {
    Data.DEED: N_("哪件事、哪天、多久"),
    Data.HOLDER: N_("户、人、网格和村的随机编号"),
    Data.PARTICIPANTS: N_("同一件事里别的人的随机编号"),
    Data.HISTORY: N_("以前记过几次、一共多少"),
    Data.TOTALS: N_("全村每样每月的合计"),
}


@click.command("install")
@click.argument("file", type=click.Path(path_type=Path, exists=True))
@click.option(
    "--signature", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="Its signature (FILE.sig)."
)
@click.option("--unsigned", is_flag=True, help="Install a file that nobody signed.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object, for machines; needs --yes.")
@data_dir_option
def plugin_install(
    file: Path,
    signature: Path | None,
    *,
    unsigned: bool,
    yes: bool,
    as_json: bool,
    data_dir: Path | None,
) -> None:
    """Install the plugin in FILE (a wheel, a zip or a folder), off line. It runs apart from everything else.

    A running server has it within two seconds; it is switched on village by village.
    """
    if as_json and not yes:
        raise click.UsageError("--json needs --yes: nobody could be asked")
    settings = settings_with(data_dir=data_dir)
    with finish(settings):
        offered = installing.look_at(settings, file, signature)
    if not as_json:
        _print_card(offered)
    with finish(settings), installing.prepare(settings, offered, utc_now(), unsigned=unsigned) as ready:
        if ready.again and not as_json:
            console.print(say(N_("这个文件已经装过，会照原样再装一次。")), style="dim")
        if not yes and not click.confirm(say(N_("安装吗？")), default=False):
            raise click.Abort
        kept = installing.keep(settings, ready, utc_now())
        told = _machine(ready)
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode({**told, "place": str(kept.place)})).decode())
    else:
        text = phrase(N_("装好了：%(name)s %(version)s"), name=told["name"], version=told["version"])
        console.print(say(text), style="green")


@click.command("uninstall")
@click.argument("name")
@click.argument("version")
@click.option("--force", is_flag=True, help="Even while a village uses it.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object, for machines.")
@data_dir_option
def plugin_uninstall(name: str, version: str, *, force: bool, as_json: bool, data_dir: Path | None) -> None:
    """Take VERSION of the plugin NAME away. Everything that was booked by it stays, and stays readable."""
    settings = settings_with(data_dir=data_dir)
    run(installing.uninstall(settings, name, version, utc_now(), force=force), settings)
    if as_json:
        click.echo(msgspec.json.encode({"name": name, "version": version, "installed": False}).decode())
    else:
        console.print(say(phrase(N_("卸载了：%(name)s %(version)s"), name=name, version=version)))


def _print_card(offered: Offered) -> None:
    """What this plugin would be allowed, before anybody says yes, and also where it is refused."""
    manifest = offered.package.manifest
    english = language() == "en"
    card = Table.grid(padding=(0, 2))

    def line(title: Text, said: str) -> None:
        card.add_row(say(title), said)

    title = manifest.title.en if english else manifest.title.zh
    line(N_("插件"), f"{title}  {manifest.name} {manifest.version}")
    line(N_("说明"), manifest.summary.en if english else manifest.summary.zh)
    line(N_("作者"), f"{manifest.author}, {manifest.licence}")
    line(N_("签名"), offered.signer or say(N_("没有签名")))
    line(N_("SHA-256"), offered.package.sha)
    line(N_("范围"), manifest.scope.value)
    for permission in manifest.permissions:
        line(N_("许它"), say(Phrase(PERMISSIONS[permission], {})))
    for data in manifest.data:
        line(N_("它看到"), say(Phrase(DATA[data], {})))
    console.print(card)
    console.print(say(N_("它看不到姓名、电话和证件，碰不到账本，也上不了网。")), style="dim", soft_wrap=True)


def _machine(ready: Ready) -> dict[str, Any]:
    manifest = ready.package.manifest
    return {
        "name": manifest.name,
        "version": manifest.version,
        "sha256": ready.package.sha,
        "signer": ready.signer or None,
        "scope": manifest.scope.value,
        "permissions": [one.value for one in manifest.permissions],
        "data": [one.value for one in manifest.data],
    }
