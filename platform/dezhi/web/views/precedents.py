"""What a village decided by analogy with its sheet."""

from datetime import date

from dezhi.web.views.frame import Link, Option, Part


class Decision(Part, frozen=True, kw_only=True):
    """One decision; nobody's name but that of who decided."""

    on: date
    why: str
    like: str
    gave: str
    by: str
    entry: str


class Proposal(Part, frozen=True, kw_only=True):
    """Decisions of one reason. `key` is the number of the first one's entry; `about` tells how often."""

    key: str
    title: str
    about: str


class Precedents(Part, frozen=True, kw_only=True):
    """The log. `action` is empty for who may only look; `drafts` are those that a row can be put into."""

    village: str
    since: date
    decisions: tuple[Decision, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    action: str = ""
    drafts: tuple[Option, ...] = ()
    can_record: bool = True
    back: Link | None = None
    error: str = ""
