"""The plugin's texts in English, by the Chinese ones."""

from typing import Final

ENGLISH: Final = {
    "走访只记次数，不加分，不排名。": "Visits are counted; they bring no points and rank nobody.",
    "三线走访": "Visits of the three lines",
    "办理闭环": "Raised and settled",
    "一位中心户长联系几户": "Households of one centre household",
    "写在公开页上，也是一次走访最多能选的户数。": "Stands on the public page, and is the most one visit can name.",
    "中心户长一个月走访几户": "Households a centre household visits in a month",
    "记好一次走访，就告诉本人这个月还差几户。填 0 就是不提。": (
        "Whoever records a visit is told how many are left this month. 0 says nothing."
    ),
    # items
    "党员联系群众": "Party members",
    "党员走访联系户": "Visit of a party member",
    "党员到联系的人家坐一坐，听一听，办一办。": (
        "A party member sits down with those they look after, listens and helps."
    ),
    "人大代表联系选民": "Deputies",
    "人大代表走访选民": "Visit of a deputy",
    "代表到选民家里听意见，带回去办。": "A deputy hears voters at home and takes it along.",
    "中心户长联系村民": "Centre households",
    "中心户长走访": "Visit of a centre household",
    "中心户长到联系的人家走一走，有事早知道、早办。": (
        "A centre household looks in on its neighbours, so that things are known and done early."
    ),
    "走访了哪几户": "Which households were visited",
    "主要为什么事": "What it was mainly about",
    "只记是哪一类，不写谁说了什么。": "Only the kind; never who said what.",
    "安全提醒": "Safety",
    "政策讲解": "Explaining a policy",
    "生活难处": "A hard time",
    "邻里的事": "Neighbours",
    "意见建议": "Advice",
    "看望": "A friendly call",
    "中心户长走遍本格": "Round of a whole grid",
    "每月把一格的人家都走到，记一次就行。": "Every household of a grid once a month, recorded once.",
    "走遍了哪一格": "Which grid",
    "不选就是自己这一格。": "One's own where none is chosen.",
    "群众反映的事登记": "A matter raised",
    "听来的事登记一件，交给该办的人。": "Write down one matter that was heard, and hand it on.",
    "反映的事办结回访": "A matter settled and told back",
    "办好一件，回去告诉本人，这件事才算完。": "Settled, and the one who raised it was told: then it is done.",
    "结果已经告诉本人": "The one who raised it was told",
    "没有告诉本人的，还不算办结。": "Not told is not settled.",
    "紫阳 321": "Ziyang 321",
    "{item}：一件": "{item}: one matter",
    "{item}：{n}户": "{item}: {n} households",
    "这个月走访了{n}户次，还差{left}户次。": "{n} household visits this month, {left} to go.",
    "这个月走访了{n}户次，够了。辛苦。": "{n} household visits this month; that is all. Thank you.",
    # pages
    "三线联户": "Three lines of visits",
    "三条线，家家有人联系：有事知道找谁，说了有人办，办了有回音。": (
        "Three lines, so that every household has somebody: it is clear whom to ask, it is dealt with, and told back."
    ),
    "哪条线": "Line",
    "做什么": "What they do",
    "怎么记": "How it is recorded",
    "有章可循，有据可依，有证可求，成效可见：走访了哪几户、是哪一类事、办没办结，一次记清。": (
        "Whom, what kind of matter, and whether it was settled: recorded once, and open to be checked."
    ),
    "只记次数，不加分，不扣分。村里只看一个月走了多少户、办结多少件，从不给人排名次。": (
        "Counts only, no points. The village looks at how many households and matters there were in a month, and never "
        "ranks people."
    ),
    "中心户长做什么": "What a centre household does",
    "大约每{n}户推选一位中心户长，是邻居，不是干部。": (
        "About {n} households choose one of them: a neighbour, not an official."
    ),
    "哪一样": "Duty",
    "怎么做": "How",
    "常走动": "Look in",
    "到联系的人家走一走，老人、孩子在家的多去几回。": "Call on them, more often where old people or children are.",
    "早知道": "Know early",
    "隐患、难处、邻里的事，早听见，早告诉村里。": "Hazards, hard times, quarrels: hear of them and tell the village.",
    "传消息": "Pass on",
    "开会、下雨、防火、防骗，挨家说到。": "Meetings, storms, fire, fraud: tell every door.",
    "劝和气": "Make peace",
    "小事在院坝里劝好，劝不好的请村里来。": "Settle small things in the yard; ask the village for the others.",
    "有回音": "Come back",
    "别人托的事，办成办不成，都回去说一声。": "What one was asked, done or not, is told back.",
    "中心户长不管罚、不打听别人家的私事、不替人做主。不愿意被走访的，说一声就行。": (
        "It punishes nobody, asks for no private matters and decides for nobody. Whoever wants no visits says so."
    ),
    "三线是哪三线": "Which three lines",
    # tables
    "月份": "Month",
    "合计": "Total",
    "单位：户次。": "In visits of households.",
    "登记": "Raised",
    "办结回访": "Settled",
    "单位：件。办结的可能是以前登记的。": "Matters. What was settled may have been raised before.",
}
