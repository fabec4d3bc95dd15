"""The command line. Each command group has a file of its own; this one only gathers them."""

import rich_click as click

from dezhi import __version__
from dezhi.cli.backup import backup, backup_keys
from dezhi.cli.demo import demo
from dezhi.cli.doctor import doctor
from dezhi.cli.migrate import migrate
from dezhi.cli.plugin import plugin
from dezhi.cli.restore import restore
from dezhi.cli.serve import serve
from dezhi.web import logs


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="dezhi")
def main() -> None:
    """Dezhi 德治, a points platform for villages (乡村德治积分平台)."""
    logs.configure()


for command in (serve, demo, migrate, plugin, backup, backup_keys, restore, doctor):
    main.add_command(command)
