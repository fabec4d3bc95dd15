"""The sheet of 道德储蓄银行: three savings, volunteer hours and safety."""

from functools import lru_cache
from typing import Final

from dezhi.plugin import Ask, Asset, Award, Cap, Deed, Item, Line, Window, awards, awards_as_declared

from .rows import (
    FILIAL,
    FRIEND,
    HONEST,
    HOUR,
    ONCE_A_DAY,
    SAFETY,
    SHORTEST,
    SYMBOLS,
    fixed,
    safety,
    saving,
    service,
    times,
    visit,
)
from .settings import Choices

FIRE_WATCH_HOURS: Final = 8
FIRE_WATCH_SAFE_PER_HOUR: Final = 2


@lru_cache(maxsize=64)
def sheet(choices: Choices) -> dict[str, Item]:
    """Return the items of these settings by code, in the order of the rules page."""
    monthly = times(Window.MONTH, choices.month_times_max)
    rows = (*_friend(monthly), *_filial(monthly), *_honest(monthly), *_volunteer(), *_safety())
    return {item.code: item for item in rows}


def earned(item: Item, deed: Deed) -> list[Award]:
    """Return what a deed earns: what its item declares; the fire watch adds safety credits for each full hour."""
    if item.code != "fire-watch" or deed.minutes is None:
        return awards_as_declared(item, deed)
    amounts = {Asset.HOURS: deed.minutes, Asset.SAFE: deed.minutes // HOUR * FIRE_WATCH_SAFE_PER_HOUR}
    return awards(item, {asset: amount for asset, amount in amounts.items() if amount})


def _friend(monthly: Cap) -> tuple[Item, ...]:
    """储蓄友爱: neighbours and the village."""
    both = "留一张照片，或者两家都说有这回事。"
    return (
        saving(
            FRIEND, "neighbour-help", "邻里帮扶", 10, "邻居家有事，搭把手帮到底。", monthly, source="S-012", hint=both
        ),
        saving(
            FRIEND,
            "hard-times-help",
            "帮助困难乡亲",
            10,
            "乡亲家里难，出力帮一把。",
            monthly,
            source="S-072",
            hint=both,
        ),
        saving(FRIEND, "make-peace", "主动化解邻里矛盾", 10, "两家闹别扭，您去劝和了。", monthly, source="S-082"),
        saving(FRIEND, "street-cleaning", "参加环境清扫", 5, "来村道、渠边一起打扫一次。", monthly, source="S-007"),
        saving(FRIEND, "voluntary-labour", "参加义务劳动", 5, "村里修渠补路，您来出一次工。", monthly, source="S-077"),
        saving(
            FRIEND,
            "tidy-yard",
            "自家庭院干净整洁",
            3,
            "每月看一次院子，干净整洁就加分。",
            times(Window.MONTH, 1),
            source="S-092",
        ),
        saving(
            FRIEND,
            "village-talk",
            "参加阳光议事日",
            2,
            "每月议事日到场，听一听、议一议。",
            times(Window.MONTH, 1),
            source="K-16",
            hint="到场就算，不看说了什么。",
        ),
        *_great_deeds(),
        Item(
            code="public-good",
            title="支持公益事业",
            category=FRIEND.code,
            asset=Asset.MORAL,
            ask=Ask.POINTS,
            lines=(Line(asset=Asset.MORAL, amount_min=5, amount_max=10),),
            caps=(monthly,),
            symbol=SYMBOLS["public-good"],
            source="S-070",
            how="为村里的公益出钱、出力、出东西。",
            hint="一般5分，特别费力费时的最多10分。",
        ),
    )


def _great_deeds() -> tuple[Item, ...]:
    """储蓄友爱: what also brings honour."""
    return (
        saving(
            FRIEND,
            "disaster-help",
            "参与抢险救灾",
            20,
            "洪水、大雪、火情来了，跟着村里一起上。",
            ONCE_A_DAY,
            source="S-076",
            honour=True,
        ),
        saving(
            FRIEND,
            "brave-deed",
            "见义勇为",
            50,
            "危急时候挺身而出，保护了别人。",
            ONCE_A_DAY,
            source="S-015",
            hint="由村委会认定。",
            honour=True,
        ),
    )


def _filial(monthly: Cap) -> tuple[Item, ...]:
    """储蓄孝顺: the old people of the house and of the village."""
    return (
        saving(FILIAL, "elder-care", "关爱老人", 10, "看望、陪伴村里的老人，办一件实事。", monthly, source="S-013"),
        saving(FILIAL, "respect", "尊老爱幼、助人为乐", 3, "让座、搀扶、领路，举手之劳也算。", monthly, source="S-108"),
        saving(
            FILIAL,
            "parents-home",
            "给老人收拾屋子、洗晒被褥",
            5,
            "替家里老人把屋子收拾干净，被褥洗晒好。",
            times(Window.MONTH, 4),
        ),
        saving(FILIAL, "come-home", "常回家看看老人", 5, "在外的儿女回家陪老人住上一天。", times(Window.MONTH, 2)),
        saving(
            FILIAL,
            "double-ninth",
            "陪老人过重阳",
            10,
            "九月初九，陪老人吃一顿饭、走一走。",
            times(Window.YEAR, 1),
        ),
        saving(
            FILIAL,
            "long-care",
            "长年照料高龄老人",
            20,
            "把家里八十岁以上的老人照料满一个季度。",
            times(Window.QUARTER, 1),
            hint="由小组长和邻居一起说一声。",
            honour=True,
        ),
    )


def _honest(monthly: Cap) -> tuple[Item, ...]:
    """储蓄诚信: one's word and other people's things."""
    return (
        saving(HONEST, "lost-property", "拾金不昧", 5, "捡到东西，交还失主或者交到村里。", monthly, source="S-068"),
        saving(
            HONEST,
            "simple-feast",
            "红白事简办，说到做到",
            10,
            "事前签了简办承诺，事后按承诺办了。",
            times(Window.MONTH, 1),
            source="K-14",
            hint="一场事记一次，承诺书留底。",
        ),
        saving(
            HONEST, "tools-returned", "集体农具按时完好归还", 2, "借村里的农具，到期完好还回。", times(Window.MONTH, 4)
        ),
        saving(HONEST, "fair-scale", "买卖公平、足斤足两", 5, "在村里摆摊开店，当月抽秤准足。", times(Window.MONTH, 1)),
        saving(
            HONEST, "parcels", "代收代管，件件有交代", 3, "替邻居收快递、管钥匙，一件不差。", times(Window.MONTH, 4)
        ),
    )


def _volunteer() -> tuple[Item, ...]:
    """志愿时: by the clock, for the person who did it."""
    pair = "要有两位成年人在场。"
    return (
        visit("elder-greeting", "独居老人每日问候", 3, "上门看看独居老人好不好，一位老人记半小时。", source="K-06"),
        service("errands", "代购代取、送餐", 3, "替出不了门的乡亲买东西、取东西、送饭。", source="K-07"),
        service("clinic-company", "陪同就医", 10, "陪乡亲去看病，从出门算到回家。", source="K-08"),
        visit("haircut", "上门理发", 10, "给行动不便的乡亲理一次发，一位记半小时。", source="K-09"),
        service("homework", "留守儿童课业辅导", 4, "陪村里的孩子写作业、读书。", source="K-10", hint=pair),
        service(
            "snow-clearing",
            "道路清雪、清障",
            8,
            "下雪、刮风之后，把路清出来。",
            source="K-11",
            beside=(fixed(Asset.MORAL, 2),),
        ),
        service("water-patrol", "防溺水水域巡查", 4, "夏天到渠边、水库边走一走，劝孩子回家。", source="K-05"),
        service("traffic-post", "交通劝导岗", 4, "赶集、上学放学时在路口劝导。", source="K-13"),
        service("fraud-talk", "反诈宣传入户", 4, "到各家讲讲怎么防骗。", source="K-17"),
        service("skills", "乡土技能教学", 4, "把您的手艺教给乡亲。", source="K-20"),
    )


def _safety() -> tuple[Item, ...]:
    """平安: the safety of the house and of what everybody uses; things are reported, never people."""
    fire_watch_max = FIRE_WATCH_HOURS * HOUR
    return (
        safety(
            "home-check",
            "家里用电用气自查并改好",
            3,
            "照着单子查一遍电线、炉灶、气瓶，有毛病的改好。",
            times(Window.QUARTER, 1),
            source="K-01",
        ),
        safety(
            "smoke-alarm",
            "装上烟感、燃气报警器",
            10,
            "家里装好独立烟感或燃气报警器。",
            times(Window.LIFE, 1),
            source="K-02",
        ),
        safety(
            "drill", "参加消防、地震、防汛演练", 5, "村里演练，家里有人到场。", times(Window.YEAR, 4), source="K-03"
        ),
        Item(
            code="fire-watch",
            title="森林防火值守",
            category=SAFETY.code,
            asset=Asset.SAFE,
            ask=Ask.MINUTES,
            lines=(
                Line(
                    asset=Asset.SAFE,
                    amount_min=FIRE_WATCH_SAFE_PER_HOUR,
                    amount_max=FIRE_WATCH_SAFE_PER_HOUR * FIRE_WATCH_HOURS,
                ),
                Line(asset=Asset.HOURS, amount_min=SHORTEST, amount_max=fire_watch_max),
            ),
            caps=(Cap(window=Window.DAY, asset=Asset.HOURS, amount_max=fire_watch_max),),
            symbol=SYMBOLS["fire-watch"],
            source="K-04",
            how="防火期在卡口、林边值守，每满一小时另加2分平安积分。",
        ),
        safety(
            "hazard-report",
            "公共隐患上报并查实",
            5,
            "路、桥、井、电线有险情，报到村里，查实就加分。",
            times(Window.MONTH, 10),
            source="K-12",
            hint="只报东西，不报人。",
        ),
        safety("patrol", "参与治安巡防", 10, "夜里和巡防队一起走一圈。", ONCE_A_DAY, source="S-078"),
    )
