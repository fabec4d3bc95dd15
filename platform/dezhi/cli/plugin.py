"""`dezhi plugin`: the plugins of this installation."""

import sys
from pathlib import Path

import rich_click as click

from dezhi.cli.terminal import console


@click.group()
def plugin() -> None:
    """Look after plugins."""


@plugin.command("list")
def plugin_list() -> None:
    """List the plugins installed here, and those that cannot be used with the reason."""
    # late: only this command needs the plugins without the rest of the house
    from dezhi.host import Directory

    directory = Directory.installed()
    for name, installed in sorted(directory.plugins.items()):
        console.print(f"{name} {installed.manifest.version}  {installed.manifest.title.zh}")
    for fault in directory.faults:
        console.print(f"{fault.name}  不能用：{fault.problem.say()}", style="red")
    sys.exit(1 if directory.faults else 0)


@plugin.command("new")
@click.argument("name")
@click.option("--folder", type=click.Path(path_type=Path, file_okay=False), help="Where to write it (./NAME).")
def plugin_new(name: str, folder: Path | None) -> None:
    """Write a new plugin called NAME: small, complete and tested, to be changed."""
    # late: only this command writes a plugin
    from dezhi.cli.template import write_plugin

    folder = folder or Path(name)
    try:
        files = write_plugin(name, folder)
    except FileExistsError as taken:
        raise click.ClickException(f"{folder} 里已经有东西，没有写。请换一个文件夹。") from taken
    except ValueError as bad:
        raise click.ClickException(
            f"{name!r} 不能做插件的名字：用小写字母、数字和连字符，字母开头，例如 my-village（{bad}）。"
        ) from bad
    except OSError as error:
        raise click.ClickException(f"{error.filename or folder}: {error.strerror or error}") from error
    console.print(f"写好了 {len(files)} 个文件：{folder}", soft_wrap=True)
    console.print(f"接着：pip install -e {folder} && python -m pytest {folder}", soft_wrap=True)
