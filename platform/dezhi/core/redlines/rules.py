"""Which meanings together make a red line, what excuses them, and which document says so (domain: RL-1 to RL-15)."""

from collections.abc import Mapping
from typing import Final, Literal

import msgspec

from dezhi.core.text import N_

Level = Literal["block", "warn"]


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """A combination of concepts in one sentence. All of `needs` and none of `unless`; `minus`: only where points go.

    `weak` rules speak only where no other rule found a block: they are about what is left when nothing is clear.
    """

    code: str
    needs: tuple[str, ...]
    unless: tuple[str, ...] = ()
    minus: bool | None = None
    level: Level = "block"
    weak: bool = False


class Law(msgspec.Struct, frozen=True, kw_only=True):
    """Why a line is red: the document with its article where one is named, and what would be allowed instead."""

    article: str
    reason: str


def _rule(
    code: str,
    needs: str,
    unless: str = "",
    *,
    minus: bool | None = None,
    level: Level = "block",
    weak: bool = False,
) -> Rule:
    return Rule(
        code=code, needs=tuple(needs.split()), unless=tuple(unless.split()), minus=minus, level=level, weak=weak
    )


RULES: Final[tuple[Rule, ...]] = (
    _rule("RL-1", "wipe points", "calendar capped gone_calm"),
    _rule("RL-1", "wipe points misdeed", "capped"),
    _rule("RL-1", "wipe_strong", "calendar capped"),
    _rule("RL-1", "whole lose points", "calendar capped gone_calm"),
    _rule("RL-2", "praise survey", "helped_satisfied yard"),
    _rule("RL-2", "survey_bare"),
    _rule("RL-3", "petition", "petition_good"),
    _rule("RL-3", "speech", minus=True),
    _rule("RL-3", "speech_always", "any_view"),
    _rule("RL-4", "informer_strong", "hazard"),
    _rule("RL-4", "denounce persons", "hazard"),
    _rule("RL-4", "tell persons", "hazard help_found", minus=False),
    _rule("RL-5", "service stake scored"),
    _rule("RL-5", "service_hard denied"),
    _rule("RL-6", "minor_strong", "adult_study"),
    _rule("RL-6", "minor result", "school_help adult_study"),
    _rule("RL-6", "minor result", "adult_study", minus=True),
    _rule("RL-6", "league", level="warn"),
    _rule("RL-7", "body", "care animals smoke_place"),
    _rule("RL-7", "body", "animals smoke_place", minus=True),
    _rule("RL-7", "body_strong", "care_blood"),
    _rule("RL-7", "body_always", "publicity"),
    _rule("RL-8", "usage", "usage_help"),
    _rule("RL-8", "vote_bare", "deliberation"),
    _rule("RL-9", "power", "power_not"),
    _rule("RL-10", "withheld kin_strong"),
    _rule("RL-10", "kin_strong", minus=True),
    _rule("RL-10", "one all_of_them kin_act withheld", level="warn"),
    _rule("RL-10", "one all_of_them", minus=True),
    _rule("RL-12", "backdate_strong", "backdate_not"),
    _rule("RL-12", "past backdate", "backdate_not"),
    _rule("RL-13", "shame_strong"),
    _rule("RL-13", "shame publish", "honour"),
    _rule("RL-14", "cash_strong"),
    _rule("RL-14", "cash units", "cash_goods"),
    _rule("RL-14", "trade units", "cash_goods"),
    _rule("RL-14", "amount rate units", "cash_goods power", level="warn"),
    _rule("RL-15", "belief", "belief_not"),
    _rule("RL-15", "ethnic", "ethnic_not"),
    _rule("RL-15", "birth", "birth_help"),
    _rule("RL-15", "marriage", "marriage_not"),
    _rule("RL-1", "reset fault", "capped reset_calm"),
    _rule("RL-1", "wipe points fault", "capped reset_calm gone_calm"),
    _rule("RL-2", "asker good_answer", "not_praise"),
    _rule("RL-2", "praise_cadres", "not_praise"),
    _rule("RL-3", "voice", "voice_not", minus=True),
    _rule("RL-4", "private spy", "spy_not"),
    _rule("RL-5", "welfare gate", "welfare_not"),
    _rule("RL-5", "welfare_hard denial fault", "welfare_not"),
    _rule("RL-6", "minor child_data", "child_not"),
    _rule("RL-6", "minor child_duty", "child_not"),
    _rule("RL-8", "app_use", "app_not"),
    _rule("RL-9", "force", "force_not"),
    _rule("RL-10", "loses kin_loses", "kin_not"),
    _rule("RL-10", "member member_wrong others lessen", "others_not kin_not"),
    _rule("RL-9", "fault amount due", "due_not force_not"),
    _rule("RL-3", "voice detriment fault", "voice_not"),
    _rule("RL-3", "quiet_reward", "petition_good voice_not"),
    _rule("RL-5", "welfare denial fault", "welfare_not"),
    _rule("RL-7", "body body_duty", "care_core animals smoke_place"),
    _rule("RL-9", "fault force", "force_free"),
    _rule("RL-13", "fault shown", "shown_free"),
    _rule("RL-12", "old_deed", "old_not"),
    _rule("RL-13", "shown", "shown_not"),
    _rule("RL-14", "for_money", "money_not"),
    _rule("RL-15", "origin", "origin_not"),
    _rule("RL-7", "body_more", "care animals smoke_place"),
    _rule("RL-1", "gone_all", "gone_calm calendar"),
    _rule("RL-1", "gone misdeed", "gone_calm"),
    _rule("RL-1", "gone if_not", "gone_calm calendar"),
    _rule("RL-1", "gone lost", "gone_calm calendar"),
    _rule("RL-2", "visited flattered gain", "flattered_not"),
    _rule("RL-2", "visited flattered lost", "flattered_not"),
    _rule("RL-3", "speaks_up lost", "speaks_not"),
    _rule("RL-3", "silence", "silence_not"),
    _rule("RL-4", "tells_on gain", "tells_not"),
    _rule("RL-4", "tells_who gain", "tells_not"),
    _rule("RL-4", "tells_strong", "tells_strong_not"),
    _rule("RL-4", "shields lost", "tells_not"),
    _rule("RL-5", "gated", "gated_not"),
    _rule("RL-5", "uninsured", minus=True),
    _rule("RL-6", "young gain", "young_not"),
    _rule("RL-6", "young lost", "young_not"),
    _rule("RL-6", "young publish", "young_not"),
    _rule("RL-6", "young_named", "unnamed"),
    _rule("RL-7", "bodily gain", "bodily_not"),
    _rule("RL-7", "bodily lost", "bodily_not"),
    _rule("RL-8", "screen_strong", "screen_strong_not"),
    _rule("RL-8", "screen gain", "screen_not"),
    _rule("RL-8", "screen lost", "screen_not"),
    _rule("RL-9", "takes_over if_not", "takes_not gain"),
    _rule("RL-10", "kinfolk wrongdoer lost", "kinfolk_not"),
    _rule("RL-10", "kin_too lost", "kin_too_not"),
    _rule("RL-11", "loose_open", "loose_not thanked"),
    _rule("RL-11", "disliked some_points", "loose_not thanked"),
    _rule("RL-11", "loose lost", "loose_not"),
    _rule("RL-12", "earlier", "earlier_not"),
    _rule("RL-13", "shaming", "shaming_not"),
    _rule("RL-14", "cashed", "cashed_not"),
    _rule("RL-15", "own_ways lost", "honour"),
    _rule("RL-15", "faith gain", "faith_not"),
    _rule("RL-15", "faith lost", "faith_not"),
    _rule("RL-9", "agency", minus=True, level="warn", weak=True),
    _rule("RL-11", "vague_strong", minus=True),
    _rule("RL-11", "vague", "concrete", minus=True),
)

REWARD_RULES: Final[tuple[Rule, ...]] = (
    _rule("RL-5", "service_hard"),
    _rule("RL-14", "cash"),
)
"""What a reward may not be, whatever stands beside it (RE-12)."""

_OPINION_49: Final = N_("国办发〔2020〕49号：限制权利、增加义务要有具体事实，并有法律法规或党中央、国务院文件作依据")
_HOUSE: Final = N_("德治的底线（没有另列法条）")

LAWS: Final[Mapping[str, Law]] = {
    "RL-1": Law(
        article=_OPINION_49,
        reason=N_("一件事不能把以前挣的分全部抹掉：过重。可以这一次不加分，或先提醒、再按次少记，写明上限和期限。"),
    ),
    "RL-2": Law(
        article=_HOUSE,
        reason=N_("拿分换“满意”“好评”，换来的是假话。可以奖励提意见、提建议，不看说的是好是坏。"),
    ),
    "RL-3": Law(
        article=_OPINION_49,
        reason=N_("说话、批评、投诉、信访是村民的权利，不能加分也不能扣分。可以奖励参加议事，到场就算，不看说了什么。"),
    ),
    "RL-4": Law(
        article=N_("《个人信息保护法》第6条"),
        reason=N_("不奖励告发人、打听人。可以奖励报告公共隐患（路、桥、井、线、火情）：只报东西，不报人。"),
    ),
    "RL-5": Law(
        article=_OPINION_49,
        reason=N_("低保、医保、入学、宅基地、政审等公共服务不能和积分挂钩。积分只换自愿的回馈，如日用品和互助服务。"),
    ),
    "RL-6": Law(
        article=N_("《个人信息保护法》第28条、第31条"),
        reason=N_("不拿未成年人的成绩、名次、奖状和行为计分，更不公布。可以奖励大人辅导、接送、看护孩子。"),
    ),
    "RL-7": Law(
        article=N_("《个人信息保护法》第28条；国家卫生健康委2019年：不献血不受影响"),
        reason=N_(
            "身体、疾病、生育、残疾和献血不计分，也不登记。可以奖励照顾病人、帮助残疾人、参加健康宣传的志愿服务。"
        ),
    ),
    "RL-8": Law(
        article=N_(
            "国办《政务移动互联网应用程序规范化管理办法》（2026年1月）；中央网信办《关于防治“指尖上的形式主义”的若干意见》"
        ),
        reason=N_("打卡、点赞、转发、登录、下载、时长、刷票不计分。可以奖励真做的事，纸上登记同样算数。"),
    ),
    "RL-9": Law(
        article=_OPINION_49,
        reason=N_(
            "罚款、断水断电、没收、拆除、处罚是国家机关依法的事，村规无权，也不能另加一道。可以提醒、劝导、报主管部门依法办理。"
        ),
    ),
    "RL-10": Law(
        article=_OPINION_49,
        reason=N_("谁做的事谁负责，不连累家里人和邻居。可以只提醒做事的人，别人的分不动。"),
    ),
    "RL-11": Law(
        article=N_("国办发〔2020〕49号：要有具体事实；《个人信息保护法》第24条：能说明理由"),
        reason=N_("“表现不好”“影响恶劣”没有标准，扣了也没法复核。请写出看得见的具体行为、先提醒、扣多少、最多多少。"),
    ),
    "RL-12": Law(
        article=_HOUSE,
        reason=N_("新规矩不管旧事：生效以前的事按当时的规则。请写明从哪天起，只算那天以后的事。"),
    ),
    "RL-13": Law(
        article=N_("《民法典》第1024条、第1034条；《个人信息保护法》第25条"),
        reason=N_("不张榜、不点名、不曝光人。可以办自愿上榜的光荣榜；要提醒谁，单独跟他说。"),
    ),
    "RL-14": Law(
        article=N_("时间银行“只兑换服务不兑换钱”；国办《政务移动互联网应用程序规范化管理办法》（2026年1月）：不得商用"),
        reason=N_("积分和工时不能换钱，也不能买卖。可以换日用品和服务，或自愿赠给有需要的人。"),
    ),
    "RL-15": Law(
        article=N_("《个人信息保护法》第28条"),
        reason=N_("信仰、民族、婚姻、生育不加分也不扣分，人人平等。可以奖励节俭办红白事这样的具体做法。"),
    ),
}
