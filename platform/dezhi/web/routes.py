"""Every page and where it is made."""

from litestar import Router
from litestar.types import ControllerRouterHandler

from dezhi.web import (
    adopting,
    awards,
    backtests,
    cards,
    clearings,
    closings,
    demo as demo_doors,
    desk,
    doors,
    drafts,
    freezes,
    handover,
    journal,
    keeping,
    limits,
    many,
    operating,
    passbook,
    programmes,
    public,
    reports,
    reversals,
    rosters,
    seals,
    setup,
    shadows,
    staff,
    statements,
    stopping,
    tokens,
    township,
    transfers,
    work,
)


def handlers(*, demo: bool, page_rate: int = 0) -> list[ControllerRouterHandler]:
    """The handlers of a site. The one-tap log-ins exist only in the demo; `page_rate` limits the public pages."""
    found: list[ControllerRouterHandler] = [
        operating.Operating,
        Router("/", route_handlers=[public.Public, seals.SealPages], middleware=limits.pages(page_rate)),
        doors.Doors,
        passbook.Passbook,
        seals.ReceiptPages,
        statements.ResidentStatements,
        setup.SetupPages,
        township.TownshipPages,
        rosters.RosterPages,
        programmes.ProgrammePages,
        drafts.DraftPages,
        adopting.AdoptingPages,
        stopping.StoppingPages,
        keeping.KeepingPages,
        backtests.BacktestPages,
        shadows.ShadowPages,
        clearings.ClearingPages,
        closings.ClosingPages,
        reports.TownshipReports,
        reports.RoundReports,
        cards.CardPages,
        staff.StaffPages,
        tokens.TokenPages,
        journal.JournalPages,
        work.Work,
        awards.Awards,
        many.Many,
        handover.HandOver,
        reversals.Reversals,
        reversals.Undo,
        desk.Desk,
        statements.DeskStatements,
        freezes.FreezePages,
        transfers.TransferPages,
    ]
    if demo:
        found.append(demo_doors.DemoDoors)
    return found
