"""Every page and where it is made."""

from litestar.types import ControllerRouterHandler

from dezhi.web import demo as demo_doors, doors, passbook, public


def handlers(*, demo: bool) -> list[ControllerRouterHandler]:
    """The handlers of a site. The one-tap log-ins exist only in the demo."""
    found: list[ControllerRouterHandler] = [
        public.Public,
        doors.Doors,
        passbook.Passbook,
    ]
    if demo:
        found.append(demo_doors.DemoDoors)
    return found
