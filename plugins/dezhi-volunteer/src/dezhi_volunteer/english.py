"""The plugin's texts in English, by the Chinese ones."""

from typing import Final

ENGLISH: Final = {
    # headings and settings
    "志愿时只算真正服务的时间，路上不算。": "Volunteer hours count the time really served, not the way there.",
    "便民互助": "Everyday help",
    "陪护关爱": "Company and care",
    "传授辅导": "Teaching",
    "平安守护": "Keeping watch",
    "应急救助": "Emergencies",
    "志愿星级": "Volunteer stars",
    "一小时折多少道德积分": "Moral points for an hour",
    "填 0 就是不折算：志愿时只记时长。要折算，先由村民会议议定。": (
        "0 means none: only the time is kept. Conversion has to be decided by the villagers' meeting first."
    ),
    "{kind}的系数（百分之几）": "Coefficient of {kind} (per cent)",
    "折算时乘上这个百分数。100 就是不加不减；不折算的话，这一项不起作用。": (
        "Conversion is multiplied by it. 100 changes nothing; without conversion it has no effect."
    ),
    "村里组织的一次活动最多记几小时": "Most hours of one activity of the village",
    "只管“参加村里的志愿活动”这一条，路上的时间不算。": (
        "Only for the item “Joining an activity of the village”; the way there does not count."
    ),
    "一个人一天最多记几小时": "Most hours of one person in a day",
    "各项加在一起，超过就记不上，先核实清楚。": "All services together; more is refused until it is checked.",
    "全村一年的志愿时目标（小时）": "The village's goal for the year (hours)",
    "公开页上有一条大家一起攒的进度，没有名字。": "A bar on the public page that everybody fills, without names.",
    # services
    "参加村里的志愿活动": "Joining an activity of the village",
    "村里组织的活动，从到场算到散场。": "An activity the village calls for, from arriving to the end.",
    "代购代取、送餐": "Errands and meals",
    "替出不了门的乡亲买东西、取东西、送饭。": "Shop, fetch or bring meals for those who cannot go out.",
    "上门理发": "Haircut at home",
    "给行动不便的乡亲理发，一位记半小时。": "Cut the hair of somebody who moves with difficulty; half an hour each.",
    "反诈宣传入户": "Telling homes about fraud",
    "到各家讲讲怎么防骗。": "Go from home to home and tell how to see through fraud.",
    "独居老人每日问候": "Daily call on those who live alone",
    "上门看看独居老人好不好，一位记半小时。": "See how an old person who lives alone is; half an hour each.",
    "陪同就医": "Going along to the doctor",
    "陪乡亲去看病，路上的时间不算。": "Take a neighbour to the doctor; the way there does not count.",
    "留守儿童课业辅导": "Helping children with homework",
    "陪村里的孩子写作业、读书。": "Sit with the village's children over homework and books.",
    "要有两位成年人在场。": "Two adults must be there.",
    "乡土技能教学": "Teaching a craft",
    "把您的手艺教给乡亲。": "Teach your craft to your neighbours.",
    "森林防火值守": "Fire watch",
    "每满一小时另加2分平安积分。": "Each full hour also earns 2 safety points.",
    "防溺水水域巡查": "Water patrol",
    "到渠边、水库边走一走，劝孩子回家。": "Walk along canal and reservoir and send children home.",
    "交通劝导岗": "Traffic post",
    "赶集、上学放学时在路口劝导。": "Stand at the crossing on market days and at school times.",
    "道路清雪、清障": "Clearing snow and obstacles",
    "下雪、刮风之后，把路清出来。": "Clear the road after snow or wind.",
    "只算真正服务的时间，路上不算。": "Only the time really served counts, not the way there.",
    "服务了几位": "How many were served",
    "不填就是一位。": "One where nothing is given.",
    "位": "people",
    # stars
    "一星志愿者": "One-star volunteer",
    "二星志愿者": "Two-star volunteer",
    "三星志愿者": "Three-star volunteer",
    "四星志愿者": "Four-star volunteer",
    "五星志愿者": "Five-star volunteer",
    "福建省志愿服务星级": "Star grades of Fujian province",
    "志愿时累计满{hours}小时，记到的那天自动评上，不用申请。": (
        "{hours} volunteer hours in all; given by itself on the day they are reached."
    ),
    "平时不用点：满了会自动给。只有时长够了却没有评上时，才在这里补。": (
        "Given by itself. Choose it only where the hours are there and the star was missed."
    ),
    "您已满{hours}小时，是{star}。": "You have {hours} hours: {star}.",
    "志愿时累计{time}，再服务{left}就是{star}。": "{time} of volunteering so far; {left} more make a {star}.",
    "这颗星要{hours}小时；后来冲正了一些，现在是{time}。补足以前先不算。": (
        "This star needs {hours} hours; some were corrected since, and {time} are left. It rests until they are back."
    ),
    "{star}：志愿时累计{time}，满了{hours}小时": "{star}: {time} of volunteering, {hours} hours reached",
    "{hours}小时{minutes}分": "{hours} h {minutes} min",
    "{hours}小时": "{hours} h",
    "{minutes}分钟": "{minutes} min",
    "这位志愿者这一天加起来有{hours}小时，超过{most}小时。请先核实是哪一笔记多了。": (
        "This volunteer would have {hours} hours on that day, more than {most}. Please check which entry is wrong."
    ),
    # the page
    "志愿时和星级": "Volunteer hours and stars",
    "帮了别人多少时间，就存多少时间。志愿时记到本人，按分钟记，不清零，也不能买卖。": (
        "The time you gave others is kept for you: by the minute, in your own name, never cleared and never traded."
    ),
    "几小时是几星": "Hours and stars",
    "星级": "Star",
    "累计志愿时": "Hours in all",
    "满了就评上，不用申请，不排名次。评上的星一直算数，除非那些时长后来查明不对、冲正了。": (
        "A star is given as soon as its hours are there, without asking and without ranking. It stays, unless those "
        "hours are found wrong and corrected."
    ),
    "时长能换东西吗": "Do hours buy anything?",
    "不能。志愿时只记时间，村里没有议定把它折成积分。": (
        "No. Hours are time and nothing else; the village has not decided to convert them."
    ),
    "志愿时不会少，另外按村里议定的办法加道德积分。": (
        "Hours are never spent. Moral points come beside them, as the village decided."
    ),
    "一小时加": "For an hour",
    "{points}分": "{points} points",
    "哪些事记志愿时，怎么算": "What counts, and how",
    "志愿时怎么算": "How hours are counted",
    "只算真正服务的时间，路上不算。村里组织的由组织的人说，帮到人的由被帮的人说。": (
        "Only the time really served counts, not the way there. Whoever organised it, or was helped, confirms it."
    ),
    "做什么": "Service",
    "类别": "Kind",
    "最多记": "At most",
    "一位{minutes}分钟": "{minutes} min each",
    "一天{hours}小时": "{hours} h a day",
    "各项加在一起，一个人一天最多记{hours}小时；超过就先核实。": (
        "All together at most {hours} hours a person and day; more is checked first."
    ),
    # tables and the bar
    "各月志愿时": "Volunteer hours by month",
    "月份": "Month",
    "合计": "Total",
    "单位：小时，留一位小数。": "In hours, with one decimal.",
    "各项服务": "By service",
    "人次": "Times",
    "小时": "Hours",
    "全村志愿时": "The village's hours",
    "今年大家一起服务满{hours}小时。": "{hours} hours of service by everybody this year.",
}
