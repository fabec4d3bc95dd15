"""What a village decided by analogy: for the township, which makes rules of it, for a clerk, and none yet."""

from datetime import date

import msgspec

from dezhi.web.views import frame, precedents

LOG = precedents.Precedents(
    village="营尔村",
    since=date(2025, 11, 23),
    decisions=(
        precedents.Decision(
            on=date(2026, 11, 20), why="帮着清渠", like="参加环境清扫", gave="5 分", by="欧阳建国", entry="1284"
        ),
        precedents.Decision(
            on=date(2026, 10, 8),
            why="替村里看机井，连着看了三个晚上，没有误一次水",
            like="参加义务劳动",
            gave="10 分",
            by="王记",
            entry="977",
        ),
        precedents.Decision(
            on=date(2026, 9, 2), why="帮着清渠", like="参加环境清扫", gave="5 分", by="王记", entry="812"
        ),
    ),
    proposals=(
        precedents.Proposal(key="812", title="帮着清渠", about="照“参加环境清扫”定过2次，给过5 分"),
        precedents.Proposal(
            key="977", title="替村里看机井，连着看了三个晚上，没有误一次水", about="照“参加义务劳动”定过1次，给过10 分"
        ),
    ),
    action="/township/v/1/precedents",
    drafts=(
        frame.Option(value="", text="照现在的方案新做一份", chosen=True),
        frame.Option(value="7", text="草稿“营尔村积分细则（2027年）”"),
    ),
    back=frame.Link(href="/township/v/1", text="回到方案"),
    error="里面已经有“帮着清渠”这一条了，没有再添。",
)
LOOKED_AT = msgspec.structs.replace(LOG, action="", proposals=(), drafts=(), error="")
NONE_YET = precedents.Precedents(village="营尔村", since=date(2025, 11, 23), back=LOG.back)
NO_ITEM = msgspec.structs.replace(NONE_YET, can_record=False)
