"""Collect the texts that people see into the template of message catalogues, for translators.

`make messages` writes `platform/dezhi/web/locale/dezhi.pot`. The ids are the Simplified Chinese texts.
"""

import io
import sys
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import write_po

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "platform" / "dezhi"
TEMPLATE = SOURCES / "web" / "locale" / "dezhi.pot"
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
# As the application's own engine reads them: see dezhi.web.rendering.
OPTIONS = {"**/templates/**.html": {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}}
KEYWORDS: dict[str, tuple[int, ...] | None] = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}


def collect() -> Catalog:
    """Every marked text under platform/dezhi, with the files it stands in."""
    catalogue = Catalog(project="Dezhi", charset="utf-8")
    found = extract_from_dir(SOURCES, method_map=METHODS, options_map=OPTIONS, keywords=KEYWORDS)
    for name, _line, message, comments, context in found:
        catalogue.add(message, None, [(name, 0)], auto_comments=comments, context=context)
    return catalogue


def written() -> bytes:
    """The template as it should be; without dates and lines, so that it changes only when a text does."""
    target = io.BytesIO()
    write_po(target, collect(), sort_output=True, omit_header=True, include_lineno=False, width=120)
    return target.getvalue()


def main() -> None:
    """Write the template, or with `--check` only say whether it is stale."""
    if "--check" in sys.argv[1:]:
        if TEMPLATE.read_bytes() != written():
            sys.exit(f"{TEMPLATE.relative_to(ROOT)} is stale: run `make messages`")
        return
    TEMPLATE.parent.mkdir(exist_ok=True)
    TEMPLATE.write_bytes(written())
    print(f"{TEMPLATE.relative_to(ROOT)}: {len(collect())} texts")


if __name__ == "__main__":
    main()
