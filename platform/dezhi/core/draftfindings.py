"""The red lines that a draft crosses, at its rows (RU-14)."""

from collections.abc import Iterable, Iterator

import msgspec

from dezhi.core.drafts import Draft, DraftFinding, DraftRow, RowState
from dezhi.core.offers import full_code
from dezhi.core.redlines import Finding, lint_text


def of_version(draft: Draft, findings: Iterable[Finding]) -> Iterator[DraftFinding]:
    """The red lines of the version a draft would become, each at the row it is in."""
    rows = {full_code(draft.plugin, str(one.row.get("code"))): one for one in draft.rows_in(RowState.KEPT)}
    for found in findings:
        yield _finding(found, rows.get(found.at))


def of_rows(draft: Draft) -> Iterator[DraftFinding]:
    """The red lines in the kept rows' own words, for a draft that is no version yet."""
    for row in draft.rows_in(RowState.KEPT):
        for found in lint_text(f"{row.title}:{row.row.get('how', '')}"):
            yield _finding(found, row)


def of_notes(draft: Draft) -> Iterator[DraftFinding]:
    """The red lines in what was passed over in the file; it is not adopted with the draft, so none of them forbids."""
    for sentence in draft.passed_over:
        for found in lint_text(sentence):
            said = f"{found.text}：{sentence}"
            yield msgspec.structs.replace(_finding(found, None), blocks=False, text=said)


def _finding(found: Finding, row: DraftRow | None) -> DraftFinding:
    blocks = found.level == "block"
    return DraftFinding(
        code=found.code, blocks=blocks, article=found.article, reason=found.reason, text=found.text, row=row
    )
