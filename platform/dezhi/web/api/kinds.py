"""The kinds of values the API speaks of, with their bounds and an example each.

Ids are texts: they are 63-bit numbers, more than a JavaScript number holds. The example ids stand for nothing; the
tests put real ones in their place.
"""

from typing import Annotated

import msgspec
from litestar.params import HeaderParameter, PathParameter, QueryParameter
from msgspec import Meta

from dezhi.plugin import Asset, Role
from dezhi.web.visitors import ID_MAX

ID_PATTERN = r"^[1-9][0-9]{0,18}$"

HOUSEHOLD = "6917529027641081857"
PERSON = "6917529027641081858"
GRID = "6917529027641081859"
STAFF = "6917529027641081860"
TOKEN = "6917529027641081861"  # noqa: S105 - an id
VILLAGE = "620902101201"
ITEM = "dezhi-yinger/neighbour-help"
REWARD = "dezhi-yinger/oil"
ENTRY = "1-1"
BATCH = "1-b0123456789abcdef0123"
REDEMPTION = "1-0123456789abcdef0123"
PLUGIN = "dezhi-yinger"
CARD = "40713356"
PREVIEW = "b3Z1cm5leS1vZi1hLXJvc3Rlci10aGF0LXdh"
CLEARING = "6917529027641081862"
DRAFT = "6917529027641081863"
SHADOW = "6917529027641081899"
BACKTEST = "YmFja3Rlc3Qtb25l"
DAY = "2026-11-22"
KEY = "7f9c2ba4-e88f-4d27-8f3a-1c5d2f6b7a90"

Id = Annotated[str, Meta(pattern=ID_PATTERN, description="An id, as text.")]
HouseholdId = Annotated[str, Meta(pattern=ID_PATTERN, description="A household's id.", examples=[HOUSEHOLD])]
PersonId = Annotated[str, Meta(pattern=ID_PATTERN, description="A person's id.", examples=[PERSON])]
GridId = Annotated[str, Meta(pattern=ID_PATTERN, description="A grid's id.", examples=[GRID])]
StaffId = Annotated[str, Meta(pattern=ID_PATTERN, description="A staff member's id.", examples=[STAFF])]
TokenId = Annotated[str, Meta(pattern=ID_PATTERN, description="A token's id.", examples=[TOKEN])]
RegionId = Annotated[
    str, Meta(pattern=ID_PATTERN, description="The id of a township, village or grid.", examples=[GRID])
]
VillageCode = Annotated[str, Meta(pattern=r"^[0-9]{12}$", description="A village's 12-digit code.", examples=[VILLAGE])]
ItemCode = Annotated[
    str,
    Meta(min_length=1, max_length=200, pattern=r"^[^\x00]*$", description="An item, `plugin/code`.", examples=[ITEM]),
]
RewardCode = Annotated[
    str,
    Meta(
        min_length=1, max_length=200, pattern=r"^[^\x00]*$", description="A reward, `plugin/code`.", examples=[REWARD]
    ),
]
EntryId = Annotated[
    str, Meta(pattern=r"^[0-9]{1,15}-[0-9]{1,15}$", description="An entry: its book and number.", examples=[ENTRY])
]
BatchId = Annotated[
    str, Meta(pattern=r"^[0-9]{1,15}-b[0-9a-f]{20}$", description="A many-household award.", examples=[BATCH])
]
RedemptionId = Annotated[
    str, Meta(pattern=r"^[0-9]{1,15}-[0-9a-f]{20}$", description="A redemption.", examples=[REDEMPTION])
]
ClearingId = Annotated[str, Meta(pattern=ID_PATTERN, description="A clearing's id.", examples=[CLEARING])]
DraftId = Annotated[str, Meta(pattern=ID_PATTERN, description="A draft's id.", examples=[DRAFT])]
Name = Annotated[
    str, Meta(min_length=1, max_length=60, pattern=r"^[^\x00]*$", description="A name.", examples=["马玉兰"])
]
Note = Annotated[str, Meta(max_length=100, pattern=r"^[^\x00]*$", description="For staff.", examples=["送医两次"])]
Answers = Annotated[
    dict[str, bool | int | str | list[int]],
    Meta(
        max_length=60,
        description="Answers to the item's questions, by name; the item's `questions` are their JSON Schema.",
        examples=[{"millilitres": 300}],
    ),
]
RoleWord = Annotated[
    Role,
    Meta(description="What somebody did in a deed: doer (did it too), helped, witness, group.", examples=["helped"]),
]
Reason = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=200,
        pattern=r"^[^\x00]*$",
        description="Why; the household can read it.",
        examples=["记串了户"],
    ),
]
AssetWord = Annotated[Asset, Meta(description="What is counted; `hours` in minutes.", examples=["moral"])]

Key = Annotated[
    str,
    HeaderParameter(
        name="Idempotency-Key",
        pattern=r"^[!-~]{1,64}$",
        min_length=1,
        max_length=64,
        description=(
            "Names this one write. Send the same key again when no answer came: nothing is done twice, and the first"
            " answer comes back with `Idempotent-Replayed: true`. Another body under the same key is 409 `conflict`."
        ),
    ),
]

HouseholdPath = Annotated[str, PathParameter(pattern=ID_PATTERN, description="A household's id.")]
PersonPath = Annotated[str, PathParameter(pattern=ID_PATTERN, description="A person's id.")]
StaffPath = Annotated[str, PathParameter(pattern=ID_PATTERN, description="A staff member's id.")]
TokenPath = Annotated[str, PathParameter(pattern=ID_PATTERN, description="A token's id.")]
VillagePath = Annotated[str, PathParameter(pattern=r"^[0-9]{12}$", description="A village's 12-digit code.")]
EntryPath = Annotated[
    str,
    PathParameter(
        pattern=r"^[0-9]{1,15}(-[0-9]{6})?-[0-9]{1,15}$",
        description="An entry's id, or its number as printed (`book-YYYYMM-number`).",
    ),
]
BatchPath = Annotated[str, PathParameter(pattern=r"^[0-9]{1,15}-b[0-9a-f]{20}$", description="A batch's id.")]
ClearingPath = Annotated[str, PathParameter(pattern=ID_PATTERN, description="A clearing's id.")]
DraftPath = Annotated[str, PathParameter(pattern=ID_PATTERN, description="A draft's id.")]
RedemptionPath = Annotated[str, PathParameter(pattern=r"^[0-9]{1,15}-[0-9a-f]{20}$", description="A redemption's id.")]

Limit = Annotated[int, QueryParameter(ge=1, le=200, description="At most so many items.")]
Cursor = Annotated[
    str | None, QueryParameter(max_length=200, description="`next` of the page before; none for the first page.")
]


def id_of(text: str) -> int:
    """An id as a number; one that is larger than any is nobody's, and fits a database's column all the same."""
    return min(int(text), ID_MAX)


class Body(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is sent. An unknown field is a mistake of the program's, and refused."""


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What is answered. Programs should pass over fields they do not know: later versions may add some."""


class AmountOf(Answer, frozen=True, kw_only=True):
    """So much of one asset, signed from the holder's side."""

    asset: AssetWord
    amount: Annotated[int, Meta(description="Points, or minutes of `hours`.", examples=[5])]
