"""The plugin's texts in English, by the Chinese ones."""

from typing import Final

ENGLISH: Final = {
    # settings
    "价目表": "Price list",
    "每一行是一样东西：名称、价、一户最多换几件、出处。": (
        "A row for each thing: name, price, how many a household may have, and where the price comes from."
    ),
    "价格调整（百分之几）": "Price level (per cent)",
    "100 就是价目表上的价。货源紧可以调高，多了可以调低。": (
        "100 is the price in the list. Raise it when goods are short, lower it when there are plenty."
    ),
    "哪几天可以换": "When the store is open",
    "不在兑换日，换不了，页面上写明下一个兑换日。": "On other days nothing can be had; the page names the next.",
    "天天可以换": "every day",
    "每月的几天": "some days a month",
    "每周的一天": "one day a week",
    "每月从几号起": "From which day of the month",
    "选了“每月的几天”才用得上。": "Only for “some days a month”.",
    "每月到几号止": "To which day of the month",
    "含这一天；月份没有这一天，就到月底。": "This day included; to the end of a month that is shorter.",
    "每周哪一天": "Which day of the week",
    "选了“每周的一天”才用得上。": "Only for “one day a week”.",
    "星期一": "Monday",
    "星期二": "Tuesday",
    "星期三": "Wednesday",
    "星期四": "Thursday",
    "星期五": "Friday",
    "星期六": "Saturday",
    "星期日": "Sunday",
    "同一样换过几件以后涨价": "After how many of a kind the price goes up",
    "按价目表上那一样的周期算（没有限量的按年）。填 0 就是不涨。": (
        "Counted in the period of that row (a year where none is named). 0 means it never does."
    ),
    "涨到百分之几": "To how many per cent",
    "100 就是不涨，150 就是一件半的价。": "100 changes nothing; 150 is the price of one and a half.",
    "goods: 两行用了同一个代码": "goods: two rows have the same code",
    "month_from: 每月的起始日不能晚于截止日": "month_from: the first day must not be after the last",
    # the example's goods
    "香皂": "Soap",
    "一块。": "One bar.",
    "牙膏": "Toothpaste",
    "一支。": "One tube.",
    "洗衣液": "Laundry liquid",
    "一瓶。": "One bottle.",
    "食盐": "Salt",
    "两袋。": "Two bags.",
    "挂面": "Noodles",
    "一把两斤。": "One kilogram.",
    "洗发水": "Shampoo",
    "茶苗": "Tea plants",
    "五株。": "Five.",
    "菜油": "Cooking oil",
    "一桶。": "One can.",
    "水壶": "Kettle",
    "一把。": "One.",
    "背包": "Backpack",
    "一个。": "One.",
    "电压力锅": "Electric pressure cooker",
    "一口。": "One.",
    "理发": "Haircut",
    "理一次。": "Once.",
    "K 组合": "composed",
    # selling
    "{what}标价{price}分。": "{what} costs {price} points.",
    "{what}标价{price}分。您家{period}已换{had}件，这一件{now}分。": (
        "{what} costs {price} points. Your household had {had} {period}, so this one costs {now}."
    ),
    "{what}本月一户最多换{limit}件，您家已经换了{had}件。": (
        "{what}: at most {limit} a household this month; yours had {had}."
    ),
    "{what}本季一户最多换{limit}件，您家已经换了{had}件。": (
        "{what}: at most {limit} a household this quarter; yours had {had}."
    ),
    "{what}今年一户最多换{limit}件，您家已经换了{had}件。": (
        "{what}: at most {limit} a household this year; yours had {had}."
    ),
    "{what}一共一户最多换{limit}件，您家已经换了{had}件。": "At most {limit} of {what} a household; yours had {had}.",
    "本月": "this month",
    "本季": "this quarter",
    "今年": "this year",
    "一共": "in all",
    "今天不是兑换日。下一个兑换日是{day}。": "The store is closed today. The next day is {day}.",
    "{year}年{month}月{day}日": "{year}-{month}-{day}",
    # the page
    "积分超市": "Points store",
    "天天可以换。": "It is open every day.",
    "每周{day}可以换。": "It is open every {day}.",
    "每月{first}日到{last}日可以换。": "It is open from the {first}. to the {last}. of each month.",
    "今天以后，下一个兑换日是{day}。": "After today, the next day is {day}.",
    "价目": "Prices",
    "什么": "What",
    "规格": "Size",
    "要几分": "Points",
    "一户最多换": "At most a household",
    "{points}分": "{points} points",
    "本月{n}件": "{n} this month",
    "本季{n}件": "{n} this quarter",
    "今年{n}件": "{n} this year",
    "一共{n}件": "{n} in all",
    "不限": "any number",
    "同一样换过{n}件以后，再换按标价的百分之{percent}算。": (
        "After {n} of a kind, the next costs {percent} per cent of its price."
    ),
    "分不能换钱，也不能转卖。换过的分不影响光荣榜，荣誉积分不花。": (
        "Points are never money and never sold on. What was spent changes no honour board; honour points are not spent."
    ),
}
