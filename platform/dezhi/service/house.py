"""Every use case of one installation, built once by `dezhi.app` and handed to the pages."""

from dataclasses import dataclass

from dezhi.core.calendar import Clock
from dezhi.core.watch import Watch
from dezhi.host import Directory
from dezhi.service.acts import Acts
from dezhi.service.answers import Answers
from dezhi.service.audits import Audits
from dezhi.service.awards import Awards
from dezhi.service.backtests import Backtests
from dezhi.service.boards import Boards
from dezhi.service.bulk import Bulk
from dezhi.service.cards import Cards
from dezhi.service.clearings import Clearings
from dezhi.service.closings import Closings
from dezhi.service.drafts import Drafts
from dezhi.service.freezes import Freezes
from dezhi.service.guesses import Guesses
from dezhi.service.health import Health
from dezhi.service.imports import Imports
from dezhi.service.journal import Journal
from dezhi.service.liabilities import Liabilities
from dezhi.service.nightly import Nightly
from dezhi.service.notices import Notices
from dezhi.service.papers import Papers
from dezhi.service.passbooks import Passbooks
from dezhi.service.people import People
from dezhi.service.places import Places
from dezhi.service.plugins import Plugins
from dezhi.service.precedents import Proposing
from dezhi.service.previews import Previews
from dezhi.service.programmes import Programmes
from dezhi.service.public import Public
from dezhi.service.quarantines import Quarantines
from dezhi.service.redemptions import Redemptions
from dezhi.service.reports import Reports
from dezhi.service.rosters import RosterDesk
from dezhi.service.schedules import Schedules
from dezhi.service.seals import Seals
from dezhi.service.secrets import Secrets
from dezhi.service.sentences import Sentences
from dezhi.service.sessions import Sessions
from dezhi.service.setup import Setup
from dezhi.service.shadows import Shadows
from dezhi.service.shared import Shared
from dezhi.service.sheets import Sheets
from dezhi.service.staff import StaffDesk
from dezhi.service.statements import Statements
from dezhi.service.stopping import Stopping
from dezhi.service.sweeps import Sweeps
from dezhi.service.tokens import Tokens
from dezhi.service.transfers import Transfers
from dezhi.service.trials import Trials
from dezhi.service.undoing import Undoing
from dezhi.store.database import Database
from dezhi.store.poster import Poster


@dataclass(frozen=True, kw_only=True, slots=True)
class House:
    """The use cases by their nouns. `demo` is true only where the demo township is served."""

    database: Database
    poster: Poster
    clock: Clock
    watch: Watch
    demo: bool
    directory: Directory
    secrets: Secrets
    places: Places
    people: People
    reports: Reports
    rosters: RosterDesk
    cards: Cards
    staff: StaffDesk
    setup: Setup
    sessions: Sessions
    programmes: Programmes
    stopping: Stopping
    plugins: Plugins
    quarantines: Quarantines
    drafts: Drafts
    precedents: Proposing
    papers: Papers
    previews: Previews
    sheets: Sheets
    awards: Awards
    bulk: Bulk
    imports: Imports
    guesses: Guesses
    redemptions: Redemptions
    passbooks: Passbooks
    statements: Statements
    liabilities: Liabilities
    backtests: Backtests
    shadows: Shadows
    trials: Trials
    clearings: Clearings
    sweeps: Sweeps
    closings: Closings
    freezes: Freezes
    transfers: Transfers
    boards: Boards
    public: Public
    journal: Journal
    undoing: Undoing
    acts: Acts
    health: Health
    nightly: Nightly
    notices: Notices
    audits: Audits
    schedules: Schedules
    seals: Seals
    sentences: Sentences
    tokens: Tokens
    answers: Answers
    shared: Shared | None = None
    """The Redis or Valkey of this installation, where one is set."""

    async def close(self) -> None:
        """Finish what waits to be booked, then close the database."""
        await self.trials.close()
        await self.poster.close()
        await self.quarantines.close()
        self.directory.close()
        if self.shared is not None:
            await self.shared.close()
        self.secrets.close()
        await self.database.close()
