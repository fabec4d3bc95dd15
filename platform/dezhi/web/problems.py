"""Problems as programs read them (RFC 9457): a stable code, and the sentence in the reader's and in both languages."""

from collections.abc import Mapping
from typing import Annotated, Any, Final

import msgspec
from litestar import Response
from msgspec import Meta

from dezhi.core.text import N_, Text
from dezhi.web.languages import LANGUAGES, translate

MEDIA_TYPE = "application/problem+json"

TITLES = {
    400: N_("没有看懂"),
    401: N_("请先登录"),
    403: N_("这里进不去"),
    404: N_("没有找到"),
    405: N_("没有找到"),
    408: N_("请等一会儿"),
    409: N_("没有存上"),
    410: N_("已经没有了"),
    413: N_("文件太大"),
    415: N_("没有看懂"),
    422: N_("没有存上"),
    429: N_("请等一会儿"),
    503: N_("现在忙不过来"),
}
BROKEN = N_("这一页出了毛病")

RETRY_SECONDS = "5"
REPLAYED: Final[Mapping[str, str]] = {"Idempotent-Replayed": "true"}
"""On an answer, or a refusal, that was given before and is kept."""
_CHALLENGES = {"scope": 'Bearer realm="dezhi", error="insufficient_scope"', "log-in": 'Bearer realm="dezhi"'}


class ProblemBody(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Why a request was not done. Nothing was changed, unless the sentence says otherwise."""

    type: Annotated[
        str, Meta(description="Names the code as a URI; opens nothing.", examples=["urn:dezhi:problem:cap"])
    ]
    title: Annotated[str, Meta(description="The kind of trouble, in the reader's language.", examples=["没有存上"])]
    status: Annotated[int, Meta(description="The HTTP status.", ge=400, le=599, examples=[409])]
    code: Annotated[str, Meta(description="Stable, for programs.", examples=["cap"])]
    detail: Annotated[
        str, Meta(description="What happened and what to do, in the language of `Accept-Language`.", examples=["…"])
    ]
    texts: Annotated[
        dict[str, str], Meta(description="`detail` in every language.", examples=[{"zh-Hans": "…", "en": "…"}])
    ]
    field: Annotated[str | None, Meta(description="The field at fault.", examples=["minutes"])] = None
    row: Annotated[int, Meta(description="The row at fault, counted from 1.", ge=1, examples=[3])] | None = None
    id: Annotated[
        str | None, Meta(description="Finds the fault's line in the log of the server.", examples=["9f86d081"])
    ] = None


def problem_body(
    status: int,
    code: str,
    what: Text,
    *,
    field: str | None = None,
    row: int | None = None,
    id: str | None = None,  # noqa: A002
) -> ProblemBody:
    """A problem in words."""
    return ProblemBody(
        type=f"urn:dezhi:problem:{code}",
        title=translate(TITLES.get(status, BROKEN)),
        status=status,
        code=code,
        detail=translate(what),
        texts={language: translate(what, language) for language in LANGUAGES},
        field=field,
        row=row,
        id=id,
    )


def problem_response(body: ProblemBody, headers: Mapping[str, str] | None = None) -> Response[Any]:
    """A problem as an answer, with the headers its status asks for."""
    more = dict(headers or {})
    if body.status == 401:  # noqa: PLR2004
        more["WWW-Authenticate"] = _CHALLENGES.get(body.code, 'Bearer realm="dezhi", error="invalid_token"')
    elif body.code == "scope":
        more["WWW-Authenticate"] = _CHALLENGES["scope"]
    elif body.status in {429, 503}:
        more["Retry-After"] = RETRY_SECONDS
    return Response(body, status_code=body.status, media_type=MEDIA_TYPE, headers=more)
