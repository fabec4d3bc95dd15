"""What a village adopted: an immutable version of its programme."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

import msgspec

from dezhi.core.errors import Problem
from dezhi.core.keeping import Keeping
from dezhi.core.redlines import Finding, lint_offer, lint_text
from dezhi.core.text import N_
from dezhi.plugin import Category, Item, Reward


class Enabled(msgspec.Struct, frozen=True, kw_only=True):
    """A plugin of the programme, in one version, with the village's settings."""

    version: str
    settings: Mapping[str, Any] = {}


NUMBER_MAX: Final = 60
REASON_MAX: Final = 200
VOTERS_MAX: Final = 100_000


class Deciding(StrEnum):
    """Who may adopt a village's rules (村民委员会组织法 art. 22 to 26)."""

    ASSEMBLY = "assembly"  # 村民会议
    REPRESENTATIVES = "representatives"  # 村民代表会议


class Votes(msgspec.Struct, frozen=True, kw_only=True):
    """How those present voted. Everybody present is counted once."""

    present: int
    agreed: int
    against: int
    abstained: int

    def problem(self) -> Problem | None:
        """Say what is wrong with the figures: a sum that does not come out, or no majority of those present."""
        given = {"agreed": self.agreed, "against": self.against, "abstained": self.abstained}
        for field, figure in {"present": self.present, **given}.items():
            if not 0 <= figure <= VOTERS_MAX:
                return Problem("resolution-votes", N_("票数要填整数，没有就填0。"), field=field)
        if not self.present:
            return Problem("resolution-votes", N_("到会的人数要填，决议才知道有多少人参加。"), field="present")
        if sum(given.values()) != self.present:
            text = N_("票数对不上：赞成、反对、弃权加起来是%(sum)s，到会是%(present)s人。请照会议记录改好。")
            return Problem("resolution-votes", text, field="agreed", sum=sum(given.values()), present=self.present)
        if self.agreed * 2 <= self.present:
            text = N_("赞成的没有超过到会人数的一半，决议没有通过，不能启用（村民委员会组织法第二十二、二十六条）。")
            return Problem("resolution-not-passed", text, field="agreed")
        return None


class Resolution(msgspec.Struct, frozen=True, kw_only=True):
    """The villagers' decision a version rests on (村民会议或村民代表会议决议).

    Those of before votes were asked for have a number and a day alone. `paper` is the id of the file that was attached;
    only a public one is shown to everybody.
    """

    number: str
    decided_on: date
    body: str = ""  # what was decided, where somebody wrote it down
    by: Deciding | None = None
    votes: Votes | None = None
    paper: int | None = None
    paper_public: bool = False

    def problems(self, today: date) -> Iterator[Problem]:
        """Say what is wrong with it, field by field."""
        if not 0 < len(self.number) <= NUMBER_MAX or not self.number.isprintable():
            text = N_("决议要写文号或名称，最多60个字。")
            yield Problem("programme-resolution", text, field="resolution")
        if self.decided_on > today:
            yield Problem("programme-resolution", N_("决议的日期不能晚于今天。"), field="decided_on")
        if self.votes is not None and (wrong := self.votes.problem()):
            yield wrong


class _Decided(msgspec.Struct, frozen=True, kw_only=True):
    """Why something was done to the rules, and who decided so: everybody can read both."""

    reason: str
    decided_by: str

    def _at_fault(self) -> str | None:
        """Which of the two is missing or too long."""
        for field, text in (("reason", self.reason), ("decided_by", self.decided_by)):
            if not 0 < len(text) <= REASON_MAX or not text.isprintable():
                return field
        return None


class Suspension(_Decided, frozen=True, kw_only=True):
    """Why nothing is recorded under a version. Balances and redemptions go on."""

    def problem(self) -> Problem | None:
        """Say which of the two is missing or too long."""
        text = N_("暂停要写明原因和是谁决定的，各不超过200个字：村民都看得到。")
        return Problem("suspension-words", text, field=field) if (field := self._at_fault()) else None


class Withdrawal(_Decided, frozen=True, kw_only=True):
    """Why a version that had not begun yet never will, so that this one goes on in its place.

    `version` is the number of the one that was withdrawn; those that were to follow it went with it.
    """

    version: int

    def problem(self) -> Problem | None:
        """Say which of the two is missing or too long."""
        text = N_("撤回要写明原因和是谁决定的，各不超过200个字：村民都看得到。")
        return Problem("withdrawal-words", text, field=field) if (field := self._at_fault()) else None


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """The whole of a programme version; nothing is inherited from anywhere."""

    plugins: Mapping[str, Enabled] = {}
    notice_days: int = 0
    privacy_notice: str = ""
    keeping: Keeping = Keeping()
    suspended: Suspension | None = None
    withdrawn: Withdrawal | None = None

    def rules(self) -> "Document":
        """What it rules, without why it was put there: what another version may take over."""
        return msgspec.structs.replace(self, suspended=None, withdrawn=None)


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """What a version's plugins offered and declared beside its items: readable also when they are gone.

    Rewards are under full codes, headings and notices under the plugins' names.
    """

    rewards: Mapping[str, Reward] = {}
    categories: Mapping[str, tuple[Category, ...]] = {}
    notices: Mapping[str, str] = {}

    def findings(self) -> tuple[Finding, ...]:
        """The red lines that headings and notices cross, at their plugins' names."""
        said = [(name, heading.title) for name, headings in self.categories.items() for heading in headings]
        return tuple(found for name, text in (*said, *self.notices.items()) for found in lint_text(text, name))


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
    kept: Kept = Kept()

    def warnings(self) -> tuple[str, ...]:
        """Return what the township should still settle, as message ids for its pages."""
        found = []
        if self.resolution is None and self.document.suspended is None:
            found.append(N_("这个方案没有附村民会议或村民代表会议的决议。"))
        if not self.document.privacy_notice:
            found.append(N_("还没有个人信息处理告知书，请先告知村民收集哪些信息、作什么用。"))
        if self.document.notice_days == 0:
            found.append(N_("没有公示期：每笔加分都标明“未经公示，试运行”。"))
        return tuple(found)

    def findings(self) -> tuple[Finding, ...]:
        """The red lines it crosses: warnings, and in one adopted before they were drawn also blocks.

        Its title is read too, at `title`; the privacy notice is not, for it tells what is collected and what never is.

        Boards are judged when a version is adopted, for only the plugins know them.
        """
        items = {entry["code"]: msgspec.convert(entry["item"], Item) for entry in self.items}
        settings = {name: one.settings for name, one in self.document.plugins.items()}
        offered = lint_offer(items, self.kept.rewards, {}, settings)
        return tuple(dict.fromkeys((*lint_text(self.title, "title"), *offered, *self.kept.findings())))
