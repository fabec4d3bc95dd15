"""What a village may decide about duty visits."""

from typing import Annotated

from msgspec import Meta

from dezhi.plugin import Settings


class Choices(Settings, frozen=True):
    """The settings; every field is a question on the township's form."""

    group_size: Annotated[
        int,
        Meta(title="一位中心户长联系几户", description="写在公开页上，也是一次走访最多能选的户数。", ge=5, le=30),
    ] = 10
    month_households: Annotated[
        int,
        Meta(
            title="中心户长一个月走访几户",
            description="记好一次走访，就告诉本人这个月还差几户。填 0 就是不提。",
            ge=0,
            le=100,
        ),
    ] = 10
