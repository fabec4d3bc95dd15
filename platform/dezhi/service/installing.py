"""Installing a plugin from a file, and taking one away: by the operator, off line, beside a running server."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

import msgspec

from dezhi.core import calendar
from dezhi.core.errors import Problem
from dezhi.core.programmes import Document, Enabled
from dezhi.core.redlines import red_line
from dezhi.core.text import N_
from dezhi.host import Directory, stored
from dezhi.host.apart import look_over_apart
from dezhi.host.chambers import Chambers
from dezhi.host.deadline import TookTooLong
from dezhi.host.directory import taken_name
from dezhi.host.inspection import Installed, check_sources
from dezhi.host.packages import Package, read_package
from dezhi.host.signatures import signer_of, trusted_keys
from dezhi.host.trouble import ClockOrChance, Died, OutOfMemory, PluginRaised
from dezhi.plugin import Programme as Context
from dezhi.service.offers import offer_of
from dezhi.settings import Settings
from dezhi.store import checkup


class Offered(msgspec.Struct, frozen=True, kw_only=True):
    """A plugin's file that was read; nothing of it has run. `signer` is empty for a file nobody signed."""

    package: Package
    signer: str


class Ready(msgspec.Struct, frozen=True, kw_only=True):
    """A plugin that was judged and tried, and may be kept."""

    package: Package
    folder: Path
    signer: str
    again: bool


def look_at(settings: Settings, file: Path, signature: Path | None) -> Offered:
    """Read a plugin's file and find its signer, so that both can be shown before anything of it runs.

    Raises `Problem` for what is no plugin, and for a signature of nobody who is trusted here; OSError.
    """
    return Offered(package=read_package(file), signer=_signer(settings, file, signature))


@contextmanager
def prepare(settings: Settings, offered: Offered, now: datetime, *, unsigned: bool) -> Iterator[Ready]:
    """Judge and try a plugin; it is in use only once `keep` was called within the block.

    Raises `Problem` with why it cannot be installed, `package-unsigned` unless `unsigned`, and OSError; nothing is left
    behind then.
    """
    package, signer = offered.package, offered.signer
    if not (signer or unsigned):
        text = N_("没有安装：这个文件没有签名。确实信得过它，就加上 --unsigned；网页上会写明“没有签名”。")
        raise Problem("package-unsigned", text)
    store = settings.data_dir / stored.FOLDER
    again = _refuse_taken(store, package)
    if wrong := taken_name(package.manifest.name, signer):
        raise wrong
    folder = stored.unpack(store, package)
    try:
        check_sources(package.manifest.name, folder)
        _try(package, folder, calendar.today(now))
        yield Ready(package=package, folder=folder, signer=signer, again=again)
    finally:
        stored.discard(folder)


def keep(settings: Settings, ready: Ready, now: datetime) -> stored.Stored:
    """Put it in its place. Running servers see it within a second or two."""
    return stored.put(settings.data_dir / stored.FOLDER, ready.package, ready.folder, ready.signer, now)


async def uninstall(settings: Settings, name: str, version: str, now: datetime, *, force: bool) -> None:
    """Take a version away. What was booked by it stays, and stays readable.

    Raises Problem `plugin-not-filed` (404), and `plugin-in-use` (409) naming the villages, unless `force`.
    """
    store = settings.data_dir / stored.FOLDER
    if (name, version) not in stored.names(store):
        text = N_("没有从文件装过插件 %(plugin)s 的 %(version)s 版。用 dezhi plugin list 看看装了哪些。")
        raise Problem("plugin-not-filed", text, status=404, plugin=name[:60], version=version[:32])
    if not force:
        uses = await checkup.plugins_in_use(settings.data_dir, settings.database_url, calendar.today(now))
        villages = sorted({use.village for use in uses if (use.plugin, use.version) == (name, version)})
        if villages:
            text = N_(
                "没有卸载：%(villages)s的方案正在用插件 %(plugin)s 的 %(version)s 版。"
                "请先在方案里停用，或者加 --force。"
            )
            raise Problem(
                "plugin-in-use", text, status=409, villages="、".join(villages[:10]), plugin=name, version=version
            )
    stored.remove(store, name, version)


def _signer(settings: Settings, file: Path, signature: Path | None) -> str:
    """Say who signed a file, empty for nobody; beside it, `FILE.sig` is looked for."""
    beside = file.with_name(f"{file.name}.sig")
    if signature is None and beside.is_file():
        signature = beside
    if signature is not None and file.is_file():
        keys = trusted_keys(settings.plugin_keys)
        return signer_of(file.read_bytes(), signature.read_bytes(), keys)
    return ""


def _refuse_taken(store: Path, package: Package) -> bool:
    """Refuse a version that is here with other contents; tell whether this very file was installed before."""
    name, version = package.manifest.name, package.manifest.version
    environment = Directory.installed()
    there = [one.version for one in environment.versions(name)]
    environment.close()
    if version in there:
        text = N_("没有安装：插件 %(plugin)s 的 %(version)s 版已经装在 Python 环境里了。")
        raise Problem("version-there", text, status=409, plugin=name, version=version)
    place = store / name / version
    if (place / package.sha).is_dir():
        return True
    if place.is_dir() and any(place.iterdir()):
        text = N_(
            "没有安装：插件 %(plugin)s 的 %(version)s 版已经装了另一个文件。同一版只能有一个样子：请换个版本号，"
            "或者先卸载那一个。"
        )
        raise Problem("version-taken", text, status=409, plugin=name, version=version)
    return False


def _try(package: Package, folder: Path, today: date) -> None:
    """Read it in and ask it once, in a chamber of its own: what fails there would fail in every village."""
    chambers = Chambers()
    name = package.manifest.name
    text = N_("没有安装：插件 %(plugin)s 一打开就出错（%(why)s）。请告诉插件作者。")
    try:
        _offer(look_over_apart(chambers, package.manifest, folder, package.toml), today)
    except PluginRaised as error:
        raise Problem("plugin-import", text, plugin=name, why=f"{error.kind}: {error}"[:300]) from error
    except ClockOrChance as error:
        raise Problem("plugin-import", text, plugin=name, why=str(error)) from error
    except TookTooLong as error:
        raise Problem("plugin-import", text, plugin=name, why="import: > 2 s") from error
    except (Died, OutOfMemory) as error:
        raise Problem("plugin-import", text, plugin=name, why=type(error).__name__) from error
    finally:
        chambers.close()


def _offer(plugin: Installed, today: date) -> None:
    """Ask what it offers with its settings as they are at first, for so every village switches it on.

    Raises Problem `plugin-unusable` for what no village could adopt.
    """
    document = Document(plugins={plugin.name: Enabled(version=plugin.version)})
    context = Context(id=0, version=1, village=0, today=today)
    text = N_("没有安装：哪个村都启用不了它。%(why)s")
    try:
        offered = offer_of(Directory(ready=[plugin]), document, context)
    except Problem as problem:
        raise Problem("plugin-unusable", text, why=problem.phrase) from problem
    if crossed := red_line(offered.findings(document.plugins), offered.names()):
        raise Problem("plugin-unusable", text, why=crossed.phrase)
