"""What reading a village's own workbook says of it, in English."""

from typing import Final

READING: Final = {
    "工作表“{name}”": "Sheet “{name}”",
    "工作表“{name}”是隐藏的，没有读。": "Sheet “{name}” is hidden and was not read.",
    "文件里有宏（程序），没有读，也没有运行；只读了格子里的字。": (
        "There are macros (a program) in the file: they were neither read nor run, only the text of the cells was read."
    ),
    "有{n}格是公式（{places}），这里不计算：只读了上次存下的得数，没有得数的没有读，请核对或者改成数字。": (
        "{n} cells are formulas ({places}), which are not worked out here: the result that was saved last was read, and"
        " where there is none, nothing. Check them, or put numbers instead."
    ),
    "有隐藏的内容（{places}），没有读": "hidden content ({places}) was not read",
    "{place} 的字太多，只读了前{n}个字。": "{place} is too long; only its first {n} characters were read.",
    "各行的字是连在一格里的表，按分隔的符号分成了几栏，位置里的列是分开以后的": (
        "each line is a table's row typed into one cell; it was parted, and places name the columns after that"
    ),
    "条目超过{most}条，只读了前{n}条。请只留积分细则，再上传一次。": (
        "There are more than {most} items; only the first {n} were read. Keep the rules alone and upload again."
    ),
    "这些没有当作条目": "not taken for items",
    "“{text}”（旁边没有写项目）": "“{text}” (no item beside it)",
    "“{text}”（合计）": "“{text}” (a total)",
    "第{n}行": "row {n}",
    "这些没有当作条目，一共{n}处": "{n} cells not taken for items",
    "没有找到写着分数的条目，没有读": "no item with points was found, so nothing was read",
    "从第{n}行起看起来是{what}，不是积分条目，没有读": "from row {n} on it looks like {what}, no items; not read",
    "名单": "a list of people",
    "兑换价目": "a list of prices",
    "第{n}行说的是基础分（{words}），没有当作条目": "row {n} is about a base ({words}), not taken for an item",
    "和{place}的条目同名，请看是不是写了两遍。": "It has the title of the item at {place}: is it there twice?",
    "名称超过{n}个字，截短了，请起一个短名称；原文见右边的单元格。": (
        "The title is longer than {n} characters and was cut: give it a short one. The cell has all of it."
    ),
    "分数是0或者太大，请核对。": "The points are 0 or too many: please check.",
    ("原表写的是{written}。这里不扣已有的分：第一次只提醒，以后每次从期末的基础分里减{n}分，请核对基础分。"): (
        "The sheet says {written}. It is not taken from what people have: the first time is a reminder only, each later"
        " one takes {n} points off the base at the end of the period. Please check the base."
    ),
    "最多减{n}分，请核对。": "It takes {n} points off at most: please check.",
    "最多减{n}分是这里先填的，原表没有写，请核对。": (
        "That it takes {n} points off at most was filled in here, the sheet does not say: please check."
    ),
    "{when}{n}次是每人的还是每户的？现在按每户算，家里几个人分几次来会记不上，请核对。": (
        "Is {n} times ({when}) of each person or of the household? It is read as the household's, so members who come"
        " on different days may be refused: please check."
    ),
    "原表写着“{words}”：管多久没有读进去，这里记了就算数，请核对。": (
        "The sheet says “{words}”: how long it counts was not read, and what is recorded counts. Please check."
    ),
    "扣{n}分": "{n} points off",
    "每次扣{n}分": "{n} points off each time",
    "每次扣{n}至{most}分": "{n} to {most} points off each time",
    "每天扣{n}分": "{n} points off a day",
    "每周扣{n}分": "{n} points off a week",
    "每月扣{n}分": "{n} points off a month",
    "每年扣{n}分": "{n} points off a year",
    "每次扣{n}分，每月最多{points}分": "{n} points off each time, {points} a month at most",
    "每次扣{n}分，每年最多{points}分": "{n} points off each time, {points} a year at most",
    "原表给的是范围，先按最少的{n}分读。": "The sheet gives a range; it is read as the least, {n} points.",
    "原表分了几档，提醒只有一档，请看要不要分成几条。": (
        "The sheet has several levels and a reminder has one: should it be several rows?"
    ),
    "分数不止一个，又按人、小时或数量算，这里先按每次读，请核对。": (
        "There is more than one number of points, by person, hour or quantity: read as each time, please check."
    ),
    "原表是每半年一次，这里读成一年最多两次。": "The sheet says once in half a year; read as twice a year at most.",
    "每多少一分没有读成整数，请核对。": "The quantity for one point is no whole number: please check.",
    "没有读到每处扣多少，先按每处1分读。": "What each defect takes off was not found; read as 1 point.",
    "原表写取最高分，没有写多长时间，先按一年读，请核对。": (
        "The sheet says only the highest counts, but not in what time: read as a year, please check."
    ),
    "“每次最多{limit}”没有读进去，请自己写上。": "“{limit} each time at most” was not read: please add it.",
    "上限{n}分比一次的分还少，请核对。": "The limit of {n} points is less than one time gives: please check.",
    "上限“{limit}”没有读进去，请自己写上。": "The limit “{limit}” was not read: please add it.",
    "这里写了几个分数，没有写各是什么档，请补上档次或只留一个。": (
        "There are several numbers of points without the levels they belong to: add the levels or keep one."
    ),
    "这里写了加倍，没有读进去：请在细则的“活动期”里写明哪几天、几倍。": (
        "It says double, which was not read: say under “campaigns” on which days and how much."
    ),
    "分数不是整数，请改成整数。": "The points are no whole number: please make them one.",
    "只写了最高{most}分，没有写最低多少，先按1至{n}分读，请核对。": (
        "Only the most, {most} points, is given and not the least: read as 1 to {n}, please check."
    ),
    "只写了满分{n}分，没有写怎么扣，请核对。": (
        "Only full marks, {n} points, are given and not what comes off: please check."
    ),
    "这一条在扣分的栏里，写的却是加分，请看清是加还是减。": (
        "It stands in the column for minus points but says plus: is it plus or minus?"
    ),
    "这一条在加分的栏里，写的却是扣分，请看清是加还是减。": (
        "It stands in the column for plus points but says minus: is it plus or minus?"
    ),
    "这张表没有表头，各栏是什么是看内容猜的，请核对。": (
        "This table has no headings; what its columns are was guessed from what they hold: please check."
    ),
    "这一行不在表里，是按旁边的数猜的，请核对。": (
        "This line is not in a table; it was guessed from the number beside it: please check."
    ),
    "分值{place}被表格软件改成了日期，先按月和日两个数读，请核对。": (
        "The points at {place} were turned into a date by the spreadsheet; read as its month and day: please check."
    ),
    "分值{place}合并了几行，先按每一条都是这个分数读，请核对。": (
        "The points at {place} are one cell over several rows; read as so many for each: please check."
    ),
    "一行有几栏分数，先按一条的几个档读，请核对。": (
        "A row has points in several columns; read as levels of one item: please check."
    ),
    "这里写了名额，没有读进去：请在上限里自己写上“每网格最多几户”或“每村最多几户”。": (
        "It gives a quota, which was not read: add to the limits how many households of each grid or village at most."
    ),
    "原表写着名额{quota}，没有写多长时间，先按一年读，请核对。": (
        "The sheet gives the quota {quota}, but not in what time: read as a year, please check."
    ),
    "上限写的是每人，这里把分记给个人，请核对。": (
        "The limit is of each person, so the points go to the person: please check."
    ),
    "上限写的是每人，这一条按户计分，请核对上限算谁的。": (
        "The limit is of each person but the row counts households: whose limit is it? Please check."
    ),
    "这里还写了加减分的别的办法（减半、各计分等），没有读进去，请核对。": (
        "It also says points in another way (halved, for each of several …), which was not read: please check."
    ),
    "计分的单位“{unit}”没有读懂，请核对按什么计分。": (
        "What the points are counted by, “{unit}”, was not understood: please check."
    ),
    "左边是名单，这几栏先当作细则来读，请看是不是每户得分的记录。": (
        "A list of people stands on the left; these columns were read as rules: are they a log of points given?"
    ),
    "原表是每半年最多{n}，上限里没有半年，先读成一年最多{most}，请核对。": (
        "The sheet says {n} at most in half a year; limits have no half years, so it is read as {most} a year."
    ),
    "这些条目连在一格里，是按标点分开的，请核对。": (
        "These rows are typed into one cell and were parted at its punctuation: please check."
    ),
    "{places}里写的是兑换价目，不是积分条目，没有读": "{places}: prices of what points buy, no items; not read",
    "名称不像做的一件事，请写清是做什么。": "The title does not sound like a deed: please say what is done.",
    "这一张不像表格，是按位置把项目和分数配在一起的，请核对。": (
        "This is hardly a table; items and points were brought together by where they stand: please check."
    ),
    "这张表里还有写着分数的格子没有读进去，整张表都请核对。": (
        "Some cells of this table say points and were not read: please check the whole table."
    ),
    "原表写着“{words}”：这个条件没有读进去，只写在提示里，记之前请看够不够。": (
        "The sheet says “{words}”: that condition was not read and stands in the hint alone; see that it is met."
    ),
    "先读成一年最多{n}次，请核对。": "Read as {n} times a year at most: please check.",
    "第一次和以后给的分不一样，读成了两条，第一次的那条一户只记一次，请核对。": (
        "The first time gives another number than later ones: two rows now, the first once a household. Please check."
    ),
    "这像是上一条的后半句（第一次以后给多少），请看是不是同一件事。": (
        "This looks like the rest of the row above (what later times give): is it the same deed?"
    ),
    "几个档是第几次给多少分，没有人替记的人数是第几次，请看要不要分成几条。": (
        "The levels are the first, second … time, and nobody counts them for the clerk: should it be several rows?"
    ),
    "几个档像是几个人各得多少分，不是选一档：请看要不要写成“还有谁”。": (
        "The levels look like people who each get points, none to choose from: should they be named besides?"
    ),
    "原表写着双方一样多：记在一户，另一户填在“还有谁”里，请核对。": (
        "Both sides get the same: it is recorded for one household, the other is named besides. Please check."
    ),
    "原表写着双方各多少分，看不出是不是两户，先按一户读，请核对。": (
        "It says what both sides get, but not whether they are two households: read as one, please check."
    ),
    "原表既按人又按时间：读成一段时间一次、几个人就算几份，请核对。": (
        "It counts by person and by time: read as once in that time, so many for each person. Please check."
    ),
    "“{n}户”先读成每户最多{times}次，请看是不是一共{all}户。": (
        "“{n} households” is read as {times} times a household at most: is it {all} households in all?"
    ),
    "原表写着评几户，没有写是每个组还是全村，先按全村读，请核对。": (
        "It gives a quota, but not whether of each group or of the village: read as the village's, please check."
    ),
    "原表没有写上限，先读成一次最多填{most}，请核对。": (
        "The sheet sets no limit; one entry is read as {most} at most: please check."
    ),
    "这几行像是同一件事的几个档（{names}）：同一次只记最高的一档，请看要不要合成一条。": (
        "These rows look like the grades of one deed ({names}): only the highest counts each time. One row for all?"
    ),
    "这些规定没有读进去，请看要不要写进细则": "rules in words that were not read: should the sheet have them?",
    "这些规定没有读进去，请看要不要写进细则，一共{n}条": "{n} rules in words not read: should the sheet have them?",
    "类别太多，只留了{n}个，别的条目放在“{other}”里，请自己归类。": (
        "There are too many categories: {n} were kept and the other items put under “{other}”; please sort them."
    ),
    "每满{step}小时{n}分": "{n} points for every full {step} h",
    "每满{step}分钟{n}分": "{n} points for every full {step} min",
    "受帮助的{n}分": "{n} points for who is helped",
    "受帮助的每户{n}分": "{n} points for each household helped",
    "项目和分值的条数对不上，请逐条核对。": "There are not as many items as points: please check each.",
}
