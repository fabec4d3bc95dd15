"""The plugin's texts in English, by the Chinese ones; `{name}` stands for whatever was put there."""

from typing import Final

from .faults import FAULTS
from .reading import READING

ENGLISH: Final = {
    **FAULTS,
    **READING,
    # settings
    "细则前面的话": "Words before the rules",
    "写在公开细则页最上面的一句话，可以不写。": "A sentence at the top of the public rules page; may stay empty.",
    "要不要光荣榜": "Have an honour board",
    "按本季道德积分排一张光荣榜，只排自愿上榜的户。": "By this quarter's moral points; only households that agreed.",
    "光荣榜排到第几名": "Places on the honour board",
    "分数相同名次相同，可能多出几户。": "Equal points share a place, so there may be a few more.",
    "类别": "Categories",
    "细则的大类，每一条都归到一类下面。": "The headings of the sheet; every row stands under one.",
    "条目": "Rows",
    "一条一条怎么加分，上限多少。": "Row by row: how points are earned, and up to what limit.",
    "基础分": "Bases",
    "期末记的基础分，和从里面减的提醒；从不扣存折里的分。": (
        "A base recorded at the end of a period, less what reminders took; nothing ever leaves a passbook."
    ),
    "活动期": "Campaigns",
    "哪几天、哪几条加倍，按做事的日期算。": "On which days which rows give more, by the deed's date.",
    "累计等级": "Milestones",
    "一段时间累计到多少分，另记一次。": "What reaching a sum in a period brings, once.",
    # boards
    "积分光荣榜": "Honour board",
    "本季按细则挣到的道德积分；自愿上榜，分数相同名次相同。": (
        "Moral points earned by the sheet this quarter; only who agreed, equal points share a place."
    ),
    # words
    "当天": "that day", "本周": "this week", "本月": "this month", "本季": "this quarter", "今年": "this year",
    "总共": "in all", "每天": "a day", "每周": "a week", "每月": "a month", "每季": "a quarter", "每年": "a year",
    "一共": "in all", "每户": "a household", "每网格": "a grid", "全村": "the whole village",
    "{hours}小时": "{hours} h", "{minutes}分钟": "{minutes} min", "{hours}小时{minutes}分": "{hours} h {minutes} min",
    # what is given
    "{n}分": "{n} points",
    "{n}次": "{n} times",
    "记{n}分": "{n} points",
    "记荣誉积分{n}分": "{n} honour points",
    "记平安积分{n}分": "{n} safety points",
    "记志愿时{time}": "{time} of volunteer time",
    "记{n}次，不加分": "counted {n} times, no points",
    "{kind}加{n}分": "{n} more {kind}",
    # how the amount was found
    "{n}人次，每人次{each}分": "{n} people, {each} points each",
    "{amount}，每{step}记{each}分": "{amount}, {each} points for every {step}",
    "做了{time}，每满{step}记{each}分": "{time}, {each} points for every full {step}",
    "按“{kind}”算{percent}%": "as “{kind}”, at {percent} per cent",
    "按“{level}”": "as “{level}”",
    "在{least}到{most}分里定为{n}分，理由见记录": "set at {n} points within {least} to {most}; the reason is on record",
    "村民议定{n}分，决议见记录": "{n} points by the villagers' vote; the resolution is on record",
    "参照“{like}”，理由见记录": "as for “{like}”; the reason is on record",
    "满分{full}分": "full marks {full}",
    "{what}少{off}分": "{what}: {off} less",
    "没有发现问题": "nothing found",
    "扣完为止": "down to nothing and no further",
    "各项合计{total}分（满分100分）": "{total} of 100 marks in all sections",
    "{count}位评委平均{mean}分（四舍五入）": "mean of {count} judges: {mean} (rounded half up)",
    "{count}位评委，去掉最高最低各{trim}个，平均{mean}分（四舍五入）": (
        "mean of {count} judges without the {trim} highest and lowest: {mean} (rounded half up)"
    ),
    "自评{own}分占{share}%，互评{mutual}分占{rest}%，合{total}分（四舍五入）": (
        "own mark {own} at {share} per cent and neighbours' mark {mutual} at {rest} per cent: {total} (rounded half up)"
    ),
    "评为“{tier}”（{least}分起）": "comes to “{tier}” ({least} and more)",
    "没有达到最低一档": "below the lowest tier",
    "满分给{full}分，按得分折算": "full marks give {full} points, in proportion",
    # what limits it
    "一次最多算{most}": "one event counts {most} at most",
    "“{campaign}”期间按{percent}%算": "at {percent} per cent during “{campaign}”",
    "{window}同类只取最高，前面已记{had}": "only the highest counts {window}; {had} were given before",
    "同一件事当天已经记过": "the same deed was already recorded that day",
    "同一件事当天已记{had}分，只补差额": "{had} points were given for the same deed that day; this is the difference",
    "{window}最多{limit}，前面已记{had}，只记剩下的": "at most {limit} {window}; {had} were given, so only the rest",
    "{window}还能记{left}": "{left} can still be earned {window}",
    "{window}的上限已满": "the limit {window} is reached",
    # several people
    "{share}分平分给{count}户，余{left}分不分": (
        "{share} points shared by {count} households; {left} left over go to nobody"
    ),
    "全组{count}户，每户一样": "{count} households of the group, the same for each",
    "一起的{who}": "named with it: {who}",
    # what the clerk is asked
    "几人参加": "How many took part",
    "多少": "How much",
    "哪一级": "Which level",
    "哪一类服务": "Which kind of service",
    "哪一组": "Which grid",
    "前提条件都做到了": "All preconditions are met",
    "各位评委的打分": "The judges' marks",
    "自评分": "Own mark",
    "互评分": "Neighbours' mark",
    "决议的文号": "Number of the resolution",
    "参照哪一条": "By analogy with which row",
    "为什么像这一条": "Why it is like that row",
    # how much, in a few words
    "每人{n}分": "{n} points a person",
    "每户{n}分": "{n} points a household",
    "每小时{n}分": "{n} points an hour",
    "{much}，再乘系数": "{much}, times the kind's share",
    "{much}，全组平分": "{much}, shared by the group",
    "{much}，看级别": "{much}, by the level",
    "{much}，村民议定": "{much}, by the villagers' vote",
    "参照同类": "by analogy",
    "最多{most}，按评分": "up to {most}, by the marks",
    "最多{most}，按等级": "up to {most}, by tiers",
    "{much}，减去提醒的": "{much}, less what reminders take",
    "{n}到{most}分": "{n} to {most} points",
    "{much}荣誉积分": "{much} of honour",
    "{much}平安积分": "{much} of safety",
    "{much}志愿时": "{much} of volunteer time",
    # bases, reminders, milestones
    "基础{full}分": "a base of {full} points",
    "提醒{times}次，超出{free}次的减{off}分": "{times} reminders, beyond {free} they take {off} points",
    "没有提醒": "no reminders",
    "每年{on}记一次": "once a year, on {on}",
    "{window}第{n}次提醒，只提醒不减分": "reminder {n} {window}: a warning only",
    "{window}第{n}次提醒，期末从“{base}”里减{minus}分，最多减{most}分": (
        "reminder {n} {window}: it will take {minus} points off “{base}” at the end, {most} at most"
    ),
    "{window}累计满{least}": "reached {least} {window}",
    # how to earn it
    "每次{n}分": "{n} points a time",
    "每次{least}到{most}分": "{least} to {most} points a time",
    "每人次{n}分": "{n} points for each person",
    "每户次{n}分，一天一次": "{n} points a household, once a day",
    "每满{step}记{n}分": "{n} points for every full {step}",
    "每{step}记{n}分": "{n} points for every {step}",
    "按做的时间记志愿时": "volunteer time by the minutes it took",
    "每次记{time}": "{time} each time",
    "只记次数": "counted only",
    "{level}给{n}分": "{n} points for {level}",
    "同类取最高": "only the highest of its kind counts",
    "按评分给分": "by the marks given",
    "由村民议定，{least}到{most}分": "by the villagers' vote, {least} to {most} points",
    "细则没有写明的好事，参照同类": "deeds the sheet does not name, by analogy",
    "{each}最多{limit}": "at most {limit} {each}",
    "每网格{each}最多{limit}": "at most {limit} in a grid {each}",
    "全村{each}最多{limit}": "at most {limit} in the whole village {each}",
    "每满1小时{kind}加{n}分": "{n} more {kind} for every full hour",
    "一次活动最多算{most}": "at most {most} for one event",
    "每年{on}自动记{n}分": "recorded each year on {on}, {n} points",
    "{each}末自动记，最多{n}分": "recorded at the end, {each}, up to {n} points",
    "满分给{full}分": "full marks give {full} points",
    "{what}每{unit}少{off}分": "{what}: {off} less for each {unit}",
    "{what}每{unit}少{off}分，最多算{most}": "{what}: {off} less for each {unit}, {most} counted at most",
    "{tier}（{least}分起）给{points}分": "{points} points for {tier} ({least} and more)",
    "{least}到{most}位评委打分取平均": "mean of {least} to {most} judges",
    "{least}到{most}位评委打分取平均，去掉最高最低各{trim}个": (
        "mean of {least} to {most} judges without the {trim} highest and lowest"
    ),
    "自评占{own}%，互评占{rest}%": "own mark at {own} per cent, neighbours' mark at {rest} per cent",
    "{who}每户另记{much}": "{much} to each of: {who}",
    "{who}每人另记{much}": "{much} to each person of: {who}",
    "全组每户记{much}": "{much} to each household of the group",
    "{much}由全组平分": "{much} shared by the group",
    "和{others}算同一件事，一天只记一次": "the same deed as {others}: once a day",
    "和{others}合起来{limit}": "together with {others}: {limit}",
    "{limit}，多出的不算": "{limit}; what is above does not count",
    "“{campaign}”期间（{days}）按{percent}%算": "at {percent} per cent during “{campaign}” ({days})",
    "{y}年{m}月{d}日到{until}年{month}月{day}日": "{y}-{m}-{d} to {until}-{month}-{day}",
    "一共{n}项": "{n} in all",
    "{each}累计满{least}时另记一次": "given once when {least} are reached {each}",
    "{each}第{n}次只提醒": "a reminder only for number {n}, {each}",
    "{each}前{n}次只提醒": "a reminder only for the first {n}, {each}",
    "再有，期末记“{base}”时每次少{minus}分，最多少{most}分": (
        "each later one takes {minus} points off “{base}” at the end, {most} at most"
    ),
    "不扣存折里的分": "nothing leaves the passbook",
}  # fmt: skip
