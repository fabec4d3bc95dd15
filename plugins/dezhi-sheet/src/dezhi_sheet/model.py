"""The sheet itself: what a village adopted, as the settings of this plugin, as a TOML file and as a workbook alike."""

from .checking.faults import Fault, told
from .checking.sheet import sheet_faults
from .outline import Outline
from .parts import (
    Base,
    Beneficiary,
    Beside,
    Blend,
    Campaign,
    Coefficient,
    Defect,
    Group,
    Heading,
    Highest,
    Inspection,
    Judges,
    Level,
    Limit,
    Milestone,
    Per,
    Precondition,
    Reminder,
    Row,
    Section,
    Tier,
)

__all__ = [
    "Base",
    "Beneficiary",
    "Beside",
    "Blend",
    "Campaign",
    "Coefficient",
    "Defect",
    "Fault",
    "Group",
    "Heading",
    "Highest",
    "Inspection",
    "Judges",
    "Level",
    "Limit",
    "Milestone",
    "Outline",
    "Per",
    "Precondition",
    "Reminder",
    "Row",
    "Section",
    "Sheet",
    "Tier",
    "sheet_faults",
]


class Sheet(Outline, frozen=True):
    """A whole sheet that can be adopted; one without rows is valid, for a village begins with it.

    Making one raises ValueError with every fault, one a line: its place, the row's code and a sentence.
    """

    def __post_init__(self) -> None:
        if faults := sheet_faults(self):
            raise ValueError(told(faults))
