"""What a village may decide about safe families."""

from typing import Annotated, Final

from msgspec import Meta

from dezhi.plugin import Settings

_THRESHOLD: Final = "四项满分一共100分。三个星级要一级比一级高。"
_POINTS: Final = "评上这一星级，存这么多平安积分。"


class Choices(Settings, frozen=True):
    """The settings; every field is a question on the township's form."""

    three_from: Annotated[int, Meta(title="三星要多少分", description=_THRESHOLD, ge=30, le=100)] = 60
    four_from: Annotated[int, Meta(title="四星要多少分", description=_THRESHOLD, ge=30, le=100)] = 75
    five_from: Annotated[int, Meta(title="五星要多少分", description=_THRESHOLD, ge=30, le=100)] = 90
    three_points: Annotated[int, Meta(title="三星存多少平安积分", description=_POINTS, ge=1, le=100)] = 10
    four_points: Annotated[int, Meta(title="四星存多少平安积分", description=_POINTS, ge=1, le=100)] = 20
    five_points: Annotated[int, Meta(title="五星存多少平安积分", description=_POINTS, ge=1, le=100)] = 30
    year_points_max: Annotated[
        int,
        Meta(
            title="平时的平安积分一户一年最多存多少",
            description="自查、装报警器、演练、报隐患加在一起；年度评定的不算在里面。",
            ge=10,
            le=500,
        ),
    ] = 60
    base_points: Annotated[
        int,
        Meta(
            title="每年元旦给每户存多少平安基础分",
            description="家家都有，一年一次，到日子自动存。填 0 就是不存。",
            ge=0,
            le=100,
        ),
    ] = 0

    def __post_init__(self) -> None:
        if not self.three_from < self.four_from < self.five_from:
            raise ValueError("三星、四星、五星要的分数必须一级比一级高")

    @property
    def stars(self) -> tuple[tuple[int, int, int], ...]:
        """The stars from the highest: how many, from how many points, and what they bring."""
        return (
            (5, self.five_from, self.five_points),
            (4, self.four_from, self.four_points),
            (3, self.three_from, self.three_points),
        )
