"""The composition root: settings in, a ready installation out. Nothing else builds objects."""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime

from litestar import Litestar
from litestar.stores.base import Store

from dezhi.core.calendar import Clock, today
from dezhi.core.programmes import Programme
from dezhi.core.watch import UNWATCHED, Watch
from dezhi.host import Directory, Rosters
from dezhi.host.stored import FOLDER as PLUGINS
from dezhi.plugin import Programme as Context
from dezhi.service import audits
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
from dezhi.service.demo.mark import refuse_demo
from dezhi.service.drafts import Drafts
from dezhi.service.freezes import Freezes
from dezhi.service.guesses import Guesses
from dezhi.service.health import Health
from dezhi.service.house import House
from dezhi.service.imports import Imports
from dezhi.service.journal import Journal
from dezhi.service.liabilities import Liabilities
from dezhi.service.nightly import Job, Nightly
from dezhi.service.notices import Notices
from dezhi.service.offers import offer_of
from dezhi.service.openings import Openings
from dezhi.service.papers import Papers
from dezhi.service.passbooks import Passbooks
from dezhi.service.people import People
from dezhi.service.places import Places
from dezhi.service.plugins import Plugins
from dezhi.service.precedents import Precedents, Proposing
from dezhi.service.previews import Previews
from dezhi.service.programmes import AskItems, NeedsResolution, Offered, Programmes
from dezhi.service.public import Public
from dezhi.service.quarantines import Quarantines
from dezhi.service.redemptions import Redemptions
from dezhi.service.reports import Reports
from dezhi.service.rosters import RosterDesk
from dezhi.service.schedules import Schedules
from dezhi.service.seals import Seals, key_reader
from dezhi.service.secrets import Secrets
from dezhi.service.sentences import Sentences
from dezhi.service.sessions import Sessions
from dezhi.service.setup import Setup
from dezhi.service.shadows import Shadows
from dezhi.service.shared import Shared, Wire
from dezhi.service.sheets import Sheets
from dezhi.service.staff import StaffDesk
from dezhi.service.statements import Statements
from dezhi.service.stopping import Stopping
from dezhi.service.sweeps import Sweeps
from dezhi.service.tokens import Tokens
from dezhi.service.transfers import Transfers
from dezhi.service.trials import Trials
from dezhi.service.undoing import Undoing
from dezhi.settings import Settings
from dezhi.store.database import Database, connect
from dezhi.store.poster import Poster
from dezhi.web.live import Live
from dezhi.web.memory import ProcessStore
from dezhi.web.site import site


def utc_now() -> datetime:
    """The machine's clock, read nowhere else."""
    return datetime.now(UTC)


async def furnish(
    settings: Settings, clock: Clock = utc_now, directory: Directory | None = None, watch: Watch = UNWATCHED
) -> House:
    """Open the database of `settings.data_dir` and build every use case on it.

    Raises `OSError` when the directory cannot be used, `Problem` when another process serves it already, or when a
    demo's data is to be served without the demo.
    """
    if not settings.demo:
        refuse_demo(settings.data_dir)
    database = await connect(settings.data_dir, settings.database_url, watch=watch)
    there = directory or Directory.installed(
        settings.data_dir / PLUGINS, settings.with_plugins, safe=settings.safe_mode
    )
    return _house(settings, database, clock, there, watch)


def _house(settings: Settings, database: Database, clock: Clock, directory: Directory, watch: Watch) -> House:
    """Every use case on an open database."""
    shared = _cache(settings, database)
    poster = Poster(database.engine, clock, watch)
    secrets = Secrets(database, clock, database.key("pins"))
    places = Places(database, clock)
    people = People(database, clock)
    staff = StaffDesk(database, clock, secrets)
    quarantines = Quarantines(database, directory, clock)
    sheets = Sheets(database, Rosters(directory, watch=watch), quarantines)
    sessions = Sessions(database, clock)
    programmes = Programmes(database, clock, _ask_items(directory, clock), _needs_resolution(directory))
    plugins = Plugins(directory)
    drafts = Drafts(database, clock, programmes, plugins)
    awards = Awards(database, poster, sheets, people, clock)
    bulk = Bulk(database, poster, awards, people)
    boards = Boards(database, sheets, people, clock, shared)
    journal = Journal(database, poster, sheets, clock)
    clearings = Clearings(database, poster, sheets, people, clock)
    schedules = Schedules(database, sheets, places, people, staff, awards, clock)
    sweeps = Sweeps(database, poster, clearings, clock)
    seals = Seals(database, clock, key_reader(database, settings.seal_key))
    notices = Notices(database, poster, sheets, clock)
    backtests = Backtests(database, directory, sheets, people, clock)
    shadows = Shadows(database, backtests, places, clock)
    nightly = Nightly(
        database,
        clock,
        [
            Job("notices", notices.close_due),
            # What has ended comes first, so that the night's seal and audit know of it.
            schedules.nightly(),
            sweeps.nightly(),
            shadows.nightly(),
            Job("seal", seals.nightly),
            audits.nightly(settings.data_dir, settings.database_url),
        ],
    )
    return House(
        database=database,
        poster=poster,
        clock=clock,
        watch=watch,
        demo=settings.demo,
        directory=directory,
        secrets=secrets,
        places=places,
        people=people,
        rosters=RosterDesk(database, clock, places),
        cards=Cards(database, clock, secrets, people),
        staff=staff,
        setup=Setup(database, clock, places, staff),
        sessions=sessions,
        programmes=programmes,
        stopping=Stopping(database, clock, programmes),
        plugins=plugins,
        quarantines=quarantines,
        drafts=drafts,
        precedents=Proposing(Precedents(database, sheets), drafts, programmes),
        papers=Papers(database, clock),
        previews=Previews(sessions),
        sheets=sheets,
        awards=awards,
        bulk=bulk,
        imports=Imports(database, bulk, Openings(poster, awards, bulk, clock), people, places, sheets),
        guesses=Guesses(database),
        redemptions=Redemptions(database, poster, sheets, people, clock),
        passbooks=Passbooks(database, sheets, people, clock),
        statements=Statements(database, sheets, people),
        liabilities=Liabilities(database, sheets, clock),
        backtests=backtests,
        shadows=shadows,
        trials=Trials(backtests, sessions, clock),
        clearings=clearings,
        sweeps=sweeps,
        closings=Closings(database, poster, sheets, clock),
        freezes=Freezes(database, poster, sheets, clock),
        transfers=Transfers(database, poster, sheets, clock),
        boards=boards,
        public=Public(database, places, people, sheets, boards, clock, settings.home or None),
        journal=journal,
        undoing=Undoing(journal, clock),
        acts=Acts(database, clock),
        health=Health(database, shared),
        nightly=nightly,
        notices=notices,
        audits=Audits(nightly),
        reports=Reports(database, sheets, people, clock),
        schedules=schedules,
        seals=seals,
        sentences=Sentences(database, clock),
        tokens=Tokens(database, clock),
        answers=Answers(database, clock),
        shared=shared,
    )


def _cache(settings: Settings, database: Database) -> Shared | None:
    if not settings.redis_url:
        return None
    from dezhi.store.cache import Cache  # late: its client takes 0.3 s and 23 MB, and most installations have none

    # Every process of an installation has this key, and no other installation does.
    return Cache(settings.redis_url, "dezhi-" + hashlib.sha256(database.key("csrf")).hexdigest()[:12])


async def build(
    settings: Settings, clock: Clock = utc_now, directory: Directory | None = None
) -> tuple[House, Litestar]:
    """A furnished house and its web site."""
    if not settings.metrics_token:
        house = await furnish(settings, clock, directory)
        live = _live(house, settings)
        return house, site(house, settings, live, _store_maker(house))
    # late: prometheus_client weighs 5 MB, and most villages read no metrics
    from dezhi.web.metrics import Metrics

    metrics = Metrics(settings.metrics_token)
    house = await furnish(settings, clock, directory, metrics)
    live = _live(house, settings)
    metrics.look_at(lambda: (house.poster.waiting, *house.database.connections))
    stores = _store_maker(house)
    return house, site(house, settings, live, stores, more=[metrics.handler()], lifespan=[metrics.sampling])


def _live(house: House, settings: Settings) -> Live:
    """Live updates, told of every commit; between processes over Redis, else over the PostgreSQL they share."""
    wire: Wire | None = house.shared
    if wire is None and settings.database_url:
        from dezhi.store.notices import Notices  # late: a village on SQLite needs no driver

        wire = Notices(settings.database_url)
    live = Live(wire)
    house.poster.moved = live.moved
    return live


def _store_maker(house: House) -> Callable[[str], Store]:
    """How Litestar's parts get their stores: shared where a Redis is set, else in this process's memory."""
    if house.shared is None:
        return lambda _: ProcessStore()
    from dezhi.store.cache import Cache  # late: as in _cache
    from dezhi.web.stores import SharedStore  # late: as in _cache

    cache = house.shared
    return (lambda name: SharedStore(cache, name)) if isinstance(cache, Cache) else (lambda _: ProcessStore())


def _needs_resolution(directory: Directory) -> NeedsResolution:
    """Which plugins say that only the villagers may adopt them; one that is not here cannot be adopted at all."""

    def needs(name: str) -> bool:
        plugin = directory.plugins.get(name)
        return plugin is not None and plugin.declaration.needs_resolution

    return needs


def _ask_items(directory: Directory, clock: Clock) -> AskItems:
    """How a new version learns its items: every enabled plugin must be here, sound, and accept its settings."""

    def ask(draft: Programme, before: Programme | None) -> Offered:
        context = Context(id=draft.lineage, version=draft.version, village=draft.village, today=today(clock()))
        return offer_of(directory, draft.document, context, before)

    return ask
