"""The plugin's texts in English, by the Chinese ones."""

from typing import Final

ENGLISH: Final = {
    # headings and settings
    "七无只记符合或者未评，从不记原因。": "Of the preconditions stands only “met” or “not assessed”, never why.",
    "平安家庭评定": "Safe families assessed",
    "平时的平安事": "Safety all year",
    "三星要多少分": "Points for three stars",
    "四星要多少分": "Points for four stars",
    "五星要多少分": "Points for five stars",
    "四项满分一共100分。三个星级要一级比一级高。": "The four sections make 100 in all. Each star must need more.",
    "三星存多少平安积分": "Safety credits for three stars",
    "四星存多少平安积分": "Safety credits for four stars",
    "五星存多少平安积分": "Safety credits for five stars",
    "评上这一星级，存这么多平安积分。": "What a household is given when it reaches these stars.",
    "平时的平安积分一户一年最多存多少": "Most safety credits a household gets all year",
    "自查、装报警器、演练、报隐患加在一起；年度评定的不算在里面。": (
        "Checks, alarms, drills and reported hazards together; the yearly assessment is apart."
    ),
    "每年元旦给每户存多少平安基础分": "Base credits for every household on New Year's Day",
    "家家都有，一年一次，到日子自动存。填 0 就是不存。": (
        "For everybody, once a year, booked by itself on the day. 0 means none."
    ),
    "三星、四星、五星要的分数必须一级比一级高": "Three, four and five stars must each need more points",
    # the assessment
    "平安家庭年度评定": "Yearly assessment of a safe family",
    "一年评一次：七无都符合，再看四项，满100分，够了就是三星、四星、五星平安家庭。": (
        "Once a year: the seven preconditions are met, then four sections of 100 points make three, four or five stars."
    ),
    "由评定小组一起看、一起打分。七无只记符不符合，不记原因。": (
        "The panel looks and scores together. Of the preconditions stands only whether they are met."
    ),
    "七无都符合": "All seven preconditions met",
    "只记“符合”或者“未评”。哪一条、为什么，不问、不写、不存。": (
        "Only “met” or “not assessed”. Which one and why is not asked, not written and not kept."
    ),
    "七无": "Preconditions",
    "安全防范": "Precautions",
    "用电用气、灭火急救、防盗防骗、参加培训。": "Power and gas, fire and first aid, theft and fraud, training.",
    "居室环境": "Home",
    "房屋、灶房、电线、柴草堆放、通道畅通。": "House, kitchen, wiring, firewood, free ways.",
    "家庭邻里": "Family and neighbours",
    "家人和睦，邻里互助，有事商量着办。": "Peace at home, help between neighbours, talking things over.",
    "参与平安": "Taking part",
    "演练、巡防、议事，村里的事搭把手。": "Drills, patrols, village talks, a hand where it is needed.",
    "这次没有评定。什么时候都可以再评。": "Not assessed this time. It can be done again at any time.",
    (
        "七无符合；安全防范{a}分，居室环境{b}分，家庭邻里{c}分，参与平安{d}分，共{total}分，"
        "评为{stars}星平安家庭，平安积分加{points}分，到{until}。"
    ): (
        "Preconditions met; precautions {a}, home {b}, family and neighbours {c}, taking part {d}: {total} in all, "
        "{stars} stars, {points} safety credits, until {until}."
    ),
    (
        "七无符合；安全防范{a}分，居室环境{b}分，家庭邻里{c}分，参与平安{d}分，共{total}分，"
        "离三星还差{missing}分。补上以后可以再评。"
    ): (
        "Preconditions met; precautions {a}, home {b}, family and neighbours {c}, taking part {d}: {total} in all, "
        "{missing} short of three stars. It can be assessed again."
    ),
    "三": "three",
    "四": "four",
    "五": "five",
    "{year}年{month}月{day}日": "{year}-{month}-{day}",
    "这次评定管到{until}，到期前再评一次就接上。": (
        "This assessment holds until {until}; assessed again before, it goes on."
    ),
    # all year
    "家里用电用气自查并改好": "Checking power and gas at home",
    "照着单子查一遍，有毛病的改好。": "Go through the list and mend what is wrong.",
    "装上烟感、燃气报警器": "Smoke or gas alarm",
    "家里装好独立烟感或燃气报警器。": "Put up a smoke or gas alarm at home.",
    "参加消防、地震、防汛演练": "Joining a drill",
    "村里演练，家里有人到场。": "Somebody of the household comes to the village's drill.",
    "公共隐患上报并查实": "Reporting a hazard",
    "路、桥、井、电线有险情，报到村里，查实就加分。": (
        "Report a danger of road, bridge, well or power line; it earns points once confirmed."
    ),
    "只报东西，不报人。": "Report things, never people.",
    "平安基础分": "Base credits",
    "每年元旦家家都存，不用申请。": "Every household gets them on New Year's Day, without asking.",
    # the page
    "平安家庭怎么评": "How safe families are assessed",
    "平安家庭撑起平安村。一年评一次，评上的管一年，到期再评就接上。": (
        "Safe families carry the safe village. Assessed once a year, it holds for a year."
    ),
    "先看七无": "Seven preconditions first",
    "七无：无毒品、无赌博、无暴力、无纠纷、无邪教、无事故、无犯罪。": (
        "No drugs, no gambling, no violence, no feuds, no cults, no accidents, no crime."
    ),
    "这里只记“符合”或者“未评”。哪一条、为什么，不问、不写、不存；没评上的，谁也看不见。": (
        "Here stands only “met” or “not assessed”. Which one and why is not asked, not written and not kept; who was "
        "not assessed is seen by nobody."
    ),
    "再看四项": "Then four sections",
    "星级": "Stars",
    "{stars}星": "{stars} stars",
    "四项合计": "Sections in all",
    "{n}分": "{n} points",
    "存平安积分": "Safety credits",
    "四项看什么": "What the sections look at",
    "做什么": "Deed",
    "平时的加在一起，一户一年最多存{points}分。": "All together at most {points} a household and year.",
    "哪一项": "Section",
    "看什么": "Looks at",
    "满分": "At most",
    # tables
    "月份": "Month",
    "评上的户数": "Households",
    "平安积分": "Safety credits",
    "没评上的不在账上，也不在表上。": "Who was not assessed is neither in the book nor in this table.",
    "次数": "Times",
}
