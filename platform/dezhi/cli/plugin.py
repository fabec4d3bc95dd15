"""`dezhi plugin`: the plugins of this installation."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import rich_click as click

from dezhi.cli.checking import plugin_check
from dezhi.cli.installing import plugin_install, plugin_uninstall
from dezhi.cli.terminal import console, data_dir_option, language, say, settings_with
from dezhi.core.text import N_, counted, phrase

if TYPE_CHECKING:
    from dezhi.host import Directory


@click.group()
def plugin() -> None:
    """Look after plugins."""


plugin.add_command(plugin_check)
plugin.add_command(plugin_install)
plugin.add_command(plugin_uninstall)


@plugin.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object, for machines.")
@data_dir_option
def plugin_list(as_json: bool, data_dir: Path | None) -> None:  # noqa: FBT001 - a switch
    """List the plugins installed here, and those that cannot be used with the reason."""
    # late: only this command needs the plugins without the rest of the house
    from dezhi.host import Directory
    from dezhi.host.stored import FOLDER  # late: as above

    directory = Directory.installed(settings_with(data_dir=data_dir).data_dir / FOLDER)
    directory.close()
    if as_json:
        _print_json(directory)
    else:
        _print(directory)
    sys.exit(1 if directory.faults else 0)


def _print(directory: "Directory") -> None:
    for one in directory.every():
        title = one.manifest.title
        told = f"{one.name} {one.version}  {title.en if language() == 'en' else title.zh}"
        if one.sha:
            told += f"  {one.sha[:12]} {one.signer or say(N_('没有签名'))}"
        console.print(told, soft_wrap=True)
        for ageing in one.ageing:
            console.print(f"    {ageing}", style="yellow", markup=False, soft_wrap=True)
    for fault in directory.faults:
        name = f"{fault.name} {fault.version}".strip()
        text = phrase(N_("%(name)s  不能用：%(reason)s"), name=name, reason=fault.problem.phrase)
        console.print(say(text), style="red", soft_wrap=True)


def _print_json(directory: "Directory") -> None:
    told = {
        "plugins": [
            {
                "name": one.name,
                "version": one.version,
                "title": one.manifest.title.zh,
                "permissions": [each.value for each in one.manifest.permissions],
                "sha256": one.sha or None,
                "signer": one.signer or None,
                "apart": one.apart,
                "ageing": one.ageing,
            }
            for one in directory.every()
        ],
        "refused": [
            {
                "name": one.name,
                "version": one.version or None,
                "code": one.problem.code,
                "reason": say(one.problem.phrase),
            }
            for one in directory.faults
        ],
    }
    click.echo(msgspec.json.format(msgspec.json.encode(told)).decode())


@plugin.command("new")
@click.argument("name")
@click.option("--folder", type=click.Path(path_type=Path, file_okay=False), help="Where to write it (./NAME).")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object, for machines.")
def plugin_new(name: str, folder: Path | None, *, as_json: bool) -> None:
    """Write a new plugin called NAME: small, complete and tested, to be changed."""
    # late: only this command writes a plugin
    from dezhi.testing.template import write_plugin

    folder = folder or Path(name)
    try:
        files = write_plugin(name, folder)
    except FileExistsError as taken:
        text = phrase(N_("%(folder)s 里已经有东西，没有写。请换一个文件夹。"), folder=folder)
        raise click.ClickException(say(text)) from taken
    except ValueError as bad:
        why = N_("“%(name)s”不能做插件的名字：用小写字母、数字和连字符，字母开头，例如 my-village（%(reason)s）。")
        raise click.ClickException(say(phrase(why, name=name, reason=bad))) from bad
    except OSError as error:
        raise click.ClickException(f"{error.filename or folder}: {error.strerror or error}") from error
    if as_json:
        click.echo(msgspec.json.encode({"folder": str(folder), "files": [str(file) for file in files]}).decode())
        return
    console.print(say(counted("写好了 %(n)s 个文件：%(folder)s", len(files), folder=folder)), soft_wrap=True)
    command = f"python -m pytest {folder}"
    console.print(say(phrase(N_("接着：%(command)s"), command=command)), soft_wrap=True)
