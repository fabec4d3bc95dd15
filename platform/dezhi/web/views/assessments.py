"""What an assessment came to."""

from datetime import date

from dezhi.web.views.frame import Part


class Section(Part, frozen=True, kw_only=True):
    """One section in words: 符合, or `27 / 30`."""

    title: str
    told: str


class Assessed(Part, frozen=True, kw_only=True):
    """Sections, stars, and until when it holds."""

    stars: int
    until: date
    sections: tuple[Section, ...]
