"""The red lines no sheet and no plugin may cross, found by what a text means (B-02, RU-14, RL-1 to RL-15).

How a line goes through (docs/adr/0084-red-lines-by-meaning.md says why):

1. `reading` makes its characters plain, parts it into sentences, and drops what these themselves rule out.
2. `concepts` finds meanings in a sentence. Their words are in `words/`, which fills them from `words.families`.
3. `rules` says which meanings together cross which red line, how gravely, and which law says so.
4. `likeness` weighs the line as a whole by `weights.tsv`, learned from tests/core/redlines/: what reads ordinary is
   let go, what is only like a red line becomes a warning.
5. `lint` does all this for texts, items and all that a programme offers. At run time `crossed` asks the concepts alone.
"""

from dezhi.core.redlines.lint import (
    TEXT_READ_MAX,
    Finding,
    blocks,
    crossed,
    lint_items,
    lint_offer,
    lint_text,
    red_line,
)

__all__ = [
    "TEXT_READ_MAX",
    "Finding",
    "blocks",
    "crossed",
    "lint_items",
    "lint_offer",
    "lint_text",
    "red_line",
]
