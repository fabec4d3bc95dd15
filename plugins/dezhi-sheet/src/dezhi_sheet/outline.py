"""A sheet as it is written, before anybody looked whether it can be adopted."""

from typing import Annotated

from msgspec import Meta

from dezhi.plugin import Settings

from .parts import Base, Campaign, Heading, Milestone, Row


class Outline(Settings, frozen=True):
    """The fields of a sheet. Rows may still be at odds with each other: `checks.sheet_faults` tells how."""

    notice: Annotated[
        str, Meta(title="细则前面的话", description="写在公开细则页最上面的一句话，可以不写。", max_length=200)
    ] = ""
    board: Annotated[bool, Meta(title="要不要光荣榜", description="按本季道德积分排一张光荣榜，只排自愿上榜的户。")] = (
        False
    )
    board_size: Annotated[
        int, Meta(title="光荣榜排到第几名", description="分数相同名次相同，可能多出几户。", ge=3, le=50)
    ] = 10
    categories: Annotated[
        tuple[Heading, ...], Meta(title="类别", description="细则的大类，每一条都归到一类下面。")
    ] = ()
    items: Annotated[tuple[Row, ...], Meta(title="条目", description="一条一条怎么加分，上限多少。")] = ()
    bases: Annotated[
        tuple[Base, ...], Meta(title="基础分", description="期末记的基础分，和从里面减的提醒；从不扣存折里的分。")
    ] = ()
    campaigns: Annotated[
        tuple[Campaign, ...], Meta(title="活动期", description="哪几天、哪几条加倍，按做事的日期算。")
    ] = ()
    milestones: Annotated[
        tuple[Milestone, ...], Meta(title="累计等级", description="一段时间累计到多少分，另记一次。")
    ] = ()
