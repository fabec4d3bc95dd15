"""Every page and where it is made."""

from litestar.types import ControllerRouterHandler

from dezhi.web import (
    cards,
    demo as demo_doors,
    doors,
    journal,
    passbook,
    programmes,
    public,
    rosters,
    setup,
    staff,
    township,
)


def handlers(*, demo: bool) -> list[ControllerRouterHandler]:
    """The handlers of a site. The one-tap log-ins exist only in the demo."""
    found: list[ControllerRouterHandler] = [
        public.Public,
        doors.Doors,
        passbook.Passbook,
        setup.SetupPages,
        township.TownshipPages,
        rosters.RosterPages,
        programmes.ProgrammePages,
        cards.CardPages,
        staff.StaffPages,
        journal.JournalPages,
    ]
    if demo:
        found.append(demo_doors.DemoDoors)
    return found
