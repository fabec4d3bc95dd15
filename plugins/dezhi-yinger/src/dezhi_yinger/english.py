"""The plugin's texts in English, by the Chinese ones."""

from typing import Final

ENGLISH: Final = {
    # headings and settings
    "示例细则，非营尔村原文": "Example rules, not Ying'er Village's own text",
    "储蓄友爱": "Saved kindness",
    "志愿时": "Volunteer hours",
    "分": "points",
    "储蓄孝顺": "Saved care for parents",
    "储蓄诚信": "Saved honesty",
    "平安": "Safety",
    "全村心愿": "The village's wish",
    "大家一起攒分要办成的一件事，写在公开页上。": (
        "What everybody saves points for together; it stands on the public page."
    ),
    "心愿要攒多少分": "Points the wish needs",
    "全村一个季度一共攒到这么多道德积分，心愿就算达成。": (
        "The wish comes true once the whole village earns so many moral points in a quarter."
    ),
    "光荣榜排到第几名": "Places on the honour board",
    "只排自愿上榜的户；分数相同名次相同，可能多出几户。": (
        "Only households that agreed; equal points share a place, so there may be a few more."
    ),
    "光荣榜按什么算": "What the honour board counts",
    "榜上的分数是本季这些储蓄挣到的道德积分。": "The moral points that these savings earned this quarter.",
    "三项储蓄一起算": "all three savings",
    "只算友爱": "kindness only",
    "只算孝顺": "care for parents only",
    "只算诚信": "honesty only",
    "同一件好事一月最多记几次": "How often the same deed counts in a month",
    "细则没有另外写明上限的储蓄条目，每户每月最多记这么多次。": (
        "For items without a limit of their own, per household."
    ),
    "回馈价格调整（百分之几）": "Price level of rewards (per cent)",
    "100 就是细则上的价。货源紧可以调高，多了可以调低。": (
        "100 is the price in the rules. Raise it when goods are short, lower it when there are plenty."
    ),
    "本季存满几次打九折": "Deeds in a quarter for a tenth off",
    "一户本季存进这么多次道德积分，关爱回馈打九折。填 0 就是不打折。": (
        "A household that saved so often this quarter gets rewards a tenth cheaper. 0 means no discount."
    ),
    "好事过几天就不补记": "Days after which a deed is too late",
    "超过这么多天才来记的，先到阳光议事日说一说。填 0 就是不限。": (
        "Deeds older than this go to the village's talk first. 0 means no limit."
    ),
    # kindness
    "邻里帮扶": "Helping a neighbour",
    "邻居家有事，搭把手帮到底。": "Lend a neighbour a hand, and see it through.",
    "留一张照片，或者两家都说有这回事。": "Keep a photo, or let both households confirm it.",
    "帮助困难乡亲": "Helping a family in need",
    "乡亲家里难，出力帮一把。": "Help a family that is having a hard time.",
    "主动化解邻里矛盾": "Making peace between neighbours",
    "两家闹别扭，您去劝和了。": "Two households fell out, and you brought them together.",
    "参加环境清扫": "Joining the clean-up",
    "来村道、渠边一起打扫一次。": "Come and clean the village road or the canal bank once.",
    "参加义务劳动": "Voluntary labour",
    "村里修渠补路，您来出一次工。": "Turn out once when the village mends a canal or road.",
    "自家庭院干净整洁": "A tidy yard",
    "每月看一次院子，干净整洁就加分。": "Yards are looked at once a month; a tidy one earns points.",
    "参加阳光议事日": "Coming to the village's talk",
    "每月议事日到场，听一听、议一议。": "Come to the monthly talk, listen and join in.",
    "到场就算，不看说了什么。": "Being there counts, whatever is said.",
    "参与抢险救灾": "Helping in a disaster",
    "洪水、大雪、火情来了，跟着村里一起上。": "Flood, snow or fire: turn out with the village.",
    "见义勇为": "A brave deed",
    "危急时候挺身而出，保护了别人。": "Step in at a dangerous moment and protect others.",
    "由村委会认定。": "The village committee confirms it.",
    "支持公益事业": "Giving to a common cause",
    "为村里的公益出钱、出力、出东西。": "Give money, work or goods to a cause of the village.",
    "一般5分，特别费力费时的最多10分。": "Usually 5 points; up to 10 for what took much work or time.",
    # care for parents
    "关爱老人": "Caring for the old",
    "看望、陪伴村里的老人，办一件实事。": "Visit an old neighbour, keep them company, do something useful.",
    "尊老爱幼、助人为乐": "Kind to old and young",
    "让座、搀扶、领路，举手之劳也算。": "A seat, an arm, showing the way: small things count.",
    "给老人收拾屋子、洗晒被褥": "Tidying an old person's rooms and bedding",
    "替家里老人把屋子收拾干净，被褥洗晒好。": "Tidy the rooms of the old at home, wash and air their bedding.",
    "常回家看看老人": "Coming home to one's parents",
    "在外的儿女回家陪老人住上一天。": "Children who live away come home and stay for a day.",
    "陪老人过重阳": "Double Ninth with the old",
    "九月初九，陪老人吃一顿饭、走一走。": "On the ninth day of the ninth month, share a meal and a walk with the old.",
    "长年照料高龄老人": "Long care for the very old",
    "把家里八十岁以上的老人照料满一个季度。": "Care for somebody over eighty at home for a whole quarter.",
    "由小组长和邻居一起说一声。": "The group leader and a neighbour confirm it.",
    # honesty
    "拾金不昧": "Returning what was found",
    "捡到东西，交还失主或者交到村里。": "Give what you found back to its owner, or to the village.",
    "红白事简办，说到做到": "A simple feast, as promised",
    "事前签了简办承诺，事后按承诺办了。": "Promise beforehand to keep a wedding or funeral simple, and do so.",
    "一场事记一次，承诺书留底。": "Once for each occasion; keep the written promise.",
    "集体农具按时完好归还": "Returning common tools in time",
    "借村里的农具，到期完好还回。": "Bring back the village's tools in time and in order.",
    "买卖公平、足斤足两": "Fair trade, full weight",
    "在村里摆摊开店，当月抽秤准足。": "Your shop or stall gave full weight when checked this month.",
    "代收代管，件件有交代": "Keeping parcels and keys",
    "替邻居收快递、管钥匙，一件不差。": "Take in parcels or keep keys for neighbours, and account for each.",
    # volunteer hours
    "独居老人每日问候": "Daily call on those who live alone",
    "上门看看独居老人好不好，一位老人记半小时。": "See how an old person who lives alone is; half an hour each.",
    "代购代取、送餐": "Errands and meals",
    "替出不了门的乡亲买东西、取东西、送饭。": "Shop, fetch or bring meals for those who cannot go out.",
    "陪同就医": "Going along to the doctor",
    "陪乡亲去看病，从出门算到回家。": "Take a neighbour to the doctor; counted from door to door.",
    "上门理发": "Haircut at home",
    "给行动不便的乡亲理一次发，一位记半小时。": (
        "Cut the hair of somebody who moves with difficulty; half an hour each."
    ),
    "留守儿童课业辅导": "Helping children with homework",
    "陪村里的孩子写作业、读书。": "Sit with the village's children over homework and books.",
    "要有两位成年人在场。": "Two adults must be there.",
    "道路清雪、清障": "Clearing snow and obstacles",
    "下雪、刮风之后，把路清出来。": "Clear the road after snow or wind.",
    "防溺水水域巡查": "Water patrol",
    "夏天到渠边、水库边走一走，劝孩子回家。": "In summer walk along canal and reservoir and send children home.",
    "交通劝导岗": "Traffic post",
    "赶集、上学放学时在路口劝导。": "Stand at the crossing on market days and at school times.",
    "反诈宣传入户": "Telling homes about fraud",
    "到各家讲讲怎么防骗。": "Go from home to home and tell how to see through fraud.",
    "乡土技能教学": "Teaching a craft",
    "把您的手艺教给乡亲。": "Teach your craft to your neighbours.",
    # safety
    "家里用电用气自查并改好": "Checking power and gas at home",
    "照着单子查一遍电线、炉灶、气瓶，有毛病的改好。": (
        "Check wires, stove and gas bottle by the list; mend what is wrong."
    ),
    "装上烟感、燃气报警器": "Smoke or gas alarm",
    "家里装好独立烟感或燃气报警器。": "Put up a smoke or gas alarm at home.",
    "参加消防、地震、防汛演练": "Joining a drill",
    "村里演练，家里有人到场。": "Somebody of the household comes to the village's drill.",
    "森林防火值守": "Fire watch",
    "防火期在卡口、林边值守，每满一小时另加2分平安积分。": (
        "Keep watch by the wood in the fire season; each full hour also earns 2 safety points."
    ),
    "公共隐患上报并查实": "Reporting a hazard",
    "路、桥、井、电线有险情，报到村里，查实就加分。": (
        "Report a danger of road, bridge, well or power line; it earns points once confirmed."
    ),
    "只报东西，不报人。": "Report things, never people.",
    "参与治安巡防": "Joining the night patrol",
    "夜里和巡防队一起走一圈。": "Walk a round with the patrol at night.",
    # rewards
    "香皂": "Soap",
    "一块。": "One bar.",
    "牙膏": "Toothpaste",
    "一支。": "One tube.",
    "洗衣液": "Laundry liquid",
    "一瓶。": "One bottle.",
    "挂面": "Noodles",
    "一把两斤。": "One kilogram.",
    "食盐": "Salt",
    "两袋。": "Two bags.",
    "洗发水": "Shampoo",
    "菜油": "Cooking oil",
    "一桶。": "One can.",
    "水壶": "Kettle",
    "一把。": "One.",
    "背包": "Backpack",
    "一个。": "One.",
    "电压力锅": "Electric pressure cooker",
    "一口，要提前三天说。": "One; please say so three days ahead.",
    "志愿者上门，理一次。": "A volunteer comes once.",
    "拍一张全家福": "Family photo",
    "村里请人来拍，洗一张送到家。": "Taken by somebody the village asks; one print brought home.",
    "农机代耕半天": "Half a day of ploughing",
    "先约好日子，一次半天。": "Half a day by machine; agree on the day first.",
    "{what}标价{price}分。": "{what} costs {price} points.",
    "{what}标价{price}分。您家本季已存{times}次，打九折，{less}分。": (
        "{what} costs {price} points. Your household saved {times} times this quarter, so it is a tenth less: "
        "{less} points."
    ),
    "这件事过了{days}天才来记。请先在阳光议事日说一说，大家认可了再补。": (
        "This deed is more than {days} days old. Please bring it up at the village's talk first."
    ),
    # boards and where things come from
    "道德储蓄光荣榜": "Honour board of moral savings",
    "本季挣到的道德积分，{counted}；自愿上榜，分数相同名次相同。": (
        "Moral points earned this quarter, {counted}; only who agreed, equal points share a place."
    ),
    "村口添两张长椅": "Two benches by the village gate",
    "全村本季一起攒满{points}分道德积分，就办成这件事。": (
        "Once the village earns {points} moral points together this quarter, it is done."
    ),
    "K 组合": "composed",
    # tables
    "各月储蓄": "Savings by month",
    "月份": "Month",
    "三项储蓄和平安以分计，志愿时以整小时计。": "Savings and safety in points, volunteer time in whole hours.",
    "各项记了几次": "How often each was recorded",
    "做什么": "Deed",
    "次数": "Times",
    # pages
    "道德储蓄怎么存": "How moral savings work",
    "做一件好事，就像往存折里存一笔。谁做的、哪天做的、按哪一条，都写在存折上，随时能查。": (
        "A good deed is paid in like savings. Who did it, when and by which rule stands in the passbook."
    ),
    "存什么": "Savings",
    "举几个例子": "For example",
    "帮邻居、出公工、劝和气、护公物。": "Helping neighbours, common work, making peace, minding common things.",
    "陪老人、照料老人、常回家看看。": "Company and care for the old, coming home to them.",
    "捡到交还、借了归还、说到做到。": "Returning what was found or borrowed, keeping one's word.",
    "怎么才算数": "When it counts",
    "自己说、邻居说、组长看见，都行；村里核实了才记。只加分，不扣分。": (
        "You, a neighbour or the group leader may say so; it is booked once the village has checked. Points are only "
        "ever added."
    ),
    "没有手机也一样：拿上存折卡到村服务台，查、问、换都能办。": (
        "Without a phone it is the same: bring your card to the village desk to look, ask or redeem."
    ),
    "存了有什么回馈": "What comes back",
    "关爱回馈": "Giving back",
    "攒下的道德积分能换用得上的东西，也能换邻里的一次帮忙。荣誉积分不花，留着。": (
        "Saved moral points buy useful things, or a neighbour's help. Honour points are kept and never spent."
    ),
    "什么": "What",
    "多少": "How much",
    "要几分": "Price",
    "{points}分": "{points} points",
}
