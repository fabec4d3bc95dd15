"""Every command that a guide tells to type is one, with the options it names. Those for authors are run besides."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from dezhi.cli import main

pytestmark = pytest.mark.sqlite

ROOT = Path(__file__).resolve().parents[2]
GUIDES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/guides/*.md"), *ROOT.glob("docs/plugins/*.md")])
BLOCK = re.compile(r"^ *```(?:console|sh|bash)?\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
TYPED = re.compile(r"(?:^|&& |; |\| |-m |bin/|exec )dezhi +([^|;&#\n]*)")
END = re.compile(r"[<>(\[…]")
COMMANDS_LEAST = 40


def typed(guide: Path) -> Iterator[list[str]]:
    """The words after `dezhi` in every line of the guide's blocks."""
    for block in BLOCK.findall(guide.read_text(encoding="utf-8")):
        for line in block.replace("\\\n", " ").splitlines():
            for words in TYPED.findall(line.removeprefix("$ ").strip()):
                yield shlex.split(END.split(words)[0], posix=True)


def wrong(words: list[str]) -> str:
    """What is wrong with a command, or nothing."""
    command: click.Command = main
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        found = command.get_command(click.Context(command), words[0])
        if found is None:
            return f"no command {words[0]}"
        command, words = found, words[1:]
    known = {name for option in command.params for name in (*option.opts, *option.secondary_opts)} | {"--help"}
    known |= {"--version"} if command is main else set()
    named = [word.partition("=")[0] for word in words if re.fullmatch(r"--[a-z][a-z-]*(=.*)?", word)]
    return ", ".join(f"no option {name}" for name in named if name not in known)


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.relative_to(ROOT).as_posix())
def test_every_command_of_a_guide_is_one(guide: Path) -> None:
    assert [f"dezhi {' '.join(words)}: {fault}" for words in typed(guide) if (fault := wrong(words))] == []


def test_the_guides_are_read() -> None:
    found = [words for guide in GUIDES for words in typed(guide)]
    assert len(found) >= COMMANDS_LEAST
    assert {"sheet", "plugin", "backtest", "serve", "backup"} <= {words[0] for words in found if words}
    assert wrong(["sheet", "lynt"])
    assert wrong(["sheet", "lint", "a.toml", "--jason"])


@pytest.mark.parametrize(
    "words",
    ["sheet read", "sheet lint", "sheet diff", "backtest", "shadow"]
    + [f"plugin {name}" for name in ("list", "check", "new", "install", "uninstall")],
)
def test_what_a_program_may_ask_is_answered_in_json(words: str) -> None:
    assert wrong([*words.split(), "--json"]) == ""
