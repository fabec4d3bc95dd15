"""The command line. Each command has a file of its own; this one only gathers them."""

from importlib import import_module
from keyword import iskeyword
from typing import Final

import rich_click as click

from dezhi import __version__
from dezhi.web import logs

COMMANDS: Final = {
    "serve": "serve",
    "demo": "demo",
    "migrate": "migrate",
    "plugin": "plugin",
    "sheet": "sheet",
    "backup": "backup",
    "backup-keys": "backup",
    "restore": "restore",
    "import": "importing",
    "seal": "seal",
    "audit": "audit",
    "doctor": "doctor",
    "backtest": "backtest",
    "shadow": "shadow",
}
"""Each command and its file. A file is read when its command is asked for: serving needs nothing of the others."""


class _Commands(click.RichGroup):
    """The commands, each read at its first use."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command, in the order of the help."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, None where there is none."""
        if cmd_name in COMMANDS and cmd_name not in self.commands:
            function = cmd_name.replace("-", "_") + ("_" if iskeyword(cmd_name) else "")
            self.add_command(getattr(import_module(f"dezhi.cli.{COMMANDS[cmd_name]}"), function))
        return super().get_command(ctx, cmd_name)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="dezhi")
def main() -> None:
    """Dezhi 德治, a points platform for villages (乡村德治积分平台)."""
    logs.configure()
