"""Collect the texts that people see into the template of message catalogues, for translators.

`make messages` writes `platform/dezhi/web/locale/dezhi.pot` and brings every language's `dezhi.po` up to date: a new
text waits there with an empty `msgstr`, one that nobody shows any more is gone. The ids are the Chinese texts.
"""

import ast
import io
import sys
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import IO, Any

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "platform" / "dezhi"
LOCALES = SOURCES / "web" / "locale"
TEMPLATE = LOCALES / "dezhi.pot"
# As the application's own engine reads them: see dezhi.web.rendering.
OPTIONS = {"**/templates/**.html": {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}}
KEYWORDS: dict[str, tuple[int, ...] | None] = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}
# The source language has one form for all numbers, so one text stands for both.
KEYWORDS["counted"] = (1, 1)


def of_python(
    file: IO[bytes], keywords: Collection[str], _tags: Collection[str], options: dict[str, Any]
) -> Iterator[tuple[int, str, tuple[str | None, ...], list[str]]]:
    """Every marked text of a Python file. Babel's own reader loses those inside another marked call."""
    del options
    for node in ast.walk(ast.parse(file.read())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in keywords:
            texts = tuple(
                one.value if isinstance(one, ast.Constant) and isinstance(one.value, str) else None for one in node.args
            )
            yield node.lineno, node.func.id, texts, []


def collect() -> Catalog:
    """Every marked text under platform/dezhi, with the files it stands in."""
    catalogue = Catalog(project="Dezhi", charset="utf-8")
    # Babel takes a function as well as a reader's name; its types know of names alone.
    methods: Any = [("**.py", of_python), ("**/templates/**.html", "jinja2")]
    found = extract_from_dir(SOURCES, method_map=methods, options_map=OPTIONS, keywords=KEYWORDS)
    for name, _line, message, comments, context in found:
        catalogue.add(message, None, [(name, 0)], auto_comments=comments, context=context)
    return catalogue


def written() -> bytes:
    """The template as it should be; without dates and lines, so that it changes only when a text does."""
    target = io.BytesIO()
    write_po(target, collect(), sort_output=True, omit_header=True, include_lineno=False, width=120)
    return target.getvalue()


def languages() -> dict[str, Path]:
    """The catalogues, by their languages."""
    return {file.parts[-3]: file for file in sorted(LOCALES.glob("*/LC_MESSAGES/dezhi.po"))}


def renewed(language: str, file: Path) -> bytes:
    """A catalogue with exactly the texts of the template; what is translated stays, nothing is guessed."""
    with file.open("rb") as source:
        catalogue = read_po(source, locale=language)
    catalogue.update(collect(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    for message in catalogue:
        if message.id and message.fuzzy:
            # It is counted now, or no longer: whoever translates must look at it again.
            message.flags.discard("fuzzy")
            message.string = ("",) * catalogue.num_plurals if message.pluralizable else ""
    target = io.BytesIO()
    write_po(target, catalogue, sort_output=True, omit_header=True, no_location=True, width=120)
    return target.getvalue()


def main() -> None:
    """Write the catalogues, or with `--check` only say whether one is stale."""
    wanted = {TEMPLATE: written()} | {file: renewed(language, file) for language, file in languages().items()}
    if "--check" in sys.argv[1:]:
        stale = [file for file, content in wanted.items() if file.read_bytes() != content]
        if stale:
            sys.exit(f"{', '.join(str(one.relative_to(ROOT)) for one in stale)} stale: run `make messages`")
        return
    for file, content in wanted.items():
        file.write_bytes(content)
        print(f"{file.relative_to(ROOT)}: {content.count(b'msgid ')} texts")


if __name__ == "__main__":
    main()
