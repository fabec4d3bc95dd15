"""Every page and where it is made."""

from litestar.types import ControllerRouterHandler

from dezhi.web import doors, passbook, public


def handlers(*, demo: bool) -> list[ControllerRouterHandler]:
    """The handlers of a site. The one-tap log-ins exist only in the demo."""
    found: list[ControllerRouterHandler] = [
        public.Public,
        doors.Doors,
        passbook.Passbook,
    ]
    return found
