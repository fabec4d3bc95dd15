"""What a village adopted: an immutable version of its programme."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import msgspec

from dezhi.core.keeping import Keeping
from dezhi.core.text import N_


class Enabled(msgspec.Struct, frozen=True, kw_only=True):
    """A plugin of the programme, in one version, with the village's settings."""

    version: str
    settings: Mapping[str, Any] = {}


class Resolution(msgspec.Struct, frozen=True, kw_only=True):
    """The villagers' decision a version rests on (村民会议或村民代表会议决议)."""

    number: str
    decided_on: date
    body: str = ""


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """The whole of a programme version; nothing is inherited from anywhere."""

    plugins: Mapping[str, Enabled] = {}
    notice_days: int = 0
    privacy_notice: str = ""
    keeping: Keeping = Keeping()


class Programme(msgspec.Struct, frozen=True, kw_only=True):
    """One version of a village's lineage. `items` is what its plugins offered when it was adopted."""

    id: int
    lineage: int
    village: int
    version: int
    title: str
    effective_from: date
    document: Document
    items: tuple[Mapping[str, Any], ...]
    derived_from: int | None
    resolution: Resolution | None
    created_by: int | None
    created_at: datetime

    def warnings(self) -> tuple[str, ...]:
        """Return what the township should still settle, as message ids for its pages."""
        found = []
        if self.resolution is None:
            found.append(N_("这个方案没有附村民会议或村民代表会议的决议。"))
        if not self.document.privacy_notice:
            found.append(N_("还没有个人信息处理告知书，请先告知村民收集哪些信息、作什么用。"))
        if self.document.notice_days == 0:
            found.append(N_("没有公示期：每笔加分都标明“未经公示，试运行”。"))
        return tuple(found)
