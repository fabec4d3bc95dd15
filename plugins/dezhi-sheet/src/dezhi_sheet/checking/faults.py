"""What is wrong with a sheet: every fault with its place, and in words. Found all at once (see `checking`)."""

from collections.abc import Iterable
from typing import Final, NamedTuple

FAULTS_MAX: Final = 60  # told at once; who has more begins with these


class Fault(NamedTuple):
    """One thing that is wrong. `at` is its place (`items[3].caps[0]`), `row` the row's code, `text` a sentence."""

    at: str
    row: str
    text: str

    def line(self) -> str:
        """The fault on one line: place, row, sentence."""
        return f"{self.at}: {self.row}：{self.text}" if self.row else f"{self.at}: {self.text}"


def told(faults: Iterable[Fault]) -> str:
    """All faults, one a line, as the message of a ValueError."""
    lines = [fault.line() for fault in faults]
    if len(lines) > FAULTS_MAX:
        more = len(lines) - FAULTS_MAX
        lines = [*lines[:FAULTS_MAX], f"items: 还有{more}处，先改上面的"]
    return "\n".join(lines)
