"""Every call of the API and where it is made."""

from litestar import Router
from litestar.di import Provide
from litestar.exceptions import ValidationException

from dezhi.web import limits
from dezhi.web.api import (
    audits,
    awards,
    backtests,
    bulk,
    cards,
    clearings,
    closings,
    drafts,
    entries,
    freezes,
    households,
    keeping,
    lint,
    plugins,
    precedents,
    programmes,
    redemptions,
    register,
    reports,
    rosters,
    seals,
    shadows,
    staff,
    statements,
    stopping,
    tokens,
    transfers,
    villages,
)
from dezhi.web.api.answering import Json
from dezhi.web.api.auth import Call, admit, provide_caller
from dezhi.web.api.bodies import StrictBody, on_invalid
from dezhi.web.arrival import API


def api_router(rate: int) -> Router:
    """The calls below `/api/v1`, with tokens in the place of sessions; at most `rate` a second for one token."""
    return Router(
        path=API,
        route_handlers=[
            awards.AwardCalls,
            awards.BatchCalls,
            bulk.BulkCalls,
            households.HouseholdCalls,
            households.RegisterCalls,
            statements.StatementCalls,
            freezes.FreezeCalls,
            transfers.TransferCalls,
            transfers.PoolCalls,
            register.KeepingCalls,
            register.OpeningCalls,
            register.PersonCalls,
            cards.VillageCardCalls,
            cards.CardCalls,
            redemptions.HouseholdRedemptionCalls,
            redemptions.WaitingCalls,
            redemptions.RedemptionCalls,
            entries.VillageEntryCalls,
            audits.AuditCalls,
            entries.EntryCalls,
            entries.BatchEntryCalls,
            seals.SealCalls,
            seals.ReceiptCalls,
            villages.VillageCalls,
            reports.ReportCalls,
            rosters.RosterCalls,
            plugins.PluginCalls,
            programmes.ProgrammeCalls,
            drafts.DraftCalls,
            precedents.PrecedentCalls,
            stopping.StoppingCalls,
            keeping.LiabilityCalls,
            backtests.BacktestCalls,
            lint.LintCalls,
            shadows.ShadowCalls,
            clearings.ClearingCalls,
            closings.ClosingCalls,
            closings.OverdraftCalls,
            staff.StaffCalls,
            tokens.TokenCalls,
        ],
        middleware=limits.calls(rate),
        request_class=Call,
        dependencies={"visitor": Provide(provide_caller, sync_to_thread=False)},
        before_request=admit,
        dto=StrictBody,
        return_dto=None,
        response_class=Json,
        exception_handlers={ValidationException: on_invalid},
        include_in_schema=True,
    )
