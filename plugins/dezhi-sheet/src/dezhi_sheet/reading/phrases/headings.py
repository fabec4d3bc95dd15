"""What the headings of a village's table mean, by the concepts they name."""

import re
from functools import lru_cache
from typing import Final

ROLES: Final = (
    (
        "number",
        r"序号?|编号|号|题号|n[o0]\.?|项次|顺序|代码|序次|项目?编号|条款号|行号|code|id|#|seq|serial|xuhao|bianhao",
    ),
    (
        "roster",
        r"(?!.*(?:签名|签字|签章|确认|意见)).*(?:户号|户主|户长|姓名|身份证|家庭人口|人口|家庭成员|门牌|卡号|性别|年龄|户籍|工号|所在组).*|(?:农|住|村)户|户名|村民|人员名单|名单",
    ),
    ("reward", r".*(?:物品|商品|礼品|奖品|库存|所需积?分|兑换|单价|价格|市场价|规格|存货).*"),
    (
        "cap",
        r".*(?:上限|封顶|限额|限次|限分|限值|最多|次数限制|最高限).*|(?:每?[日周月季年]度?|单项)?最高(?:分值?|得分|积分|加分)?|限(?:制|度)|max\.?|maximum|limits?|cap|shangxian|fengding|zuigao",
    ),
    ("state", r"(?:当前|使用|启用|条目|指标|规则|项目)?状态|(?:是否)?(?:启用|生效|有效|在用)|status|state"),
    ("points", r"(?:积分)?(?:[加奖增][分]?[/、或和及(]?[减扣罚惩]|\+/?-|±)\)?积?分?(?:值|标准|数|情况|办法)?"),
    ("full", r"满分(?:值)?|权重(?:分)?|总分值?|标准分|基准分|应得分|配分"),
    (
        "filled",
        r".*(?:自评|互评|自查|他评|村评|组评|考评得分|考核得分|实得分?|实际得分|本次得分|评定得分|评分结果|上报得分|扣分原因|得分情况|签字|签名|打勾|打钩|打√).*|\d{1,2}月份?|[一二三四五六七八九十]{1,2}月份?|第?[一二三四1-4]季度?|(?:[上下]半)?年?合计|小计|总计",
    ),
    ("minus-both", r".*(?:扣|减|负|罚).*(?:内容|事项|项目|行为|情形|条款|清单).*(?:分值|标准|得分|分数|扣分).*"),
    ("plus-both", r".*(?:加|奖|正).*(?:内容|事项|项目|行为|情形|条款|清单).*(?:分值|标准|得分|分数).*"),
    ("both", r".*(?:内容|事项|项目|行为|情形|条款)(?:及|和|与|、|/)(?:分值|标准|得分|分数|积分).*"),
    (
        "minus-title",
        r".*(?:[扣减罚]分|[扣减](?:下面|以下|下列|相应|.{1,2})的?分|负面|负向|反向|禁止|不良|失分|约束).*(?:内容|事项|项目|行为|情形|清单|条款|项|类)|黑榜",
    ),
    ("plus-title", r".*(?:加分|奖分|正面|正向|增分|鼓励|倡导|激励).*(?:内容|事项|项目|行为|情形|清单|条款|项|类)|红榜"),
    ("minus", r".*(?:扣分|减分|罚分|倒扣|负分|扣减|扣除|扣积分|减积分|惩罚|处罚).*|[扣减罚负]|-"),
    ("plus", r".*(?:加分|奖分|正分|奖励分|奖励积分|加积分|增分|赋分).*|[加奖增正]|\+"),
    (
        "category",
        r".*(?:类别|类型|分类|大类|小类|门类|种类|板块|版块|模块|领域|维度|归类|一级|二级|模式|篇章).*|类|cat\.?|category|type|class|group|section|area|(?:lei|fen)(?:bie|xing|lei)",
    ),
    (
        "points",
        r"(?:每|单|一)个?(?:计[量分])?(?:单位|次|人次|户次|件|项|小时|亩|份)的?(?:积分|计?分值|得分|分数|记分|给分|分)|(?:计[量分])?单位(?:分值|分数|得分)",
    ),
    (
        "unit",
        r".*(?:单位|频次|周期|频率|次数|计分方式|计量|计次|计算方式|按何计|怎么算|如何算|怎样算|计法|算法).*|units?|per|frequency|each|freq\.?|danwei|pinci",
    ),
    ("level", r".*(?:级别|等级|档次|层级|等次|名次|档|选项|答案|等第|评级).*|level|grade"),
    (
        "title",
        r".*(?:项目|内容|事项|条目|行为|情形|名称|指标|要求|事迹|活动|任务|条款|做法|表现|细项|要点|好事|事情|什么事|干什么|清单|科目|题目|问题|做什么).*|(?:检查|考评|考核|评分|评比|查看)?(?:部位|位置|场所|区域|点位|环节)|(?:检查|考评|考核|评分|观测|得分|采分|扣分)点|项|事|items?|tasks?|activity|behaviou?rs?|actions?|description|deeds?|what|name|xiangmu|neirong|shixiang|xingwei|mingcheng",
    ),
    ("base", r".*(?:基础|基本|起始|底)分(?!值).*"),
    (
        "points",
        r".*(?:分值|分数|计分|得分|分/|积分值?$|几分|多少分|赋分|给分|评分$|存分$|记分$|奖惩|奖罚|赏罚|加减).*|.{0,4}分|.*\(分\)|pts?\.?|points?|scores?|values?|credits?|fen(?:zhi|shu)?|jifen",
    ),
    ("standard", r".*(?:标准|细则|办法|方法|规则|评分|存分|规定|细目|具体).*"),
    (
        "note",
        r".*(?:备注|说明|佐证|证明|认定|依据|责任|负责|审核|材料|牵头|评定|方式|来源|登记|时间|部门|记录|凭证|证据|图片|对象|适用|主体|范围|确认|人员|要件|资料|公示|程序|何时|谁|电话|手机|联系方式).*|notes?|remarks?|comments?|evidence|who|proof|beizhu|shuoming|shenheren|fuzeren",
    ),
)
OUT_OF_FORCE: Final = re.compile(
    r"(?:已|暂)?(?:停用|停止(?:使用)?|作废|废止|废除|禁用|失效|取消|删除|暂停|注销|下架|未启用|不启用|无效|草稿|测试)(?:中|了|状态)?"
)
"""What a column of states says of a row that is no rule any more, or not yet."""
_COMPILED: Final = tuple((role, re.compile(pattern, re.IGNORECASE)) for role, pattern in ROLES)

HEADING_MAX: Final = 14
TITLES: Final = frozenset({"title", "plus-title", "minus-title", "both", "plus-both", "minus-both"})
FIGURES: Final = frozenset({"points", "plus", "minus", "standard", "full", "both", "plus-both", "minus-both"})

SUBTOTAL: Final = re.compile(
    r"(?:本[页项类]|分项|各项|基础分|奖励分|[加扣减]分|[加扣减]分项目?|全年|月度|[^,;。:\d]{1,4})?"
    r"(?:合计|小计|总计|共计|累计|总分|合计分|总得分|最终得分|得分合计)(?:[:(分].*)?|(?i:sub)?(?i:total).*"
    r"|(?:本|当|全)[月季年期次人户](?:得分|应得分?|实得分?|积分)(?:[:(].*)?"
)
REMARK: Final = re.compile(
    r"(?:备?注|说明|附注|附则?|提示|注意|解释|填表|填报|制表|审核|复核|审批|编制|签字|签名|盖章|公章|日期|时间|单位|负责人|联系人|联系电话|经办人|记录人|村支部书记|村主任|监督电话|咨询)"
    r"(?:说明|事项|人|日期|时间|单位|意见|电话)*[:\s(].*|注[1-9一二三①-⑨].*"
    r"|(?:本|此|该|以上|上述|凡本|其他未|未列|未尽).{0,6}(?:表|细则|标准|清单|办法|制度|方案|规定|项目|事宜|事项|明|列).*"
    r"|.*(?:签字|签名|盖章|公章)[:)）].*|.*(?:村民委员会|村委会|党支部|党总支|合作社|居委会|居民委员会|人民政府|理事会|评议小组|议事会)(?:\(.*\)|\d.*)?"
    r"|.*\d{4}[年.\-/]\d{1,2}月?.{0,8}|.*[按照见据以](?:下|附|上|后|此|右|左|该)表.*"
)
DITTO: Final = re.compile(r"(?:同上|同前|同上项|〃|″|\"|''|”|“|々|同左|上同|-〃-)")
MINUS_HEADING: Final = re.compile(
    r"[扣减罚]分|[扣减]除|[扣减]项|[扣减](?:下面|以下|下列|相应|.{1,2})的?分|负面|负向|反向|禁止|(?<!红)黑榜|失分|失信|约束|不文明|不良|违规|惩戒"
)
PLUS_HEADING: Final = re.compile(r"加分|奖分|正面|正向|红榜|奖励|激励|倡导")
SHEET_TITLE: Final = re.compile(r".*(?:细则|一览|标准|办法|清单|方案|制度|手册|明细|表|银行|超市|目录)(?:\(.*\))?")
CONTENTS_OF_NOTHING: Final = re.compile(r"[/\\\-—无~.·。x×*]*|无上限|不限|不设|不设上限|不封顶")


BASE: Final = re.compile(r"(?:基础|基本|起始|原始|初始|底)(?:积)?分")
BASE_SAID: Final = re.compile(
    rf"{BASE.pattern}[^;。\d加扣减]{{0,24}}?(\d{{1,4}})分|(\d{{1,4}})分[^,;。\d]{{0,8}}{BASE.pattern}"
)
"""A base and how much it is, in words."""
BASE_TITLE: Final = re.compile(
    r"(?:每(?=[户家人])|各(?=户)|全体|所有|家庭|农户|村民|住户|户|人|本村|年初|每年|年度|全年|当年|新年|入户|建档|初次|开户|统一|自动|一次性|首次|核定|确定|设定|设置|设|赋予|给予|享有"
    r"|享受|拥有|获得|计入|记入|发放|分配|起|有|给|为|记|计|赋|均|都|的|,|积分|道德|文明|信用|诚信|账户){0,9}"
    r"(?:基础|基本|起始|原始|初始|起步|底|保底)(?:积)?分(?:值|数|标准|设置|核定|为|是|:)?(?:\([^()]{0,12}\))?"
)
GRADE: Final = re.compile(
    r"[一二三四五六七八九十\d]星级?(?:[^,;。]{0,4}(?:户|家庭|农户))?|优秀|良好|合格|不合格|较差|一般|[优良中差A-E]级?|(?:示范|先进|合格|达标|帮扶|后进|整改)户"
)
"""What a household is called by its points: no deed."""
NAMES_HEADING: Final = re.compile(
    r"(?:户主|户长|农户|住户|村户|户|村民|居民|家庭成员|家庭|成员|人员)?(?:姓名|名单|名字|名)|户主|户长|[农住村]户|户号|门牌号?码?|家庭成员|身份证号?码?"
)
"""A column of people, not words that speak of them: 家庭成员见义勇为."""
GOODS_HEADING: Final = re.compile(r".*(?:物品|商品|礼品|奖品).*")
"""A column of things that points are spent on."""
PRICED: Final = re.compile(
    r"(?!.*(?:加分|得分|奖分|积分(?:项目|事项|内容|行为)))"
    r"[^:]{0,12}(?:兑换|换购|换领|价目)[^:]{0,8}|[^:]{0,8}可[兑换]换?(?:物品|商品|礼品|奖品|取|购|的)?[^:]{0,4}"
    r"|(?:物品|商品|礼品|奖品)(?:目录|清单|一览|价目|表)?"
)
"""A heading of prices, alone in its line or before a colon."""
PRICE_SHEET: Final = re.compile(r"兑换|礼品|奖品|商品|价目")
PRICES: Final = re.compile(
    r"兑换.*(?:表|目录|标准|清单|价目|物品|商品)|(?:物品|商品|礼品|奖品)(?:目录|清单|一览|价目|表)?$"
)
GOODS: Final = re.compile(
    r"(?:一|\d{1,3})?(?:块|瓶|袋|包|卷|提|桶|条|支|盒|把|个|壶|箱)?"
    r"(?:香皂|肥皂|牙膏|牙刷|牙具|洗衣[液粉皂]|洗洁精|洗手液|洗发[水露]|沐浴露|毛巾|浴巾|[抽卷]?纸巾?|卫生纸|食?盐|大?米|面粉|面条|挂面"
    r"|食用油|菜籽油|花生油|酱油|陈?醋|料酒|鸡蛋|牛奶|茶叶|白?糖|暖水?瓶|保温杯|水杯|茶杯|碗筷?|盘子|脸盆|水桶|雨伞|雨衣|雨鞋|拖把"
    r"|扫[帚把]|垃圾[袋桶]|花露水|蚊香|电饭[煲锅]|电水?壶|炒锅|被子|被套|床单|枕头|四件套|书包|文具盒?|笔记本|练习本|作业本|手套|围裙|插线?板"
    r"|手电筒?|电风扇|话费|化肥|种子|锄头|铁锹)(?:(?:一|\d{1,4})?(?:ml|ML|g|kg|斤|公斤|升|L)?/?"
    r"(?:块|瓶|袋|包|卷|提|桶|条|支|盒|把|个|壶|箱|元|床|双|套|台|本|份)?)"
)
"""Goods a household gets for its points, with how many: no deed."""


@lru_cache(maxsize=4_096)
def role_of(heading: str) -> str:
    """The role a heading gives its column; empty where it names none. `heading` is plain and in one line."""
    bare = re.sub(r"\([^)]*\)", "", heading).strip(" :、.")
    inner = re.fullmatch(r"[A-Za-z.\s]+\(([^)]+)\)", heading)
    if inner is not None and (found := role_of(inner[1])):  # FenZhi (Points)
        return found
    if not bare or len(bare) > HEADING_MAX or re.search(r"[;。]|\d{2,}|\d分|分/.*\d", bare):
        return ""
    return next((role for role, pattern in _COMPILED if pattern.fullmatch(bare)), "")
