"""The 28 shapes of rules that real sheets use, each a sheet in `sheets/`, with deeds and what they must give.

Every route to a sheet is held to this one table: TOML, a workbook, and for odd shapes a plugin in Python.
`CASES[shape]` lists deeds under the shape's sheet; `LIMITS[shape]` what the core is told to keep.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from dezhi.plugin import Answer, Asset, Award, Cap, Deed, Facts, Participant, Role, Subject, Window
from dezhi.testing import A_DAY, a_deed

Score = Callable[[Deed, Facts], Sequence[Award]]

MORAL, HONOUR, HOURS, SAFE, COUNT = Asset.MORAL, Asset.HONOUR, Asset.HOURS, Asset.SAFE, Asset.COUNT


class Case(NamedTuple):
    """A deed: the row, what the clerk answers, who else is named, what is known of the past, and what it gives.

    `gives` are asset, amount and to which household (None: the doer), `says` stands in the doer's explanation.
    """

    item: str
    gives: tuple[tuple[Asset, int, int | None], ...]
    says: str = ""
    facts: Mapping[str, int] = {}
    answers: Mapping[str, Answer] = {}
    people: tuple[tuple[Role, int], ...] = ()
    minutes: int | None = None
    points: int | None = None
    day: date = A_DAY


def one(item: str, amount: int, says: str = "", asset: Asset = MORAL, **more: object) -> Case:
    """A deed that gives one thing to its doer."""
    return Case(item, ((asset, amount, None),), says, **more)  # type: ignore[arg-type]  # fields of Case


SHEETS = Path(__file__).with_name("sheets")
TOML: dict[str, str] = {
    f"R{number}": (SHEETS / f"R{number}.toml").read_text(encoding="utf-8") for number in range(1, 29)
}

GRID = tuple((Role.GROUP, household) for household in (101, 201, 202))
MORNING_AFTER = date(2026, 11, 1)

CASES: dict[str, tuple[Case, ...]] = {
    "R1": (one("sweep", 5, "参加环境清扫：记5分"),),
    "R2": (
        one("clean-up", 15, "3人次，每人次5分；记15分", answers={"people": 3}),
        one("tidy", 2, "记2分"),
    ),
    "R3": (one("door-clean", 1), one("four-clean", 4), one("fire-check", 6), one("lead", 10)),
    "R4": (one("burial", 100),),
    "R5": (one("lost-property", 7, "在5到10分里定为7分，理由见记录", points=7),),
    "R6": (
        one("blood", 3, "回收废油：300毫升，每100毫升记1分；记3分；今年还能记7分", answers={"quantity": 300}),
        one("blood", 3, answers={"quantity": 399}),
        one(
            "blood",
            2,
            "今年最多10分，前面已记8分，只记剩下的；记2分；今年的上限已满",
            facts={"cap_blood_1": 8},
            answers={"quantity": 400},
        ),
        one("gift", 3, "1500元，每500元记1分", answers={"quantity": 1_500}),
        one("service", 2, "做了2小时30分，每满1小时记1分", minutes=150),
        one("service", 1, "记1次，不加分", COUNT, minutes=59),
    ),
    "R7": (one("meeting", 20),),
    "R8": (
        one("gift", 10, "总共最多10分，前面已记0分，只记剩下的", answers={"quantity": 20_000}),
        one("gift", 4, "总共还能记1分", facts={"cap_gift_1": 5}, answers={"quantity": 2_000}),
    ),
    "R9": (one("activity", 2, "一次最多算2分", minutes=300), one("activity", 1, minutes=119)),
    "R10": (
        one("praise", 50, "按“国家级”；记50分", answers={"level": "nation"}),
        one("praise", 5, "按“村级”", answers={"level": "village"}),
    ),
    "R11": (
        one("honour", 10, answers={"level": "town"}),
        one("star", 10, "今年同类只取最高，前面已记10分；记10分", facts={"highest_star": 10}),
        one(
            "honour",
            1,
            "今年同类只取最高，前面已记20分；记1次，不加分",
            COUNT,
            facts={"highest_honour": 20},
            answers={"level": "county"},
        ),
    ),
    "R12": (
        one("litter", 1, "今年第1次提醒，只提醒不减分", COUNT),
        one("litter", 1, "今年第2次提醒，期末从“家庭基础分”里减10分，最多减30分", COUNT, facts={"reminded_litter": 1}),
        one("straw", 1, "今年第2次提醒，只提醒不减分", COUNT, facts={"reminded_straw": 1}),
        one("base", 100, "基础100分；没有提醒", HONOUR),
        one("base", 80, "提醒3次，超出1次的减20分", HONOUR, facts={"reminded_litter": 3}),
        one("base", 70, "提醒9次，超出1次的减30分", HONOUR, facts={"reminded_litter": 9}),
        one("base", 1, "记1次，不加分", COUNT, facts={"reminded_litter": 9, "reminded_straw": 5}),
    ),
    "R13": (
        one("yard", 25, "满分25分；没有发现问题；记25分", answers={"defect_spot": 0, "defect_tool": 0}),
        one("yard", 11, "不干净2处少10分；农具乱放2件少4分", answers={"defect_spot": 2, "defect_tool": 2}),
        one("yard", 1, "扣完为止；记1次，不加分", COUNT, answers={"defect_spot": 6, "defect_tool": 0}),
    ),
    "R14": (
        # 9/10 of 50, 16/20 of 30 and 4/5 of 20 are 85; 85 per cent of 40 points are 34
        one(
            "post",
            34,
            "各项合计85分（满分100分）；满分给40分，按得分折算",
            answers={"section_duty": 9, "section_work": 16, "section_word": 4},
        ),
        one("post", 40, answers={"section_duty": 10, "section_work": 20, "section_word": 5}),
        one("post", 1, "", COUNT, answers={"section_duty": 0, "section_work": 0, "section_word": 0}),
    ),
    "R15": (
        one("home", 90, "", SAFE, answers={"conditions": True, "section_fire": 55, "section_peace": 35}),
        Case("home", (), answers={"conditions": False, "section_fire": 60, "section_peace": 40}),
    ),
    "R16": (
        one("home", 30, "评为“五星”（90分起）", SAFE, answers={"section_fire": 55, "section_peace": 35}),
        one("home", 10, "评为“三星”（70分起）", SAFE, answers={"section_fire": 50, "section_peace": 29}),
        one("home", 1, "没有达到最低一档；记1次，不加分", COUNT, answers={"section_fire": 30, "section_peace": 39}),
        one("sweep", 5, facts={"sum_silver": 90, "sum_gold": 90}),
        Case("sweep", ((MORAL, 5, None), (HONOUR, 10, None)), "", {"sum_silver": 95, "sum_gold": 95}),
        one("sweep", 5, facts={"sum_silver": 120, "sum_gold": 120, "had_silver": 1}),
        Case("sweep", ((MORAL, 5, None), (COUNT, 1, None)), "", {"sum_silver": 298, "sum_gold": 298, "had_silver": 1}),
    ),
    "R17": (
        one("speech", 31, "3位评委平均31分（四舍五入）", answers={"scores": (30, 31, 31)}),
        one("speech", 31, "", answers={"scores": (30, 31)}),
        # without 60 and 100 the mean of 80, 85, 91 is 85 1/3, rounded 85; 85 per cent of 20 points are 17
        one("yard", 17, "5位评委，去掉最高最低各1个，平均85分（四舍五入）", answers={"scores": (100, 80, 60, 85, 91)}),
    ),
    "R18": (
        one("moral", 83, "自评90分占30%，互评80分占70%，合83分（四舍五入）", answers={"own": 90, "mutual": 80}),
        # half of 91 and half of the mean 84.5 are 87.75
        one("moral-many", 88, "2位评委平均85分", answers={"own": 91, "scores": (84, 85)}),
    ),
    "R19": (
        one("sort", 60, "“首月双倍”期间按200%算；记60分", day=date(2026, 10, 9)),
        one("sort", 45, "“秋季行动”期间按150%算；记45分", day=date(2026, 10, 31)),
        one("sweep", 8, "“秋季行动”期间按150%算", day=MORNING_AFTER),
        one("sort", 30, "当月垃圾分类达标：记30分", day=date(2026, 12, 1)),
        one("sort", 30, day=date(2026, 9, 30)),
    ),
    "R20": (
        Case(
            "mediate",
            ((MORAL, 10, None), (MORAL, 3, 201), (MORAL, 3, 202)),
            "调解邻里矛盾：记10分",
            people=((Role.HELPED, 201), (Role.HELPED, 202), (Role.WITNESS, 203)),
        ),
    ),
    "R21": (one("finest", 50),),
    "R22": (
        one("care", 20, "做了2小时，每满1小时记10分；按“一般服务”算100%", minutes=120, answers={"kind": "plain"}),
        one("care", 30, "按“照料失能老人”算150%", minutes=150, answers={"kind": "elder"}),
    ),
    "R23": (one("by-vote", 120, "村民议定120分，决议见记录", points=120),),
    "R24": (one("alike", 5, "参照“参加环境清扫”，理由见记录", answers={"like": "sweep"}),),
    "R26": (
        Case(
            "cleanest-grid", ((MORAL, 10, None), (MORAL, 10, 201), (MORAL, 10, 202)), "全组3户，每户一样", people=GRID
        ),
        Case(
            "prize", ((MORAL, 33, None), (MORAL, 33, 201), (MORAL, 33, 202)), "100分平分给3户，余1分不分", people=GRID
        ),
        Case("prize", (), people=()),
    ),
}

LIMITS: dict[str, dict[str, tuple[Cap, ...]]] = {
    "R2": {"clean-up": (), "tidy": (Cap(window=Window.DAY, times_max=1),)},
    "R3": {
        "door-clean": (Cap(window=Window.DAY, times_max=1),),
        "four-clean": (Cap(window=Window.MONTH, times_max=1),),
        "fire-check": (Cap(window=Window.QUARTER, times_max=1),),
        "lead": (Cap(window=Window.YEAR, times_max=1),),
    },
    "R4": {"burial": (Cap(window=Window.LIFE, times_max=1),)},
    "R6": {"blood": (Cap(window=Window.YEAR, asset=MORAL, amount_max=10),), "gift": (), "service": ()},
    "R7": {"meeting": (Cap(window=Window.WEEK, asset=MORAL, amount_max=60),)},
    "R8": {"gift": (Cap(window=Window.LIFE, asset=MORAL, amount_max=10),)},
    "R12": {"base": (Cap(window=Window.YEAR, times_max=1),), "litter": (), "straw": ()},
    "R21": {
        "finest": (
            Cap(window=Window.YEAR, times_max=1, of=Subject.GRID),
            Cap(window=Window.YEAR, times_max=5, of=Subject.VILLAGE),
        )
    },
}

ASKED: dict[str, dict[str, tuple[str, ...]]] = {
    "R2": {"clean-up": ("people",), "tidy": ()},
    "R5": {"lost-property": ()},
    "R6": {"blood": ("quantity",), "gift": ("quantity",), "service": ()},
    "R10": {"praise": ("level",)},
    "R13": {"yard": ("defect_spot", "defect_tool")},
    "R14": {"post": ("section_duty", "section_work", "section_word")},
    "R15": {"home": ("conditions", "section_fire", "section_peace")},
    "R17": {"speech": ("scores",), "yard": ("scores",)},
    "R18": {"moral": ("own", "mutual"), "moral-many": ("own", "scores")},
    "R22": {"care": ("kind",)},
    "R23": {"by-vote": ("resolution",)},
    "R24": {"sweep": (), "alike": ("like", "why")},
}


def toml_of(shape: str) -> bytes:
    """The shape's file; those about keeping are whole programmes, the others bare sheets."""
    return TOML[shape].encode()


def deed_of(case: Case, plugin: str = "dezhi-sheet") -> Deed:
    """The deed a clerk would record."""
    named = tuple(Participant(role=role, household=household, grid=70) for role, household in case.people)
    return a_deed(
        f"{plugin}/{case.item}",
        minutes=case.minutes,
        points=case.points,
        day=case.day,
        participants=named,
        **case.answers,
    )


def given(awards: Sequence[Award]) -> tuple[tuple[Asset, int, int | None], ...]:
    """What was awarded, in the form of `Case.gives`."""
    return tuple((each.asset, each.amount, each.to.household if each.to else None) for each in awards)


def check(case: Case, known: Sequence[str], score: Score, plugin: str = "dezhi-sheet") -> Sequence[Award]:
    """Score a case and hold the awards and the doer's explanation against it; `known` are the facts' names."""
    facts = {**dict.fromkeys(known, 0), **case.facts}
    assert set(facts) == set(known), "the case speaks of facts nobody asks for"
    awards = score(deed_of(case, plugin), Facts(facts))
    assert given(awards) == case.gives
    assert case.says in (awards[0].reason if awards else "")
    return awards
