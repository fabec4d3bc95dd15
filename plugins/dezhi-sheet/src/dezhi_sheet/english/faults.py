"""What is wrong with a sheet, in English."""

from typing import Final

FAULTS: Final = {
    "一共{size}条，最多{most}条": "{size} rows, {most} at most",
    "还有{n}处，先改上面的": "{n} more; mend the above first",
    "代号只用小写字母、数字和短横线，最多{n}个字": "a code is lower-case letters, digits and hyphens, {n} at most",
    "代号用了两次，前一次在{place}": "this code is used twice; before at {place}",
    "代号用了两次": "a code is used twice",
    "要有名称": "a title is needed",
    "最多{most}个字，现在有{n}个": "{most} characters at most, not {n}",
    "没有“{name}”这一类": "there is no category “{name}”",
    "没有“{name}”这一条": "there is no row “{name}”",
    "没有“{name}”": "there is no “{name}”",
    "最多{n}": "{n} at most",
    "要大于0": "must be more than 0",
    "要是1到{n}的整数": "must be a whole number from 1 to {n}",
    "要是0到{n}的整数": "must be a whole number from 0 to {n}",
    "要是1到{n}的整数，200就是双倍": "must be a whole number from 1 to {n}; 200 is double",
    "一次最多会到{most}分，超过{n}分，请写quantity_most或event_most": (
        "one time can come to {most}, above {n}: give quantity_most or event_most"
    ),
    "这样写用不了（{why}）": "cannot be used like this ({why})",
    # bases, campaigns, milestones
    "基础分不能花，只能是荣誉积分或平安积分": "a base cannot be spent: it is honour or safety points",
    "要有期限，最长一年，提醒到期就不算了": "must end, after a year at most: reminders lapse with it",
    "第一次只提醒，至少要有1次": "the first is a warning only: at least 1",
    "每次减的分要大于0，并且不超过一共最多减的分": "must be more than 0 and not above the most taken in all",
    "一共最多减的分不能超过基础分{n}分": "the most taken in all cannot be above the base of {n}",
    "看不懂是哪一天，可以写{examples}": "no day is meant by this; write one like {examples}",
    "每年没有{month}月{day}日": "not every year has a day {day} of month {month}",
    "农历只能写正月到十月，冬月和腊月的日子一年里可能碰上两回": (
        "only months 1 to 10 of the farmers' calendar: a day of the others can come twice in a year"
    ),
    "农历只能写初一到二十九，不是每个月都有三十": "only days 1 to 29: not every month of that calendar has a 30th",
    "写了哪一天记（on），就是一年一次，期限只能是year": "with a day (on) it comes yearly: the window must be `year`",
    "写了哪一天记（on）就没有提醒，提醒要到期末才算得清": (
        "with a day (on) there are no reminders: they are reckoned at the end of a window"
    ),
    "日期写反了，{first}开始，{last}结束": "the dates are backwards: begins {first}, ends {last}",
    "“{row}”的分由人来定，不能再加倍": "people set the points of “{row}”; nothing multiplies them",
    "“{row}”记的是时间或次数，不能加倍": "“{row}” records time or counts; nothing multiplies them",
    "不能奖志愿时，也不能按次数累计": "cannot give volunteer time, nor add up counts",
    # precedence
    "和“{other}”日期重叠，都管“{row}”，要用before写明哪个先算": (
        "meets “{other}” on row “{row}”: say with `before` which goes first"
    ),
    "和“{other}”说的是同一件事（{event}），要用before写明哪个先算": (
        "tells the same deed as “{other}” ({event}): say with `before` which goes first"
    ),
    "和“{other}”不是同一件事（event），不用排先后": "is not the same event as “{other}”: no order is needed",
    "先后绕成了圈，{circle}": "the order goes in a circle: {circle}",
    "和“{other}”一起算，积分种类、记给谁也要一样": "counts together with “{other}”: asset and holder must agree",
    "期限要和“{other}”一样": "the window must be that of “{other}”",
    # a row
    "不能写负数，细则只加分，要减的写成基础分里的提醒（bases.reminders）": (
        "no negative points: a sheet only adds; what takes away is a reminder of a base (bases.reminders)"
    ),
    "最少{least}分比最多{most}分还多": "the least, {least}, is more than the most, {most}",
    "写了分值范围，就不再写固定的分值": "with a range there are no fixed points",
    "单位数量要大于0，最多能填的数不能比它还小": "`every` must be above 0, and `quantity_most` not below it",
    "另记的要是别的一种积分，并且大于0": "what goes beside must be of another asset and above 0",
    "另记的按次（time），或者在按小时的条目里按小时（hour）": "per `time`, or per `hour` in a row by the hour",
    "分怎么算写了不止一种（{kinds}）": "more than one way to find the points ({kinds})",
    "由村民议定的，要写least和most": "a vote needs `least` and `most`",
    "这样算分的条目只能按次或按户次": "such a row goes by time or household",
    "没有写分值，只想记次数的，积分种类写count": "no points are given; to count only, make the asset `count`",
    "只记次数的条目不能有分值": "a row that only counts has no points",
    "系数只用在按小时记分的条目（per = hour）": "coefficients are for rows by the hour (per = hour)",
    "志愿时按真做的时间记，不乘系数；要按系数给分，积分种类改成moral，想两样都记，志愿时写在另记（beside）里": (
        "volunteer time is the time it took, times nothing; for points by the kind of service make the asset moral, "
        "and to record both write the hours in beside"
    ),
    "按数量的，要写单位，例如毫升、元": "by quantity, a unit is needed, such as ml or yuan",
    "按户次的只能记给户": "a row by household goes to the household",
    "志愿时只按做的时间记": "volunteer time is the time it took and nothing else",
    "志愿时按分钟，每次固定的写分钟数（最多{n}），按实际时间的不写": (
        "volunteer time is in minutes: a fixed number ({n} at most), or none where the time it took counts"
    ),
    "各项权重（没写权重的看满分）加起来是{sum}，要正好{n}": "weights (else full marks) sum to {sum}, not to {n}",
    "每项的满分要是1到{n}的整数": "full marks of a section must be from 1 to {n}",
    "自评和互评的百分比加起来要正好{n}": "the per cents of own and mutual marks must sum to {n}",
    "互评的满分要和自评的一样": "neighbours' full marks must be those of the own mark",
    "评委打分的最低分要小于最高分": "a judge's least mark must be below the most",
    "评委人数要在1到{n}之间，最少不能多过最多": "judges must be 1 to {n}, the least not above the most",
    "去掉的分太多，人少的时候就没有分了": "too many marks are left out: with few judges none would stay",
    "等级要有评分（sections、judges、blend或inspection）": "tiers need marks (sections, judges, blend or inspection)",
    "前提条件要和评分一起用": "preconditions go with marks",
    "等级要从低到高，起点不能重复": "tiers go from low to high, each beginning elsewhere",
    "等级的分不能是负数，最高一档要有分": "no tier is negative, and the highest gives something",
    "检查要写满分，和扣哪些": "an inspection needs full marks and defects",
    "每处少的分要大于0": "what a defect takes must be above 0",
    "一共{size}项，最多{most}项": "{size} parts, {most} at most",
    "每项都要有名称，最多{n}个字": "each part needs a title of {n} characters at most",
    "每一级的分要大于0": "each level must give something",
    "系数按百分比写，1到{n}": "a coefficient is per cent, from 1 to {n}",
    "前提条件一共最多{n}个字，每条都要写": "preconditions have {n} characters in all, and none is empty",
    "同一种人只写一次，一整组的写group": "each kind of people stands once; a whole group is `group`",
    "人数要在0到{n}之间，最少不能多过最多，是户或者人": "people must be 0 to {n}, households or persons",
    "分不能是负数，见证人不得分": "no negative points, and none for witnesses",
    "这一条记给个人，一起的也要写明是人（person）": "this row is a person's: so must be those named with it (person)",
    "一整组的条目只写分值和怎么分，不另设上限、另记和一起的人": "a group's row has points and a way to share them",
    "一整组是网格（grid）或全村（village）": "a group is a grid or the village",
    "次数（times）、分数（points）、分钟（minutes）只写一个，要大于0": "give one of times, points and minutes, above 0",
    "名额（of）是网格（grid）或全村（village）的": "a quota is of a grid or the village",
    "不记志愿时的条目，上限不能写分钟": "a row without volunteer time has no limit in minutes",
    "记时间或次数的条目，上限不能写分数": "a row of time or counts has no limit in points",
    "补到上限（fill）只用于分数和分钟": "`fill` is for points and minutes only",
    "上限{limit}分比一次的{n}分还少": "a limit of {limit} is less than the {n} of one time",
    "上限{limit}分钟比一次的{n}分钟还少": "a limit of {limit} minutes is less than the {n} of one time",
    "同一段时间里同样的上限写了两次": "the same limit stands twice for one window",
    "没有可以参照的条目，要有分值固定、积分种类相同的条目": "no row of fixed points and the same asset to go by",
}
