"""For who looks after machines: is it alive, can it work. No log-in, no people. Figures are in `metrics.py`."""

from litestar import Controller, Response, get

from dezhi.service.health import Report
from dezhi.web.given import TheHouse

# Neither a session nor a visitor is looked up: these pages answer when the database does not.
BARE = {"skip_session": True, "exclude_from_csrf": True}


class Operating(Controller):
    """Health, for load balancers and supervisors."""

    @get("/health/live", opt=BARE)
    async def live(self) -> dict[str, str]:
        """Say that the process answers. Nothing else is looked at: a restart would mend nothing else."""
        return {"status": "live"}

    @get("/health/ready", opt=BARE)
    async def ready(self, house: TheHouse) -> Response[Report]:
        """Say whether requests can be served: 200, or 503 with the reason."""
        report = await house.health.report()
        return Response(report, status_code=200 if report.ready else 503)
