"""What is in use and what is wrong, as far as the data goes: folder, keys, database, clock, cache, plugins, backups.

It only looks: beside a running server, without its lock, changing nothing, asking nobody outside.
"""

import contextlib
import platform
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from dezhi import __version__
from dezhi.core.calendar import from_micros
from dezhi.core.errors import Problem
from dezhi.core.findings import Finding, error, ok, warning
from dezhi.core.text import N_, Text, phrase
from dezhi.host import Directory
from dezhi.host.stored import FOLDER as PLUGINS
from dezhi.service import backups
from dezhi.service.demo import mark as demo
from dezhi.settings import Settings
from dezhi.store import checkup, keys
from dezhi.store.checkup import Looked, Server

ROOM_WARN: Final = 1_000_000_000
ROOM_MIN: Final = 100_000_000
"""Free bytes below which a book may soon not take another entry."""
CLOCK_WARN: Final = timedelta(seconds=5)
CLOCK_MAX: Final = timedelta(seconds=60)
"""How far this machine and the database server may be apart: around midnight it decides the day of a deed."""
BACKUP_OLD: Final = timedelta(days=7)
OTHERS: Final = 0o077
"""Anybody's rights but the owner's."""


async def look(settings: Settings, now: datetime) -> AsyncIterator[Finding]:
    """Everything, one finding after another."""
    yield _versions()
    for finding in _folder(settings.data_dir):
        yield finding
    database = _server(settings, now) if settings.database_url else _file(settings, now)
    async for finding in database:
        yield finding
    yield await _cache(settings.redis_url)
    for finding in _plugins(settings):
        yield finding
    with contextlib.suppress(Problem):  # what is wrong with the database was told above
        for finding in await _held(settings):
            yield finding
    yield _backup(settings.data_dir, now)


def _versions() -> Finding:
    values = {"dezhi": __version__, "python": platform.python_version(), "sqlite": checkup.SQLITE}
    text = phrase(N_("德治 %(dezhi)s，Python %(python)s，SQLite %(sqlite)s"), **values)
    if checkup.SQLITE_IS_OLD:
        return error("versions", text, N_("SQLite 太旧，至少要 3.37。请换新一点的系统或 Python。"))
    return ok("versions", text)


# ── the data directory ──


def _folder(data_dir: Path) -> Iterator[Finding]:
    place = {"place": str(data_dir.absolute())}
    ground = next(parent for parent in (data_dir.absolute(), *data_dir.absolute().parents) if parent.exists())
    try:
        # Tried, not asked: rights, a read-only disk and a full one all show.
        with tempfile.TemporaryFile(dir=ground) as file:
            file.write(bytes(4096))
            file.flush()
        free = shutil.disk_usage(ground).free
    except OSError as trouble:
        text = phrase(N_("数据目录 %(place)s 写不进去（%(reason)s）"), reason=trouble.strerror or str(trouble), **place)
        yield error("data-dir", text, N_("请把它交给运行德治的用户：chown，或者用 DEZHI_DATA_DIR 换一个目录。"))
        return
    if free < ROOM_WARN:
        text = phrase(N_("硬盘快满了：%(place)s 只剩 %(free)s MB"), free=free // 1_000_000, **place)
        step = N_("请清理硬盘，或者把数据目录搬到大一点的盘上。硬盘满了就记不上账，已经记上的不会丢。")
        yield (error if free < ROOM_MIN else warning)("room", text, step)
    if demo.read(data_dir) is not None:
        yield ok("data-dir", phrase(N_("数据目录 %(place)s，里面是演示数据"), **place))
    else:
        yield ok("data-dir", phrase(N_("数据目录 %(place)s"), **place))
    yield from _keys(data_dir)


def _keys(data_dir: Path) -> Iterator[Finding]:
    folder = data_dir / keys.FOLDER
    if not folder.is_dir():
        return
    paths = [folder, *sorted(path for path in folder.iterdir() if path.is_file())]
    open_to_others = [str(path) for path in paths if path.stat().st_mode & OTHERS]
    if open_to_others:
        text = phrase(N_("密钥别人也能看：%(paths)s"), paths="、".join(open_to_others))
        yield error("keys-open", text, phrase(N_("请运行 chmod -R go= %(folder)s"), folder=str(folder)))
    broken = [path.name for path in paths[1:] if path.stat().st_size != keys.KEY_BYTES]
    if broken:
        text = phrase(N_("密钥坏了：%(names)s"), names="、".join(broken))
        yield error("keys-broken", text, N_("请从 dezhi backup-keys 存的文件里恢复。"))
    elif not open_to_others:
        yield ok("keys", N_("密钥只有运行德治的用户能看"))


# ── the database ──


async def _file(settings: Settings, now: datetime) -> AsyncIterator[Finding]:
    try:
        looked = await checkup.look_at_file(settings.data_dir)
    except Problem as trouble:
        yield error(
            "database",
            trouble.phrase,
            N_("请先停掉德治，把数据目录整个复制一份留着，再用 dezhi restore 恢复最近的备份。"),
        )
        return
    if settings.workers > 1:
        text = phrase(N_("SQLite 只能由一个进程来写，设了 %(workers)s 个"), workers=settings.workers)
        yield error("workers", text, N_("请把 DEZHI_WORKERS 设成 1，或者用 DEZHI_DATABASE_URL 换成 PostgreSQL。"))
    if looked is None:
        yield ok("database", N_("还没有数据库：第一次运行 dezhi serve 时会建好"))
        return
    yield ok("database", phrase(N_("数据库是 %(version)s，在数据目录里"), version=looked.version))
    yield _migrations(looked, warning, N_("升级前请先 dezhi backup；下次启动时会自动改好。"))
    for finding in _about(looked, settings.data_dir, now):
        yield finding


async def _server(settings: Settings, now: datetime) -> AsyncIterator[Finding]:
    try:
        looked, server = await checkup.look_at_server(settings.database_url)
    except Problem as trouble:
        step = N_("请检查 DEZHI_DATABASE_URL，看看数据库开着没有、这台机器连得到没有、密码对不对。")
        yield error("database", trouble.phrase, step)
        return
    values = {"version": looked.version, "host": _where(settings.database_url)}
    yield ok("database", phrase(N_("数据库是 %(host)s 上的 %(version)s"), **values))
    yield _migrations(looked, error, N_("请先 dezhi backup，再用表的主人（DEZHI_MIGRATE_URL）运行 dezhi migrate。"))
    for wrong in server.wrong_grants[:5]:
        # What it may not do stops the work; what it may do too much is a door that nobody has gone through yet.
        found = error if wrong.code == "grant_missing" else warning
        yield found("grants", wrong.phrase, N_("请用表的主人（DEZHI_MIGRATE_URL）运行 dezhi migrate。"))
    if server.careless:
        text = phrase(N_("数据库停电时会丢刚记的账：%(settings)s"), settings="、".join(server.careless))
        yield error("durability", text, N_("请在 postgresql.conf 里改回 on，再重启数据库。"))
    wanted = settings.workers * checkup.CONNECTIONS_EACH
    if wanted > server.connections_max:
        text = phrase(
            N_("%(workers)s 个进程最多要 %(wanted)s 个连接，数据库只给 %(most)s 个"),
            workers=settings.workers,
            wanted=wanted,
            most=server.connections_max,
        )
        yield warning("connections", text, N_("请减少 DEZHI_WORKERS，或者调大 PostgreSQL 的 max_connections。"))
    for finding in (*_about(looked, settings.data_dir, now), _apart(server, now)):
        yield finding


def _where(url: str) -> str:
    """The server and database of an address, without who and how."""
    parts = urlsplit(url)
    return f"{parts.hostname or 'localhost'}:{parts.port or 5432}{parts.path}"


def _migrations(looked: Looked, found: Callable[[str, Text, Text], Finding], step: str) -> Finding:
    """Whether the tables are this program's; a file mends itself at the next start, a server keeps Dezhi from it."""
    ours = checkup.known()
    newer, pending = set(looked.ran) - set(ours), [name for name in ours if name not in looked.ran]
    if newer:
        text = phrase(N_("数据库是更新版本的德治用过的（%(name)s）"), name=max(newer))
        return error("migrations", text, N_("请换回新版本的程序；这个版本不会打开它。"))
    if pending:
        return found("migrations", phrase(N_("数据库的表还差 %(count)s 步"), count=len(pending)), step)
    return ok("migrations", N_("数据库的表和程序是同一个版本"))


def _about(looked: Looked, data_dir: Path, now: datetime) -> Iterator[Finding]:
    """What the rows tell: cards without their key, and entries from the future."""
    if looked.cards and "pins" not in keys.read_all(data_dir):
        text = phrase(N_("发了 %(cards)s 张存折卡，却没有密钥 pins：所有 PIN 都不能用"), cards=looked.cards)
        yield error("keys-missing", text, N_("请从 dezhi backup-keys 存的文件里恢复；找不到了，就在服务台重设 PIN。"))
    written = datetime.fromisoformat(checkup.known()[-1][:10]).replace(tzinfo=UTC)
    last = from_micros(looked.last_posted_at)
    newest = max(last, written - timedelta(days=1))
    if now < newest:
        values = {"now": f"{now.astimezone():%Y-%m-%d %H:%M}", "last": f"{newest.astimezone():%Y-%m-%d %H:%M}"}
        text = phrase(N_("本机的钟慢了：现在是 %(now)s，可是 %(last)s 已经有过记录"), **values)
        yield error("clock", text, N_("请把本机的时间校准（timedatectl set-ntp true），再记账。"))
    else:
        yield ok("clock", N_("本机的钟没有落在最后一笔账的后面"))


def _apart(server: Server, now: datetime) -> Finding:
    apart = abs(server.now - now)
    if apart < CLOCK_WARN:
        return ok("clock-server", N_("本机和数据库的钟是一致的"))
    text = phrase(N_("本机和数据库的钟差 %(seconds)s 秒"), seconds=round(apart.total_seconds()))
    step = N_("请在两台机器上都打开自动对时（timedatectl set-ntp true）。")
    return (error if apart > CLOCK_MAX else warning)("clock-server", text, step)


# ── around the database ──


async def _cache(url: str) -> Finding:
    if not url:
        return ok("cache", N_("没有用 Redis 或 Valkey：一台机器用不着"))
    # late: the client takes 0.3 s and 23 MB, and most installations have none
    from dezhi.store.cache import Cache

    step = N_("没有它也能用，只是几个进程不共享限速和即时更新。请检查 DEZHI_REDIS_URL，看看它开着没有。")
    try:
        cache = Cache(url)
    except ValueError:
        return warning("cache", N_("DEZHI_REDIS_URL 不是 redis://… 或 rediss://… 的地址"), step)
    try:
        trouble = await cache.trouble()
    finally:
        await cache.close()
    host = urlsplit(url).hostname or "localhost"
    if trouble:
        return warning(
            "cache", phrase(N_("%(host)s 上的 Redis 或 Valkey 不答应（%(reason)s）"), host=host, reason=trouble), step
        )
    return ok("cache", phrase(N_("%(host)s 上的 Redis 或 Valkey 答应"), host=host))


async def _held(settings: Settings) -> Sequence[Finding]:
    step = N_("请在乡镇的方案页看一看原因，修好以后点“再试一次”。")
    text = N_("插件 %(plugin)s %(version)s 停用观察了（%(reason)s）")
    return [
        warning("plugin-held", phrase(text, plugin=plugin, version=version, reason=reason), step)
        for plugin, version, reason in await checkup.plugins_held(settings.data_dir, settings.database_url)
    ]


def _plugins(settings: Settings) -> Iterator[Finding]:
    if settings.safe_mode:
        yield warning("safe-mode", N_("安全模式：插件都不运行"), N_("修好以后去掉 DEZHI_SAFE_MODE，再启动一次。"))
    directory = Directory.installed(settings.data_dir / PLUGINS)
    directory.close()
    for fault in directory.faults:
        yield warning("plugin", fault.problem.phrase, N_("没有启用它的村不受影响。请运行 dezhi plugin list 看一看。"))
    names = "、".join(f"{one.name} {one.version}" for one in directory.every())
    if names:
        yield ok("plugins", phrase(N_("插件：%(names)s"), names=names))
    else:
        yield warning(
            "plugins", N_("没有装插件：村里没有可记的事"), N_("请安装一个插件，例如 pip install dezhi-yinger。")
        )


def _backup(data_dir: Path, now: datetime) -> Finding:
    step = N_("请运行 dezhi backup，把文件放到另一台机器或 U 盘上，最好每天一次。")
    with contextlib.suppress(OSError):
        last = backups.last(data_dir)
        if last is None:
            return warning("backup", N_("这里还没有做过备份"), step)
        values = {"at": f"{last.at.astimezone():%Y-%m-%d %H:%M}", "file": last.file}
        text = phrase(N_("最近一次备份是 %(at)s：%(file)s"), **values)
        return warning("backup", text, step) if now - last.at > BACKUP_OLD else ok("backup", text)
    return warning("backup", N_("看不到最近一次备份的记录"), step)
