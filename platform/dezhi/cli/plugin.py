"""`dezhi plugin`: the plugins of this installation."""

import sys

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
