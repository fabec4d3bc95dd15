"""What a sheet is written in: rows, and the parts of a row. Nothing here is checked yet but types (see `checking`).

Every number is whole. Points are points of the row's asset, which for `hours` means minutes. A 0, an empty text and an
empty list all mean "not given", so a cell left empty in a workbook and a key left out of a file say the same.
"""

from datetime import date
from enum import StrEnum

import msgspec

from dezhi.plugin import Asset, HolderKind, Role, Subject, Window


class Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Anything a sheet is made of: a misspelt key is refused, a default is not written out."""


class Per(StrEnum):
    """What the points of a row are for."""

    TIME = "time"  # 每次: once for each deed
    PERSON = "person"  # 每人次: once for each person of the household who took part
    HOUSEHOLD = "household"  # 每户次: once for the household, however many came; once a day
    HOUR = "hour"  # 每小时: for every full hour, or every full `every` minutes
    QUANTITY = "quantity"  # 每100毫升: for every full `every` of some `unit`


class Heading(Part, frozen=True):
    """A category of the sheet (环境卫生); rows stand under it on the rules page."""

    code: str
    title: str
    symbol: str = ""


class Limit(Part, frozen=True):
    """The most a row gives in a window: so many `times`, `points` or `minutes`, just one of the three (R3 R4 R7 R8).

    Each holder has a count of its own; `of` a grid or village, all its households share one: a quota (R21). Limits of
    one `share` count together. With `fill`, an award that would pass a limit on points or minutes is cut to what is
    left of it; without, it is refused.
    """

    window: Window
    times: int = 0
    points: int = 0
    minutes: int = 0
    of: Subject | None = None  # grid or village
    share: str = ""
    fill: bool = False


class Beside(Part, frozen=True):
    """What a row gives besides, of another asset: the same each time, or for every full hour."""

    asset: Asset
    points: int
    per: Per = Per.TIME  # time or hour


class Level(Part, frozen=True):
    """One level of a matrix (R10): 省级 30分. The clerk chooses it."""

    code: str
    title: str
    points: int


class Highest(Part, frozen=True):
    """Only the highest counts in a window (R11): a higher level gives what it has above what was already given.

    Rows with the same `group` are taken together; without one the row is alone.
    """

    window: Window
    group: str = ""


class Defect(Part, frozen=True):
    """Something an inspection finds, and what each costs of the full marks."""

    code: str
    title: str
    off: int
    unit: str = "处"
    most: int = 100  # that can be counted


class Inspection(Part, frozen=True):
    """Full marks, less something for every defect, never below nothing (R13): 满分25，一处少5，扣完为止."""

    full: int
    defects: tuple[Defect, ...]


class Section(Part, frozen=True):
    """One section of an appraisal (R14): 0 to `most` marks. Weights are per cent and sum to 100 over the row.

    Where no section has a weight, `most` is the weight, and those sum to 100.
    """

    code: str
    title: str
    most: int
    weight: int = 0


class Precondition(Part, frozen=True):
    """One thing without which nothing is appraised (R15). All are asked in one question, so none is ever recorded."""

    title: str


class Judges(Part, frozen=True):
    """Several judges' marks, and their mean (R17), rounded half up. `trim` leaves out so many highest and lowest."""

    most: int = 100  # marks of one judge
    least: int = 0
    count_least: int = 3
    count_most: int = 36
    trim: int = 0


class Blend(Part, frozen=True):
    """The household's own mark and its neighbours', by per cent that sum to 100 (R18), rounded half up.

    The neighbours' mark is one number, or the judges' mean where the row has judges. `most` is the highest mark.
    """

    own: int
    mutual: int
    most: int = 100


class Tier(Part, frozen=True):
    """What a mark of at least so much comes to (R16): 90 and more, 五星, 30 points."""

    least: int
    title: str
    points: int = 0
    stars: int = 0


class Coefficient(Part, frozen=True):
    """A kind of service and what an hour of it counts, in per cent (R22). The clerk chooses it."""

    code: str
    title: str
    percent: int


class Beneficiary(Part, frozen=True):
    """Who else is named, and what each of them gets (R20); 0 for people who are only named, such as witnesses."""

    role: Role  # doer, helped or witness
    title: str
    points: int = 0
    of: Subject = Subject.HOUSEHOLD  # or person
    least: int = 1
    most: int = 1


class Group(Part, frozen=True):
    """The row is a grid's or a whole village's (R26): every household gets the points whole, or an equal share.

    Shares are equal and rounded down; what cannot be divided is given to nobody, and the explanation says so.
    """

    of: Subject = Subject.GRID
    split: bool = False


class Row(Part, frozen=True):
    """One row of the sheet.

    How the amount is found is said by at most one of `points` alone, a range, `levels`, `inspection`, marks
    (`sections`, `judges` or `blend`), `vote` and `analogy`. `points` are then: of each time, person, hour or `every`
    quantity; of full marks, given in proportion (0: the marks themselves are the points). Without anything the row
    counts and gives no points (RU-11). `points` of an hours row are minutes; an hours row per hour gives the minutes
    it took and needs no points.
    """

    code: str
    title: str
    category: str
    points: int = 0
    # R5: the clerk chooses within the range and must say why; also the range of a vote.
    least: int = 0
    most: int = 0
    asset: Asset = Asset.MORAL
    beside: tuple[Beside, ...] = ()
    holder: HolderKind = HolderKind.HOUSEHOLD
    per: Per = Per.TIME
    every: int = 0  # of `unit`; of minutes per hour. 0: 1, or 60 minutes
    unit: str = ""  # 毫升, 元
    quantity_most: int = 0  # the most a clerk may enter; 0: a generous default
    caps: tuple[Limit, ...] = ()
    event_most: int = 0  # the most one deed gives (R9), in points of the asset
    levels: tuple[Level, ...] = ()
    highest: Highest | None = None
    inspection: Inspection | None = None
    sections: tuple[Section, ...] = ()
    preconditions: tuple[Precondition, ...] = ()
    judges: Judges | None = None
    blend: Blend | None = None
    tiers: tuple[Tier, ...] = ()  # of marks: they say what is given instead of `points`
    coefficients: tuple[Coefficient, ...] = ()
    people: tuple[Beneficiary, ...] = ()
    group: Group | None = None
    vote: bool = False  # R23: the villagers decide how much; the resolution's number is asked
    analogy: bool = False  # R24: by analogy with another row; which one and why are asked
    # RU-06: rows of one `event` tell the same deed. A household is given one of them a day, in the order of `before`.
    event: str = ""
    before: tuple[str, ...] = ()
    how: str = ""  # one sentence; without it one is made from the numbers
    rhyme: str = ""  # RU-16: a line that is easily remembered
    hint: str = ""  # for the clerk: what to look at, what proof to keep
    symbol: str = ""
    source: str = ""


class Reminder(Part, frozen=True):
    """A minus row of a village's sheet, as this house keeps it (RU-18).

    Told to the household alone. The first ones (`warnings`) only warn; each later one in the base's window takes
    `minus` off the base, `most` in all; with the window they lapse.
    """

    code: str
    title: str
    category: str
    minus: int
    most: int
    warnings: int = 1
    how: str = ""
    hint: str = ""


class Base(Part, frozen=True):
    """A base everybody starts with, recorded at the end of its window (R12), less what reminders took; never spent.

    With `on` it is recorded on that day of each year instead, and nothing is taken off: 重阳, 10-01 or 农历9-9.
    """

    code: str
    title: str
    category: str
    points: int
    asset: Asset = Asset.HONOUR  # honour or safe: both are never spent
    window: Window = Window.YEAR
    on: str = ""
    reminders: tuple[Reminder, ...] = ()
    how: str = ""


class Campaign(Part, frozen=True):
    """For some days some rows give more (R19): 200 per cent from `first` to `last`, both included, by the deed's date.

    It ends at the village's midnight. `rows` are codes; none means every row. The product is rounded half up. Where
    two campaigns meet on a row, the one that names the other in `before` counts, alone.
    """

    code: str
    title: str
    first: date
    last: date
    percent: int
    rows: tuple[str, ...] = ()
    before: tuple[str, ...] = ()


class Milestone(Part, frozen=True):
    """A sum over a window that brings something once (R16): the award that reaches 300 in a year also gives 银星户.

    It counts `counts` of all rows (or of `rows`), and gives `points` of `asset`; without points it only counts.
    """

    code: str
    title: str
    category: str
    least: int
    counts: Asset = Asset.MORAL
    rows: tuple[str, ...] = ()
    window: Window = Window.YEAR
    holder: HolderKind = HolderKind.HOUSEHOLD  # of hours always the person
    asset: Asset = Asset.HONOUR
    points: int = 0
