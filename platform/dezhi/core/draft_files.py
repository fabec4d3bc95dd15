"""What was read in a village's own workbook, as a bare sheet in TOML that a person goes through (RU-15, B-08).

A row that was surely understood stands as it is. Every other one stands behind `#~ `, so that no program takes it
before somebody has looked: above it are its cell, what stands there, what was understood, and what to look at.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

import tomli_w

from dezhi.core.drafts import SURE
from dezhi.plugin import Draft, Reading

OFF: Final = "#~ "
"""Before each line of a row that nobody has confirmed."""


def is_sure(draft: Draft) -> bool:
    """Tell whether a row was understood without a doubt."""
    return draft.confidence >= SURE and not draft.doubts


def write_draft_file(reading: Reading, head: Sequence[str], told: Callable[[Draft], Sequence[str]]) -> bytes:
    """Write what was read; `head` and what is `told` of each row become comments."""
    settings = dict(reading.settings)
    lists = {name: settings.pop(name) for name in {draft.into.split(".")[0] for draft in reading.drafts if draft.into}}
    parts = [*(f"# {_line(one)}" for one in head), "", tomli_w.dumps(settings, indent=2)]
    for draft in reading.drafts:
        if not draft.into:
            parts += [*_row(reading.rows, draft, told(draft)), ""]
    for name, entries in lists.items():
        for at, entry in enumerate(entries):
            parts += [f"[[{name}]]", *_pairs(entry), ""]
            for draft in reading.drafts:
                if draft.into.startswith(f"{name}.{at}."):
                    inner = draft.into.removeprefix(f"{name}.{at}.")
                    parts += [*_row(f"{name}.{inner}", draft, told(draft)), ""]
    return ("\n".join(parts).rstrip("\n") + "\n").encode()


def _row(table: str, draft: Draft, told: Sequence[str]) -> Iterator[str]:
    yield from (f"# {_line(one)}" for one in told)
    off = "" if is_sure(draft) else OFF
    yield from (off + line for line in (f"[[{table}]]", *_pairs(draft.row)))


def _pairs(row: Mapping[str, Any]) -> Iterator[str]:
    return (f"{name} = {_inline(value)}" for name, value in row.items() if value not in (None, [], {}))


def _inline(value: Any) -> str:
    """One value on one line."""
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{name} = {_inline(one)}" for name, one in value.items() if one is not None) + " }"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_inline, value))}]"
    # JSON writes texts and whole numbers as TOML does, but for the one control character it leaves.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _line(text: str) -> str:
    """A comment is one line without control characters."""
    return "".join(one for one in " ".join(text.split()) if one.isprintable())
