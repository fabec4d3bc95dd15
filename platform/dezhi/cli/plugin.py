"""`dezhi plugin`: the plugins of this installation."""

import sys
from pathlib import Path

import rich_click as click

from dezhi.cli.checking import plugin_check
from dezhi.cli.terminal import console, language, say
from dezhi.core.text import N_, counted, phrase


@click.group()
def plugin() -> None:
    """Look after plugins."""


plugin.add_command(plugin_check)


@plugin.command("list")
def plugin_list() -> None:
    """List the plugins installed here, and those that cannot be used with the reason."""
    # late: only this command needs the plugins without the rest of the house
    from dezhi.host import Directory

    directory = Directory.installed()
    for name, installed in sorted(directory.plugins.items()):
        title = installed.manifest.title
        console.print(f"{name} {installed.manifest.version}  {title.en if language() == 'en' else title.zh}")
    for fault in directory.faults:
        text = phrase(N_("%(name)s  不能用：%(reason)s"), name=fault.name, reason=fault.problem.phrase)
        console.print(say(text), style="red")
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
        text = phrase(N_("%(folder)s 里已经有东西，没有写。请换一个文件夹。"), folder=folder)
        raise click.ClickException(say(text)) from taken
    except ValueError as bad:
        why = N_("“%(name)s”不能做插件的名字：用小写字母、数字和连字符，字母开头，例如 my-village（%(reason)s）。")
        raise click.ClickException(say(phrase(why, name=name, reason=bad))) from bad
    except OSError as error:
        raise click.ClickException(f"{error.filename or folder}: {error.strerror or error}") from error
    console.print(say(counted("写好了 %(n)s 个文件：%(folder)s", len(files), folder=folder)), soft_wrap=True)
    command = f"pip install -e {folder} && python -m pytest {folder}"
    console.print(say(phrase(N_("接着：%(command)s"), command=command)), soft_wrap=True)
