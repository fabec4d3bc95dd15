"""Every address of a site, and what to fill it and its forms with."""

from collections.abc import Sequence

from litestar import Litestar
from litestar.routes import HTTPRoute

from villages import Village


def routes(app: Litestar) -> Sequence[tuple[str, str]]:
    """Return every method and address of the pages; the API has a matrix of its own."""
    found = [route for route in app.routes if isinstance(route, HTTPRoute) and not route.path.startswith("/api/")]
    return sorted((method, one.path_format) for one in found for method in one.methods - {"OPTIONS", "HEAD"})


def address(path: str, village: Village) -> str:
    """Fill an address with ids that exist."""
    known = {
        "code": village.yinger.code,
        "key": str(village.clerk.id),
        "name": "dezhi-yinger",
        "ref": str(village.family.id),
        "order": "1",
        "plugin": "dezhi-yinger",
        "table": "hours",
        "path": "giving-back",
        "kind": "bases",
    }
    return path.format_map(
        {"batch": "b", "token": "t", "number": "1", "book": "1", "file_path": "x.css", "row": "1", **known}
    )


def form(village: Village) -> dict[str, str]:
    """Return fields that would do something on many a page."""
    return {
        "version": "1",
        "on": "no",
        "name": "第九网格",
        "title": "改了名的方案",
        "code": "620902101209",
        "role": "supervisor",
        "scope": str(village.yinger.id),
        "login": "intruder",
        "key": "0b9c1f0e-6f0c-4f6e-9a53-2b1df0c5a1aa",
        "reward": "dezhi-yinger/oil",
        "reason": "试一试",
        "household": str(village.family.id),
        "set.goal_points": "4000",
    }
