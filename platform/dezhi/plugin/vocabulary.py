"""The closed vocabularies of the contract: one word per idea, the same in code, JSON and the database."""

from enum import StrEnum


class Asset(StrEnum):
    """What a household or person can earn: five kinds, integers, never mixed and never exchanged by a plugin."""

    MORAL = "moral"  # 道德积分, in points: the only asset that is spent
    HONOUR = "honour"  # 荣誉积分, in points: never spent
    HOURS = "hours"  # 志愿时, in whole minutes: always a person's
    SAFE = "safe"  # 平安积分, in points
    COUNT = "count"  # 次数: that it happened, and how often; never points, never spent


class HolderKind(StrEnum):
    """Whose account an award goes to."""

    HOUSEHOLD = "household"
    PERSON = "person"


class Ask(StrEnum):
    """The one question, if any, a clerk answers when recording an item."""

    NOTHING = "nothing"
    MINUTES = "minutes"  # how long, in whole minutes
    POINTS = "points"  # how many points within the declared range


class QuestionKind(StrEnum):
    """What sort of answer a question wants from the clerk."""

    NUMBER = "number"  # a whole number
    NUMBERS = "numbers"  # several whole numbers, such as the judges' scores
    CHOICE = "choice"  # one of the options
    YES = "yes"  # yes or no
    TEXT = "text"  # words; plugins are not shown them


class Subject(StrEnum):
    """Whom a fact or a limit is about."""

    HOUSEHOLD = "household"
    PERSON = "person"
    GRID = "grid"  # the grid the household belonged to on the deed's date
    VILLAGE = "village"


class Window(StrEnum):
    """A calendar period of the deed's date in the village (weeks begin on Monday); LIFE has no end."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    LIFE = "life"


class Measure(StrEnum):
    """What a fact says about earlier awards (see `Fact`)."""

    COUNT = "count"
    SUM = "sum"
    MAX = "max"
    LAST = "last"
    STREAK = "streak"
    DISTINCT = "distinct"


class Role(StrEnum):
    """What somebody did in a deed."""

    DOER = "doer"  # did it too, beside the one it is recorded under
    HELPED = "helped"
    WITNESS = "witness"  # saw it; earns nothing by it
    GROUP = "group"  # belongs to the group it was done for or by


class RewardKind(StrEnum):
    """A good has stock, a service has none, an honour has none and costs nothing."""

    GOOD = "good"
    SERVICE = "service"
    HONOUR = "honour"


class BoardKind(StrEnum):
    """An honour board shows who opted in; a goal shows one bar for the whole village and no names."""

    HONOUR = "honour"
    GOAL = "goal"


class Tie(StrEnum):
    """Places for equal scores: competition 1 2 2 4, dense 1 2 2 3, ordinal 1 2 3 4 by who got there first."""

    COMPETITION = "competition"
    DENSE = "dense"
    ORDINAL = "ordinal"


class IntentKind(StrEnum):
    """What is about to be booked."""

    AWARD = "award"
    REDEMPTION = "redemption"


class Scope(StrEnum):
    """Where a plugin may be switched on."""

    VILLAGE = "village"
    TOWNSHIP = "township"


class Permission(StrEnum):
    """What a plugin asks to be allowed. Each hook but `declares` needs one; one that no hook needs is refused too."""

    AWARD = "award"  # items, score, assess: propose awards
    REFUSE = "refuse"  # check: stop an award or a redemption, with a reason
    REWARD = "reward"  # rewards, quote: offer rewards and price them
    BOARD = "board"  # boards: propose boards
    READ = "read"  # read_sheet: turn a village's own workbook into drafts
    SCHEDULE = "schedule"  # schedule: say which deeds the calendar makes due
    REPORT = "report"  # reports: make tables from the village's totals
    NOTICE = "notice"  # notices: add a sentence for people to what was booked
    PAGE = "page"  # page: have public pages of its own


class Data(StrEnum):
    """What a plugin gets to see. Names, phones, card and document numbers are not in this list and never will be."""

    DEED = "deed"  # which item, when, how long
    HOLDER = "holder"  # random ids of household, person, grid and village
    PARTICIPANTS = "participants"  # random ids and roles of the others in a deed
    HISTORY = "history"  # declared facts: counts and sums of earlier awards, and past deeds
    TOTALS = "totals"  # sums of the whole village by item and month; small groups are left out
