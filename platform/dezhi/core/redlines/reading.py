"""Read a line of a sheet as a person would: plain characters, sentences, and without what the line itself rules out."""

import re
import unicodedata
from typing import Final

# Characters of other scripts and habits, brought to the one the concepts are written in.
_TRADITIONAL: Final = (
    "萬万與与醜丑專专業业東东絲丝丟丢兩两嚴严喪丧個个臨临爲为為为麗丽舉举麼么義义烏乌樂乐習习鄉乡書书買买亂乱爭争於于雲云產产畝亩親亲僅仅從从倉仓儀仪們们價价衆众眾众優优會会傘伞傳传傷伤體体餘余儉俭"
    "債债償偿兒儿兌兑黨党蘭兰關关興兴養养獸兽內内冊册寫写軍军農农衝冲決决況况凍冻淨净準准涼凉減减幾几鳳凤憑凭擊击劃划則则創创別别剝剥勸劝辦办務务動动勵励勞劳區区醫医華华協协單单賣卖佔占臥卧衛卫捲卷"
    "廠厂歷历曆历壓压厭厌廁厕廚厨縣县參参雙双發发髮发變变隻只臺台號号喫吃弔吊後后聽听啓启啟启員员諮咨鬨哄響响啞哑譁哗嘮唠喚唤餵喂噴喷團团園园圍围國国圖图圓圆聖圣場场壞坏塊块堅坚壇坛墳坟墊垫墮堕牆墙"
    "壯壮聲声壺壶處处備备復复覆复複复夠够頭头誇夸奪夺獎奖奧奥姦奸妝妆婦妇媽妈嬸婶孫孙學学寶宝實实寵宠審审宮宫寬宽對对尋寻導导將将爾尔塵尘盡尽屆届屬属屢屡歲岁崗岗嶽岳幣币師师帳帐帶带幫帮幹干乾干並并"
    "併并廣广莊庄牀床庫库應应廟庙廢废開开異异棄弃張张彈弹強强歸归當当錄录徹彻徵征徑径懺忏懷怀態态總总戀恋惡恶懸悬懲惩慣惯憤愤願愿懶懒戲戏戶户紮扎撲扑託托執执掃扫揚扬擾扰摺折撫抚搶抢護护報报擔担攔拦"
    "撥拨擇择掛挂掙挣揮挥綑捆損损撿捡換换搗捣據据攙搀擱搁攪搅攝摄擺摆攢攒數数齋斋鬥斗斷断無无舊旧時时曠旷曬晒曉晓暫暂術术樸朴機机殺杀雜杂權权桿杆槓杠條条來来鬆松闆板極极標标棟栋欄栏樹树樣样檔档橋桥"
    "檢检樓楼檻槛橫横殘残殯殡毆殴毀毁畢毕氣气匯汇漢汉汙污湯汤溝沟沒没漚沤洩泄註注潑泼潔洁澆浇測测濟济瀏浏澇涝漲涨漁渔溫温遊游潰溃滾滚滯滞滿满灘滩滅灭燈灯靈灵竈灶災灾點点爛烂煙烟菸烟燒烧熱热愛爱爺爷"
    "牽牵狀状獨独獅狮豬猪貓猫獻献環环現现瑤瑶電电畫画療疗瘋疯癇痫癡痴癱瘫癮瘾癲癫皁皂鹽盐監监蓋盖盜盗盤盘碟盘著着瞞瞒矯矫碼码礎础碩硕確确礙碍禮礼禱祷禍祸離离稈秆種种積积稱称稅税穌稣穩稳竊窃競竞筆笔"
    "築筑篩筛籌筹籤签簽签簡简籃篮籬篱類类糞粪糧粮係系糾纠紅红約约級级紀纪純纯紗纱綱纲納纳紛纷紙纸紋纹線线練练組组細细織织終终紹绍經经綁绑結结給给絡络絕绝統统繼继績绩緒绪續续繩绳維维綜综綠绿緩缓編编"
    "縫缝纏缠縮缩繳缴網网罰罚罷罢羈羁羣群恥耻聾聋職职聯联腫肿鬍胡髒脏臟脏腦脑腳脚脫脱臉脸騰腾輿舆藝艺節节範范薦荐榮荣藥药獲获營营薩萨藍蓝衊蔑慮虑虛虚蟲虫蠻蛮釁衅銜衔補补錶表裝装見见觀观規规視视覽览"
    "覺觉覲觐譽誉計计訂订認认譏讥討讨讓让訓训議议訊讯記记講讲許许論论訟讼諷讽設设訪访證证評评識识詐诈訴诉診诊詆诋譯译試试誠诚話话詢询該该語语誤误誘诱說说誦诵請请諸诸諾诺讀读誹诽課课誰谁調调談谈謊谎"
    "諧谐謝谢謠谣謗谤負负財财責责敗败賬账貨货質质販贩貪贪貧贫購购貫贯賤贱貼贴貸贷費费資资賭赌贖赎賞赏賠赔賴赖贅赘賽赛贊赞讚赞贈赠贍赡趕赶躍跃踐践蹤踪車车軌轨轉转輪轮軟软輕轻載载較较輔辅輛辆輩辈輟辍"
    "輸输轄辖辯辩邊边達达遷迁過过運运還还這这進进違违連连遲迟跡迹適适選选遜逊遞递邏逻遺遗鄰邻鬱郁醬酱採采釋释裏里裡里針针釘钉鈔钞鍾钟鐘钟鉤钩鈎钩錢钱鐵铁銬铐鏟铲銀银鏈链銷销鎖锁鍋锅錯错錦锦鍵键鍬锹"
    "鎮镇長长門门閉闭問问闖闯閒闲間间閘闸鬧闹閨闺聞闻閥阀閱阅閹阉闔阖隊队陽阳陰阴際际陸陆陳陈險险隨随隱隐難难霧雾靜静麵面頁页頂顶項项順顺須须鬚须頑顽顧顾頓顿頒颁預预領领頸颈頻频顆颗題题額额風风飯饭"
    "飲饮餃饺館馆饋馈馬马驅驱駁驳駛驶駐驻駕驾罵骂驗验騎骑騙骗騷骚魚鱼魯鲁鮮鲜鰥鳏鳥鸟雞鸡鴨鸭鵝鹅黃黄齊齐齡龄龍龙龕龛歸归穢秽闢辟擴扩臘腊賄贿糙糙墾垦購购塗涂鏡镜貞贞贏赢貢贡賦赋膽胆勝胜劍剑郵邮鋪铺"
    "閻阎聰聪鑰钥嘗尝聳耸擁拥濫滥濁浊嘰叽"
)  # fmt: skip
_PLAIN: Final = str.maketrans(
    {
        **dict(zip(_TRADITIONAL[::2], _TRADITIONAL[1::2], strict=True)),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\u30fc", "-"),
        **dict.fromkeys("，,", ","),
        **dict.fromkeys("：:|｜\t", ":"),
        **dict.fromkeys("．", "."),
        **dict.fromkeys("～", "~"),
    }
)
_NOTHING: Final = re.compile(r"[\u200b-\u200f\u2060\ufeff\u00ad]|[\"'“”‘’「」『』《》〈〉【】\[\]*_`·•●◆■□★☆#]")
_DASH: Final = re.compile(r"-{2,}|(?<=[^\x00-\x7f])-(?=[^\x00-\x7f])")
_DASHED_PAIR: Final = re.compile(r"-{2,}")
_NUMBERING: Final = re.compile(
    r"^(?:第[一二三四五六七八九十百\d]{1,5}[条款项]|\(?(?:\d{1,3}|[一二三四五六七八九十]{1,3})\)|(?:\d{1,3}|[一二三四五六七八九十]{1,3})[.,、](?!\d))"
)
LINE_MAX: Final = 120  # characters
_ENDLESS: Final = re.compile(
    r"([\d.〇零一二两三四五六七八九十百千万半几多]{24})[\d.〇零一二两三四五六七八九十百千万半几多]+"
)
"""Figures no amount has: patterns that look for an amount would try each of them as its beginning and its end."""
_SENTENCE: Final = re.compile(r"[。;]+")
_GOES_ON: Final = re.compile(
    r"[。;]+(?=(?:凡|如|若|谁)?(?:违反|违背|触犯|犯)(?:一|其|任|上述|以上|前|此|本条|的)|违者|否则|不然|上述|以上(?:行为|情形|各)|如有违)"
)
"""Where a full stop parts what is forbidden from what it costs."""
_CLAUSE: Final = re.compile(r"[,:!?]+")

# What a sheet itself rules out is no item: 积分不得兑换现金. Only acts of the programme can be ruled out so; 不得上访
# is an order to the villagers, and stays.
_ACTS: Final = (
    r"(?:(?:以|因|把|将|对|拿|凭|按|用).{1,24}|(?:强制|强迫|诱导|变相|直接|另行|擅自|随意|任意|私自|与.{1,10}|任何.{0,6}|公开)?"
    r"(?:兑(?:换|付|成|取)?.{0,6}(?:现|钱|币|红包|金)|折|换.{0,4}(?:现|钱)|转让|买卖|交易|提现|变现|套现|出售|卖|买|公布|公开|公示|张贴|"
    r"曝光|披露|泄露|罚款|处罚|断水|断电|断[其他]|停水|停电|没收|影响|挂钩|关联|要求|强制|强迫|强行|设|收集|采集|奖励|鼓励|诱导|"
    r"限制|剥夺|组织(?:村民|群众|农户|老人|学生|党员|人员)|授意|暗示|动员|作为|作依据|追溯|溯及|倒查|株连|连坐|清零|归零|点名|排名|打卡|点赞|转发|刷分|拉票|登录|歧视|区别对待))"
)
_RULED_OUT: Final = re.compile(
    rf"(?:不得|不能|不可|不可以|不允许|不许|严禁|禁止|不准|一律不|不会|绝不|决不|从不|并不|不应|无权|杜绝|不再){_ACTS}"
    r"|不(?:因|影响|设|收集|采集|奖励|鼓励|强制|强迫|要求|张贴|公布|公示|公开|曝光|以|将|把|作为|与.{1,40}(?:挂钩|相关)"
    r"|挂钩|对.{1,16}(?:扣|减|罚|加|计)|提倡|诱导|问|看.{0,6}(?:说|写|评)|罚款|追溯|溯及|倒查|株连|搞|"
    r"统计|评比|排名|打听|管罚|替|点名|通报|上墙|(?:发|给|换|兑|折).{0,4}(?:现|钱|元|红包)|"
    r"(?:翻|算|追|究).{0,3}(?:旧账|老账|以前|过去|既往))"
    r"|^(?:也|更|既|都|绝)?不(?:停水停电|断水断电|打卡|点赞|转发|罚钱|罚款|停电|停水|断电|断水|曝光|排名)(?:、?不[^,、]{1,4})*$"
    r"|不(?:看|排|比|查|论)(?:谁|各户|登录|成绩|名[次位]|排名|数据|次数|时长|步数|手机)|(?<![档户者的家级类])不(?:涉及|考虑|参考)|谢绝|不收(?:押金|钱|费|一分)|(?:押金|费用|钱)(?:不收|免收|全免)|不装(?:任何|指定)|不张榜|不登报|不上网|不公开|不对外|(?:结果|数据|内容|信息|记录)[^,]{0,6}(?:只给|只告诉|只由|不外传|保密|封存)|不(?:管|理|问|追|翻|碰|查).{0,6}(?:以前|之前|过去|从前|旧|老)|不归.{0,6}管|不(?:往前|向前|往回)(?:追|算|翻|查|推)|不(?:拍|录|传)(?:照|像|视频)?$|不予(?:上墙|公布|公示|公开|张贴|通报)|不(?:往|在|上|到).{0,6}(?:墙|榜|群|网|栏|喇叭|屏).{0,3}(?:贴|写|挂|公|发|念|晒|登|播)?|(?:没有|无)(?:黑榜|罚款|排名|打卡)"
)
_LET_GO: Final = re.compile(
    r"[与跟和同]积?分(?:数|值)?(?:都|均)?(?:无关|不挂钩|脱钩|没有?关系)|(?:不|不予|不再|一律不|都不|均不|概不|不得|不能|不会)[扣减](?:任何)?(?:积?分)?(?!.*[不没])"
    r"|不影响|不作.{0,8}依据|(?<![户人者民员家])不(?:得|再)?(?:计入|纳入|列入|记入)(?:积分|评分|考核|加分|扣分|计分)|与.{0,8}无关|不在计分|此前.{0,6}不[计算究]|"
    r"既往不咎(?!不|.{0,4}(?:作废|取消))|不搭[界嘎]|不相干|两码事|两回事|不沾边|没有?(?:半点|任何|啥|什么)?关系|"
    r"([^,])不\1.{0,10}(?:随[意己便]|随各?人|都(?:行|可|能|不|是|一样|记|算|\d|[一二两三四五])|均|一样|照样|由(?:己|你|自己|各人)|不(?:记|计|加|扣|登|算|统|问))|[^,]?可([^,])可不\2|"
    r"(?:都|均|一律|也|既|概|全|不登记|不统计|不作数|不用登记)不(?:记|计|加|算|扣|动)分?(?:$|[,也、])|不(?:加|记|计)(?:分)?也不(?:扣|减)|不(?:扣|减)(?:分)?也不(?:加|记|计)|(?:一样|同样)(?:记|计|算|加|给|开|办|发|领|[\d一二两三四五]分)|(?:分多分少|捐多捐少|多捐少捐|说好说坏|赞成.{0,4}反对)|不动分|都?一个样|不要紧|一?分不会少|不用[^,]{0,4}(?:登记|下软件|装软件|刷|打卡)|村里不(?:统计|登记|管|问|记)|只(?:说|写|讲)事|结果(?:自己|本人)(?:拿|带|留)|不受(?:牵连|影响|连累)|不(?:看|查|论|管|凭)(?:积?分|分数|星级)(?:高低|多少)?$|但不(?:记|计|算|加)分|不(?:记|计|算|加)分,(?:只|也不|仅)|(?:好坏|高低|多少|对错|与否|输赢|好歹)(?:都|均|一律)?不(?:记|计|算|加|影响)|"
    r"是(?:学校|家长|老师|个人|人家|自己|本人|私人|各家|你|大家|村民)的?(?:事|私事|自由|权利|隐私)|(?:一分|一样|一个)不少|应当?(?:事先|提前|先)?(?:告知(?:本人|用途|当事人|村民|理由)|征得|取得.{0,6}同意|说明理由|回避|遮|隐去|打码|匿名处理|保密)|"
    r"(?:成绩|名次|奖状|献血|打卡|点赞|考试)(?:一律|都|均|全)?不(?:再)?(?:[记计算加]|折算?成?)(?:入)?分"
)
_MAY_RULE_OUT: Final = re.compile(r"[不禁无没绝样只果]")
_NO_POINTS: Final = re.compile(
    r"(?<![的者户人家员上下列外])[,?!:](?:自愿,不登记$|(?:但|也|都|这|均|暂)?不(?:记|计|算)分(?=,|$))"
)
"""A remark that nothing is counted; after 的 or 者 it is what somebody loses."""
_PENALTY: Final = re.compile(
    r"违者|不得(?:参加|参与|享受|兑换|评|申|领)|违反.{0,8}的|否则|一经|(?<!不)(?<!得)(?<!会)扣(?:除|掉|减|罚)?\d|(?<!不)减\d|(?<![\d.分点])-\d|罚款?\d"
)
_NUMBER: Final = r"(?:[\d.]+|[一二两三四五六七八九十百千半几多]+)"
_LOSS: Final = re.compile(
    rf"(?:倒|补|追|连带|同步|酌情|同|各|每.|均|再|折算|多|反|一律|加倍)?扣(?!上|子|肉|除税|篮)|减(?:去|掉|其|该|本|扣|除?积?分|半|{_NUMBER})|"
    rf"少(?:记|给|得)?{_NUMBER}分|{_NUMBER}分(?:就|也|便)?没了?|分(?:要|得|会|将|被|就)(?:减|少)|(?<![\d.分点])-{_NUMBER}|罚分|负{_NUMBER}分|掉{_NUMBER}?分|下调.{{0,4}}分|分也?(?:没了|得?少)|核减|核扣|减计|下调.{{0,6}}分|少分(?!钟)|-(?:全部|所有)|[抹划]{_NUMBER}分"
)


def plain(text: str) -> str:
    """Return a text in the characters the concepts are written in: simplified, half-width, without spaces."""
    text = _NOTHING.sub("", unicodedata.normalize("NFKC", text).translate(_PLAIN))
    text = _ENDLESS.sub(r"\1", "".join(text.split()))
    text = _DASHED_PAIR.sub(",", text)
    text = _DASH.sub("", text)
    return _NUMBERING.sub("", text)


def parts(text: str) -> list[str]:
    """Return a plain text as one line of a sheet, or as its sentences where it is longer than such lines are."""
    if len(text) <= LINE_MAX:
        return [text]
    return [sentence for sentence in _SENTENCE.split(_GOES_ON.sub(",", text)) if sentence]


def sentences(text: str) -> list[str]:
    """Return the sentences of a plain text that say what is done, without those which rule it out."""
    said = (_without_ruled_out(sentence) for sentence in _SENTENCE.split(_GOES_ON.sub(",", text)))
    return [sentence for sentence in said if sentence]


def takes_points(sentence: str) -> bool:
    """Whether a plain sentence takes points away."""
    return _LOSS.search(sentence) is not None


def _without_ruled_out(sentence: str) -> str:
    """Drop the clauses which forbid the act they name, unless the sentence goes on to punish it."""
    if not _MAY_RULE_OUT.search(sentence):
        return sentence
    clauses = _CLAUSE.split(sentence)
    kept = [clause for clause in clauses if not _RULED_OUT.search(clause)]
    if len(kept) < len(clauses) and _PENALTY.search(",".join(kept)):
        return sentence
    rest = ",".join(kept)
    let_go = _NO_POINTS.search(sentence) or any(_LET_GO.search(clause) for clause in clauses)
    return "" if let_go and not _PENALTY.search(rest) else rest
