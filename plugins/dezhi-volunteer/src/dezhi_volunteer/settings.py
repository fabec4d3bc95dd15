"""What a village may decide about volunteer hours."""

from typing import Annotated, Final

from msgspec import Meta

from dezhi.plugin import Settings

WHOLE: Final = 100

_COEFFICIENT: Final = "折算时乘上这个百分数。100 就是不加不减；不折算的话，这一项不起作用。"


class Choices(Settings, frozen=True):
    """The settings; every field is a question on the township's form."""

    points_per_hour: Annotated[
        int,
        Meta(
            title="一小时折多少道德积分",
            description="填 0 就是不折算：志愿时只记时长。要折算，先由村民会议议定。",
            ge=0,
            le=20,
        ),
    ] = 0
    percent_daily: Annotated[int, Meta(title="便民互助的系数（百分之几）", description=_COEFFICIENT, ge=50, le=300)] = (
        100
    )
    percent_care: Annotated[int, Meta(title="陪护关爱的系数（百分之几）", description=_COEFFICIENT, ge=50, le=300)] = (
        120
    )
    percent_teach: Annotated[int, Meta(title="传授辅导的系数（百分之几）", description=_COEFFICIENT, ge=50, le=300)] = (
        100
    )
    percent_guard: Annotated[int, Meta(title="平安守护的系数（百分之几）", description=_COEFFICIENT, ge=50, le=300)] = (
        100
    )
    percent_urgent: Annotated[
        int, Meta(title="应急救助的系数（百分之几）", description=_COEFFICIENT, ge=50, le=300)
    ] = 150
    activity_hours_max: Annotated[
        int,
        Meta(
            title="村里组织的一次活动最多记几小时",
            description="只管“参加村里的志愿活动”这一条，路上的时间不算。",
            ge=1,
            le=8,
        ),
    ] = 2
    day_hours_max: Annotated[
        int,
        Meta(
            title="一个人一天最多记几小时",
            description="各项加在一起，超过就记不上，先核实清楚。",
            ge=4,
            le=16,
        ),
    ] = 12
    goal_hours: Annotated[
        int,
        Meta(
            title="全村一年的志愿时目标（小时）",
            description="公开页上有一条大家一起攒的进度，没有名字。",
            ge=10,
            le=100_000,
        ),
    ] = 1_000

    def percent(self, kind: str) -> int:
        """Return the coefficient of a kind of service, in per cent."""
        return {
            "daily": self.percent_daily,
            "care": self.percent_care,
            "teach": self.percent_teach,
            "guard": self.percent_guard,
            "urgent": self.percent_urgent,
        }[kind]
