"""Every page and where it is made."""

from litestar.types import ControllerRouterHandler

from dezhi.web import doors


def handlers(*, demo: bool) -> list[ControllerRouterHandler]:
    """The handlers of a site. The one-tap log-ins exist only in the demo."""
    found: list[ControllerRouterHandler] = [doors.Doors]
    return found
