"""The phrases in which villages write points, limits and periods, as patterns over plain text (`reading_text.Line`)."""

import re
from typing import Final

from .reading_text import NUMBER

# ── what points are counted by ──

CLASSIFIERS: Final = {
    "time": "人?次数?|回|起|例|场次?|届|期|节|堂|趟|轮|宗|桩|课|项次",
    "person": "人次?|人",
    "household": "户次?|户|家",
    "hour": "(?:个|工作)?小时|学时|工时|课时|钟头|h",
    "day": "天|日|晚|夜|工作日|个工",
    "week": "周|个?星期|礼拜",
    "month": "个?月度?",
    "quarter": "个?季度|季",
    "half": "半年度?",
    "year": "年度?|学年",
}
KINDS: Final = ("half", "quarter", "month", "week", "year", "day", "hour", "household", "person", "time")
_PERIODS: Final = "|".join(CLASSIFIERS[kind] for kind in ("half", "quarter", "month", "week", "year", "hour", "day"))
_THINGS: Final = (
    "万元|元|块钱|块|毫升|ml|ML|mL|公斤|千克|kg|市斤|斤|克|吨|车|件|个(?!人|月|季|小|星)|只|棵|株|亩|分地|条|处|袋|桶|箱|筐|担|"
    "平方米|平米|㎡|立方米?|延?长?米|公里|里路|篇|张|本|册|份|盏|台|套|瓶|头|口|单位|名|位|批|辆|方|幅|盆|捆|项|门|分钟|首|段|面|部|"
    "组|对|单"
)
UNIT: Final = (
    f"人次|人/次|户次|户/次|{_PERIODS}|(?:次|回|起|例|场次?|届|期|节|堂|趟|轮|宗|桩|课)(?![要数])|人|户|家|{_THINGS}"
)
_VERB: Final = (
    "满|增加?|新增|超过?|捐献?|缴纳|服务|发现|查实|出现|有|缺席?|少|缺少|违反|迟到|完成|带动|培训"  # 每发现一处
)
_EACH: Final = rf"(?:每(?:{_VERB})?(?P<n>{NUMBER})?(?P<u>{UNIT}))"
_FOUND_ONE: Final = (
    rf"(?:(?:发现|查实|查处|出现|有|缺席?|少|缺少|违反|不合格|按|满)(?P<n2>{NUMBER})?"
    r"(?P<u2>次|处|项|例|起|个|条|户|人次|户次|人))"
)
_BARE_ONE: Final = rf"(?:(?P<n3>{NUMBER})(?P<u3>元|小时|个小时|毫升|ml|公斤|千克|市斤|斤|亩|处|人次|户次|次))"
TOKEN: Final = re.compile(_EACH)
_POST: Final = rf"(?P<post>(?:(?:/|每|·|,每)(?:{NUMBER})?(?:{UNIT})){{0,3}})"

# ── points ──

_POINT: Final = r"个?(?:积|道德|文明|正|负)?积?分(?![钟类之别配享工析散歧数子公布发辨秒])(?:值)?"
_PLUS: Final = r"加|奖励?|计|记|得|积|给予?|赋|增加?|获得?|折"
MINUS: Final = r"倒?扣除?|减去?|减少|罚|少|负"
_SIGN: Final = (
    rf"(?:(?P<minus>(?:一次性?)?(?:酌情|直接|各|均|则|再|另)?(?:{MINUS}))"
    rf"|(?P<plus>(?:一次性?)?(?:酌情|直接|各|均|则|再|另|可){{0,2}}(?:{_PLUS})){{1,3}})"
)
_BETWEEN: Final = (
    r"(?:(?:户主|家庭|个人|其|道德|文明|基础|银行|诚信|相应|当年|该户|年度|当月)?(?:积分|分值|分数|分)?(?:为|是|:|\s)?)"
)
_UP_TO: Final = r"(?:-|~|至|到|…{1,6}|或){1,2}[+\-]?"
AMOUNT: Final = re.compile(
    rf"(?P<pre>(?:{_EACH}|{_FOUND_ONE}|{_BARE_ONE})?(?:者|的)?[,:/=]?)?(?:{_SIGN}{_BETWEEN})?"
    rf"(?P<mark>[+\-±])?(?P<a>{NUMBER})(?:{_POINT})?(?:{_UP_TO}(?P<b>{NUMBER}))?{_POINT}{_POST}"
)
MARKED: Final = re.compile(
    r"(?:(?<=[…·:_])|(?<![\d~\-])(?P<mark>[+\-]))(?P<a>\d{1,7}(?:\.\d{1,2})?)(?:(?:-|~|至|到)[+\-]?(?P<b>\d{1,7}))?"
    rf"{_POST}(?=$|[,;。)\n])"
)
"""A figure at the end of a line of words: 红白喜事简办 +5, 参加清扫……5."""
NAKED: Final = re.compile(
    rf"(?:{_SIGN}{_BETWEEN})?(?P<mark>[+\-±])?(?P<a>{NUMBER})(?:{_UP_TO}(?P<b>{NUMBER}))?{_POST}(?![%级等第星])"
)
"""A figure in a column of points."""

# ── limits ──

WINDOW: Final = {
    "day": r"(?:每|单|当|一|同一|1)(?:个?工作)?[天日晚]|/[天日]|日(?=[累限最不])|[天日]内",
    "week": r"(?:每|单|当|一|本|1)个?(?:周|星期)|/周|周(?=[累限最不])|周内",
    "quarter": r"(?:每|单|当|一|本|1)个?季度?|/季度?|季度?(?=[累限最不内])",
    "half": r"(?:每|一|1|上下|上、下)?个?半年度?",
    "year": r"(?:每|单|当|一|本|全|同|1)个?(?:自然)?年度?|/年度?|年度?(?=[累限最不内])|年底前",
    "month": r"(?:每|单|当|一|本|1)个?(?:自然)?月度?|/月|月度?(?=[累限最不内])",
    "life": r"终身|一生|总计|共计|总共|总",
    "event": r"(?:每|单|一|1)(?:人次|户次|次|场|项|例|件|起)(?:活动|服务|捐款|献血)?",
}
WINDOWS: Final = "(?:" + "|".join(f"(?P<{kind}>{words})" for kind, words in WINDOW.items()) + ")"
_AGAIN: Final = "(?:" + "|".join(f"(?P<{kind}2>{words})" for kind, words in WINDOW.items()) + ")"
SLASH: Final = {"天": "day", "日": "day", "周": "week", "月": "month", "季": "quarter", "年": "year"}
_WHO: Final = r"(?:每人|每户|人均|每个?家庭|全家|个人|同一?户|同一?人|同一?人员|户)?"
_FILL: Final = (
    r"(?:内|累计|合计|总计|共计|共|可|只能|能|计分|计|加分|加|扣分|扣|得分|得|记分|记|为|是|:|奖励|奖|积分|积|总分|分值|按|报|算|"
    r"申报|参加|享受|到|评){0,4}"
)
_CORE: Final = (
    r"(?:最多|至多|最高|最大|不(?:得|能|可|应)?(?:超过|超出|超|高于|多于|大于)|上限|封顶|顶格|只限|仅限|"
    r"限(?![期时于制]|[一二三四五六七八九十\d]*日内)|≤|<=|<|控制在)"
)
COUNTED: Final = r"(?P<unit>个?小时|分钟|分|人次|户次|次|回|场|天|件|个|元|项|篇|条|人|户)"
TIMES: Final = frozenset({"次", "人次", "户次", "人", "户", "回", "场"})
_PER_SLASH: Final = r"(?:/(?P<slash>[天日周月季年]度?))?"
LIMITS: Final = (
    re.compile(
        rf"{WINDOWS}?,?{_WHO}{_FILL}{_CORE}{_FILL}{_AGAIN}?{_FILL}(?P<n>{NUMBER}){COUNTED}?(?:积分)?{_PER_SLASH}"
        r"(?:封顶|为限|以内|止)?"
    ),
    re.compile(
        rf"{WINDOWS}?{_WHO}{_FILL}(?P<n>{NUMBER}){COUNTED}{_PER_SLASH}(?:封顶|为限|为上限|为封顶|以内|止)"
    ),
)  # fmt: skip
RHYTHM: Final = re.compile(
    rf"{WINDOWS}{_WHO}{_FILL}(?:只|仅)?{_FILL}(?P<n>{NUMBER})(?P<unit>人次|户次|次|回|场)(?![要数性])"
)
"""每月1次."""

# ── the rest of what is said ──

ONCE: Final = re.compile(
    r"(?:一次性|(?:只|仅|限){1,3}(?:限|能|可|计|加|记|算|奖|评|得){0,3}(?:一|1)次(?!性)|终身(?:一|1)次|(?:以)?(?:一|1)次为限"
    r"|首次(?=加|奖|计|$))"
)
HIGHEST: Final = re.compile(
    r"(?:按|以|取|就|只取|只计)(?:其中)?最?高(?:级别|等级|分值|分|项|者|奖项|一级|一项|一次){0,3}(?:原则)?"
    r"(?:计分|记分|积分|加分|计算|计|算)?(?:一次)?"
    r"|(?:不|不再|不得)(?:重复|累计|累加|叠加|兼得)(?:计分|记分|加分|积分|计算|享受|奖励|得分|计)?|择高(?:计分|录取|计)?"
)
FULL: Final = re.compile(
    rf"(?:满分|总分|标准分|本项|该项)(?:值)?(?:为|是|:|共)?(?P<n>{NUMBER})分?(?![钟别类])"
    rf"|(?P<n2>{NUMBER})分(?:满分|为满分)"
)
FLOOR: Final = re.compile(
    r"(?:直至|直到|至)?(?:扣|减)完(?:该项|本项|此项|分值|得分|为|即|止|分){0,4}|不(?:计|得|倒扣|出现)负分|不倒扣(?:分)?"
)
DOUBLED: Final = re.compile(r"[^,;。、(]{0,12}(?:双倍|加倍|翻倍|翻番|[2二两三3]倍)(?:计分|积分|加分|计算|扣分|计|扣)?")
JUDGED: Final = re.compile(
    r"(?:视|根据|按|按照|依据|依|看)(?:具体|实际|其)?(?:情况|情节|情形|程度|贡献大小|表现|轻重)(?:轻重|严重程度|大小)?"
    r"(?:酌情|分别|给予|予以)?|酌情"
)
THRESHOLD: Final = re.compile(
    rf"(?:积?满|达到?|高于|低于|不足|不低于|不少于|超过|每满|累计达?到?|积分)(?P<n>{NUMBER})分(?:以上|以下|及以上|的|者|可|不)"
)
MONEY: Final = re.compile(
    rf"{NUMBER}个?积?分(?:=|等于|折合|折算|折|抵|抵扣|兑换|可兑换|可抵|可换|换|相当于|按)[^,;。]{{0,8}}元"
    rf"|{NUMBER}元(?:=|等于|折合|兑换|折算)(?:为|成)?{NUMBER}个?积?分"
)
_GIVEN: Final = r"(?:给予|奖励|加|扣|计|记|得|为|是|:|按){0,3}"
SHARED: Final = (
    re.compile(
        rf"(?P<labels>[^,;。:\0]{{2,60}}?)(?:表彰|奖励|荣誉|的){{0,3}},?(?:分别|依次|对应|各){{1,2}}{_GIVEN}(?:积?分)?"
        rf"(?P<figures>{NUMBER}分?(?:[、,/-]{NUMBER}分?){{1,12}})(?:积?分)?"
    ),
    re.compile(
        rf"(?P<labels>[^,;。:\d\0/]{{1,8}}(?:/[^,;。:\d\0/]{{1,8}}){{1,12}})(?:表彰|奖励|荣誉|的){{0,3}}[,:]?{_GIVEN}"
        rf"(?P<figures>{NUMBER}分?(?:/{NUMBER}分?){{1,12}})(?:积?分)?"
    ),
)
"""国家、省、市级分别加50、30、20分; 国/省/市: 50/30/20."""

LEVEL_WORD: Final = re.compile(
    r"(?:国家|全国|中央|省部?|自治区|地市|市州?|州市?|地区|县|区县?|旗|街道|乡镇?|镇|村|社区|校|系|班|组|部|厅|局|行业|国际)"
    r"(?:\([^)]{1,4}\))?(?:级|区级)?"
    r"|特等[奖功]?|[一二三四五六123456](?:等|级)[奖功]?|第?[一二三四五六七八九十\d]{1,2}名|[一二三四五六七八九十\d]星级?|[冠亚季]军"
    r"|优秀|良好|中等|合格|不合格|达标|不达标|较好|较差|一般|优|良|差|好|中|专科|大专|中专|高职|本科|一本|二本|重点|硕士|博士|研究生"
    r"|学士|高中|初中|中考|高考"
    r"|金奖|银奖|铜奖|金牌|银牌|铜牌|主办|协办|组织者?|参与者?|骨干|主要|次要|负责人|成员|队长|队员|干部|党员|群众"
)
