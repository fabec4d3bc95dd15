"""Places, people, cards, staff, sessions and programmes.

The SQL is the same for SQLite and PostgreSQL but for the name of the bytes type. Partial
unique indices guard what must be single *now* while the past may repeat: a household
number in a village, a person's household, a household's head, a holder's card.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from dezhi.store.ddl import build

ID = "2026-11-22T02:55:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "places, people, cards, staff, sessions, programmes"

STATEMENTS = (
    """
    CREATE TABLE region (
        id BIGINT NOT NULL PRIMARY KEY,
        code VARCHAR(32) NOT NULL,
        level VARCHAR(16) NOT NULL CHECK (level IN
            ('province', 'city', 'county', 'township', 'village', 'grid', 'group')),
        name VARCHAR(60) NOT NULL CHECK (name <> ''),
        parent BIGINT REFERENCES region (id),
        valid_from DATE NOT NULL,
        valid_to DATE CHECK (valid_to >= valid_from),
        merged_into BIGINT REFERENCES region (id),
        CHECK (level IN ('grid', 'group') OR length(code) = 12),
        CHECK ((parent IS NULL) = (level = 'province'))
    )
    """,
    "CREATE UNIQUE INDEX region_code_now ON region (code) WHERE valid_to IS NULL AND level NOT IN ('grid', 'group')",
    "CREATE UNIQUE INDEX region_local_code_now ON region (parent, level, code) WHERE valid_to IS NULL",
    """
    CREATE TABLE household (
        id BIGINT NOT NULL PRIMARY KEY CHECK (id > 0),
        opened_on DATE NOT NULL,
        closed_on DATE CHECK (closed_on >= opened_on)
    )
    """,
    """
    CREATE TABLE residence (
        id BIGINT NOT NULL PRIMARY KEY,
        household BIGINT NOT NULL REFERENCES household (id),
        village BIGINT NOT NULL REFERENCES region (id),
        grid BIGINT REFERENCES region (id),
        number VARCHAR(20) NOT NULL CHECK (number <> ''),
        address VARCHAR(120) NOT NULL,
        valid_from DATE NOT NULL,
        valid_to DATE CHECK (valid_to >= valid_from)
    )
    """,
    "CREATE UNIQUE INDEX residence_number_now ON residence (village, number) WHERE valid_to IS NULL",
    "CREATE UNIQUE INDEX residence_household_now ON residence (household) WHERE valid_to IS NULL",
    "CREATE INDEX residence_household ON residence (household, valid_from)",
    "CREATE INDEX residence_grid ON residence (grid)",
    """
    CREATE TABLE person (
        id BIGINT NOT NULL PRIMARY KEY CHECK (id > 0),
        name VARCHAR(60) NOT NULL CHECK (name <> ''),
        pinyin VARCHAR(240) NOT NULL,
        initials VARCHAR(60) NOT NULL,
        birth_date DATE
    )
    """,
    """
    CREATE TABLE membership (
        id BIGINT NOT NULL PRIMARY KEY,
        person BIGINT NOT NULL REFERENCES person (id),
        household BIGINT NOT NULL REFERENCES household (id),
        relation VARCHAR(12) NOT NULL,
        is_head BOOLEAN NOT NULL,
        valid_from DATE NOT NULL,
        valid_to DATE CHECK (valid_to >= valid_from)
    )
    """,
    "CREATE UNIQUE INDEX membership_person_now ON membership (person) WHERE valid_to IS NULL",
    "CREATE UNIQUE INDEX membership_head_now ON membership (household) WHERE valid_to IS NULL AND is_head",
    "CREATE INDEX membership_person ON membership (person, valid_from)",
    "CREATE INDEX membership_household ON membership (household, valid_from)",
    """
    CREATE TABLE board_choice (
        household BIGINT NOT NULL PRIMARY KEY REFERENCES household (id),
        opted_in BOOLEAN NOT NULL,
        changed_at TIMESTAMPTZ NOT NULL,
        changed_by VARCHAR(40) NOT NULL
    )
    """,
    """
    CREATE TABLE card (
        id BIGINT NOT NULL PRIMARY KEY,
        number VARCHAR(16) NOT NULL UNIQUE,
        token VARCHAR(32) NOT NULL UNIQUE,
        holder_kind VARCHAR(12) NOT NULL CHECK (holder_kind IN ('household', 'person')),
        holder BIGINT NOT NULL,
        pin_hash TEXT NOT NULL,
        state VARCHAR(12) NOT NULL CHECK (state IN ('active', 'revoked')),
        issued_at TIMESTAMPTZ NOT NULL,
        revoked_at TIMESTAMPTZ,
        reason VARCHAR(200) NOT NULL,
        CHECK ((state = 'revoked') = (revoked_at IS NOT NULL))
    )
    """,
    "CREATE UNIQUE INDEX card_holder_now ON card (holder_kind, holder) WHERE state = 'active'",
    """
    CREATE TABLE staff (
        id BIGINT NOT NULL PRIMARY KEY,
        login VARCHAR(40) NOT NULL UNIQUE,
        name VARCHAR(60) NOT NULL CHECK (name <> ''),
        person BIGINT REFERENCES person (id),
        password_hash TEXT NOT NULL,
        must_change BOOLEAN NOT NULL,
        state VARCHAR(12) NOT NULL CHECK (state IN ('active', 'disabled')),
        created_at TIMESTAMPTZ NOT NULL
    )
    """,
    """
    CREATE TABLE staff_role (
        id BIGINT NOT NULL PRIMARY KEY,
        staff BIGINT NOT NULL REFERENCES staff (id),
        role VARCHAR(16) NOT NULL,
        region BIGINT NOT NULL REFERENCES region (id),
        valid_from DATE NOT NULL,
        valid_to DATE CHECK (valid_to >= valid_from)
    )
    """,
    "CREATE UNIQUE INDEX staff_role_now ON staff_role (staff, role, region) WHERE valid_to IS NULL",
    """
    CREATE TABLE login_guard (
        subject VARCHAR(80) NOT NULL PRIMARY KEY,
        failures INTEGER NOT NULL CHECK (failures >= 0),
        failed_at TIMESTAMPTZ NOT NULL,
        locked_until TIMESTAMPTZ
    )
    """,
    """
    CREATE TABLE setup_token (
        digest VARCHAR(64) NOT NULL PRIMARY KEY,
        created_at TIMESTAMPTZ NOT NULL,
        used_at TIMESTAMPTZ
    )
    """,
    """
    CREATE TABLE session (
        key VARCHAR(64) NOT NULL PRIMARY KEY,
        data {bytes} NOT NULL,
        expires_at TIMESTAMPTZ
    )
    """,
    "CREATE INDEX session_expires ON session (expires_at)",
    """
    CREATE TABLE programme (
        id BIGINT NOT NULL PRIMARY KEY,
        lineage BIGINT NOT NULL,
        village BIGINT NOT NULL REFERENCES region (id),
        version INTEGER NOT NULL CHECK (version > 0),
        title VARCHAR(60) NOT NULL,
        effective_from DATE NOT NULL,
        document JSON NOT NULL,
        items JSON NOT NULL,
        derived_from BIGINT REFERENCES programme (id),
        resolution JSON,
        created_by BIGINT REFERENCES staff (id),
        created_at TIMESTAMPTZ NOT NULL,
        UNIQUE (lineage, version),
        UNIQUE (village, version)
    )
    """,
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="dezhi", description=DESCRIPTION)

    async def create() -> None:
        await build(STATEMENTS)

    manager.add_raw(create)
    return manager
