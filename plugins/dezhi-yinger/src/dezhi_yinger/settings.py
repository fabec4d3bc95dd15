"""What a township may choose for the savings bank."""

from typing import Annotated, Final, Literal

from msgspec import Meta

from dezhi.plugin import Settings

EVERYTHING: Final = "三项储蓄一起算"


class Choices(Settings, frozen=True):
    """The settings of 道德储蓄银行; every field is a question on the township's form."""

    goal_title: Annotated[
        str,
        Meta(
            title="全村心愿",
            description="大家一起攒分要办成的一件事，写在公开页上。",
            min_length=2,
            max_length=20,
        ),
    ] = "村口添两张长椅"
    goal_points: Annotated[
        int,
        Meta(
            title="心愿要攒多少分",
            description="全村一个季度一共攒到这么多道德积分，心愿就算达成。",
            ge=100,
            le=1_000_000,
        ),
    ] = 3_000
    board_size: Annotated[
        int,
        Meta(title="光荣榜排到第几名", description="只排自愿上榜的户；分数相同名次相同，可能多出几户。", ge=3, le=30),
    ] = 10
    board_counts: Annotated[
        Literal["三项储蓄一起算", "只算友爱", "只算孝顺", "只算诚信"],
        Meta(title="光荣榜按什么算", description="榜上的分数是本季这些储蓄挣到的道德积分。"),
    ] = EVERYTHING
    month_times_max: Annotated[
        int,
        Meta(
            title="同一件好事一月最多记几次",
            description="细则没有另外写明上限的储蓄条目，每户每月最多记这么多次。",
            ge=1,
            le=31,
        ),
    ] = 10
    price_percent: Annotated[
        int,
        Meta(
            title="回馈价格调整（百分之几）",
            description="100 就是细则上的价。货源紧可以调高，多了可以调低。",
            ge=50,
            le=300,
        ),
    ] = 100
    thanks_times: Annotated[
        int,
        Meta(
            title="本季存满几次打九折",
            description="一户本季存进这么多次道德积分，关爱回馈打九折。填 0 就是不打折。",
            ge=0,
            le=100,
        ),
    ] = 0
    late_days: Annotated[
        int,
        Meta(
            title="好事过几天就不补记",
            description="超过这么多天才来记的，先到阳光议事日说一说。填 0 就是不限。",
            ge=0,
            le=365,
        ),
    ] = 0
