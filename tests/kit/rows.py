"""`make rows`: every row of the catalogue with the tests that prove it, and the status tables of both READMEs.

`--check` changes and prints nothing unless something is wrong: a mark names no row, or a table is stale.
"""

import io
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterable
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "docs" / "reference" / "rows.toml"
BEGIN, END = "<!-- rows: begin (made by `make rows`) -->", "<!-- rows: end -->"


@dataclass(frozen=True)
class Row:
    """One thing users need."""

    id: str
    group: str
    priority: str
    title: str


@dataclass(frozen=True)
class Readme:
    """A README, and the words of its table."""

    path: Path
    group_title: str
    head: tuple[str, str, str, str]
    total: str


READMES = (
    Readme(ROOT / "README.md", "title", ("Part", "Rows", "Proved", "By tests, today"), "All"),
    Readme(ROOT / "README.zh-CN.md", "title_zh", ("部分", "条目", "已证明", "今天由测试证明的条目"), "合计"),
)

Catalogue = dict[str, dict[str, str | list[str]]]
Proofs = dict[str, list[str]]


class Collector:
    """A pytest plugin that notes which test carries which row."""

    def __init__(self) -> None:
        self.proofs: Proofs = defaultdict(list)
        self.broken: list[str] = []

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        for item in items:
            # A parametrized test proves its rows once.
            name = item.nodeid.split("[")[0]
            for mark in item.iter_markers("row"):
                for row_id in mark.args:
                    if name not in self.proofs[row_id]:
                        self.proofs[row_id].append(name)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.broken.append(f"{report.nodeid} cannot be collected: {report.longreprtext}")


def main() -> None:
    """Print or check; end with status 1 when a mark is unknown, a test file broken or, checking, a table stale."""
    checking = sys.argv[1:] == ["--check"]
    catalogue: Catalogue = tomllib.loads(CATALOGUE.read_text(encoding="utf-8"))
    rows = list(rows_of(catalogue))
    proofs, faults = collect()
    known = {row.id for row in rows}
    for unknown in sorted(proofs.keys() - known):
        faults.append(f"{unknown} is not a row of {CATALOGUE.relative_to(ROOT)}: {', '.join(proofs[unknown])}")
    for readme in READMES:
        old = readme.path.read_text(encoding="utf-8")
        new = with_table(old, table(readme, catalogue, rows, proofs))
        if checking and new != old:
            faults.append(f"the status table of {readme.path.name} is stale: run `make rows`")
        elif new != old:
            readme.path.write_text(new, encoding="utf-8")
    if not checking:
        show(rows, proofs)
    if faults:
        sys.exit("\n".join(faults))


def rows_of(catalogue: Catalogue) -> Iterable[Row]:
    """The catalogue's rows, in its order."""
    for group, entries in catalogue.items():
        for key, value in entries.items():
            if isinstance(value, list):
                priority, title = value
                yield Row(f"{group}-{key}", group, priority, title)


def collect() -> tuple[Proofs, list[str]]:
    """Which tests carry which row, and what could not be collected. No test runs."""
    collector = Collector()
    with redirect_stdout(io.StringIO()):
        pytest.main(["--collect-only", "-q", "-p", "no:cacheprovider", f"--rootdir={ROOT}", str(ROOT)], [collector])
    return collector.proofs, collector.broken


def table(readme: Readme, catalogue: Catalogue, rows: list[Row], proofs: Proofs) -> str:
    """The status per part as a Markdown table: how many rows, how many proved, and which."""
    lines = [f"| {' | '.join(readme.head)} |", "|---|--:|--:|---|"]
    for group, entries in catalogue.items():
        ids = [row.id for row in rows if row.group == group]
        proved = [row_id for row_id in ids if row_id in proofs]
        lines.append(f"| {entries[readme.group_title]} | {len(ids)} | {len(proved)} | {' '.join(proved)} |")
    proved_total = sum(row.id in proofs for row in rows)
    lines.append(f"| **{readme.total}** | **{len(rows)}** | **{proved_total}** | |")
    return "\n".join(lines)


def with_table(text: str, new: str) -> str:
    """The text with what lies between the two marks replaced. Raises ValueError when a mark is missing."""
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    return f"{before}{BEGIN}\n{new}\n{END}{after}"


def show(rows: list[Row], proofs: Proofs) -> None:
    """Print every row, and below it its tests."""
    for row in rows:
        print(f"{'✓' if row.id in proofs else '·'} {row.id}  {row.priority:<6}  {row.title}")
        for test in proofs.get(row.id, ()):
            print(f"      {test}")
    print(f"\n{sum(row.id in proofs for row in rows)} of {len(rows)} rows are proved by tests.")


if __name__ == "__main__":
    main()
