"""Every plugin there is here: installed in the Python environment, from files, or lying in a folder under development.

Those of Dezhi itself and those under development run in this process; all others in a chamber. Each version is looked
over on its own, and one that is refused never stops another.
"""

import asyncio
import hashlib
import importlib
import importlib.util
import itertools
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from importlib import metadata
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import Final

import msgspec

from dezhi.core.errors import Problem
from dezhi.core.text import N_, phrase
from dezhi.host import inspection, stored
from dezhi.host.apart import look_over_apart
from dezhi.host.chambers import Chambers
from dezhi.host.deadline import LOAD_SECONDS, TookTooLong, within
from dezhi.host.inspection import Installed
from dezhi.host.loading import forget, import_folder
from dezhi.host.packages import GROUP, PROJECT, check_papers
from dezhi.host.places import place_of, tell_author
from dezhi.host.trouble import Died, OutOfMemory, PluginRaised
from dezhi.host.versions import choose, order
from dezhi.host.ward import Ward
from dezhi.plugin import Manifest

MANIFEST_FILE: Final = "plugin.toml"
OURS: Final = frozenset(
    {
        "dezhi-hello",
        "dezhi-safe-family",
        "dezhi-sanxian",
        "dezhi-sheet",
        "dezhi-store",
        "dezhi-volunteer",
        "dezhi-yinger",
    }
)
"""Distributions that come with Dezhi. Their plugins run in this process, as does whatever is under development."""


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """A package that says it is a plugin; `version` is its distribution's, None for a bare package.

    `apart`: it is a stranger's and runs in a chamber.
    """

    name: str
    package: str
    version: str | None = None
    apart: bool = False


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """A plugin that was found and refused, with the reason; `manifest` is there if that much could be read."""

    name: str
    problem: Problem
    manifest: Manifest | None = None
    detail: str = ""
    version: str = ""

    @property
    def text(self) -> str:
        """The reason in the source language."""
        return self.problem.say()


Found = list[Installed | Fault]


class Directory:
    """The plugins by name and version, and the refused ones. Nothing is skipped silently.

    `generation` grows whenever `refresh` found that something else is here, and with each plugin that is let go again:
    what was made from the directory before is then to be made anew.
    """

    def __init__(
        self,
        modules: Iterable[str | ModuleType] = (),
        *,
        candidates: Iterable[Candidate] = (),
        store: Path | None = None,
        folders: Iterable[Path] = (),
        ready: Iterable[Installed] = (),
        safe: bool = False,
    ) -> None:
        """Look over packages given by name or module, candidates of the environment, a store of files, and folders.

        `ready` are plugins that were looked over already. `safe` reads manifests only and runs nothing.
        """
        self.safe = safe
        self.ward = Ward()
        self.generation = 0
        self.turn = asyncio.Lock()
        """Held by whoever waits for the chamber beside the loop."""
        self._chambers = Chambers()
        self._store = store
        self._folders = tuple(folders)
        self._aliases = (f"dezhi_folder_{number}" for number in itertools.count())
        self._pulse = stored.pulse(store) if store else ""
        self._marks = {folder: _mark(folder) for folder in self._folders}
        self._fixed = [*self._look_at([*candidates, *(_bare(module) for module in modules)]), *ready]
        self._filed = self._look_into(store, {}) if store else {}
        self._open = {folder: self._look_at_folder(folder) for folder in self._folders}
        self._tell()

    @classmethod
    def installed(cls, store: Path | None = None, folders: Iterable[Path] = (), *, safe: bool = False) -> "Directory":
        """Look over every distribution with an entry point of the group `dezhi.plugins`, and what `store` holds."""
        points = metadata.entry_points(group=GROUP)
        candidates = {
            Candidate(
                name=point.name,
                package=point.value,
                version=point.dist.version if point.dist else None,
                apart=point.dist is None or point.dist.name not in OURS,
            )
            for point in points
        }
        return cls(candidates=candidates, store=store, folders=folders, safe=safe)

    def find(self, name: str, version: str | None = None) -> Installed | None:
        """Return a plugin in the version wanted, or in one that may stand in for it (`dezhi.host.versions`).

        Without a version, the newest.
        """
        there = self.versions(name)
        if version is None:
            return there[-1] if there else None
        chosen = choose(version, [one.version for one in there])
        return next((one for one in there if one.version == chosen), None)

    def versions(self, name: str) -> Sequence[Installed]:
        """Return every version of a plugin that may be asked, the newest last."""
        return self._by_name.get(name, ())

    def every(self) -> Sequence[Installed]:
        """Return every version of every plugin that may be asked."""
        return [one for name in sorted(self._by_name) for one in self._by_name[name]]

    def fault(self, name: str) -> Fault | None:
        """Return why a plugin is not here, if it was found and refused."""
        return next((fault for fault in self.faults if fault.name == name), None)

    async def refresh(self) -> bool:
        """Look again for what was installed, taken away or written since; tell whether anything was.

        What was installed is read in beside the loop: until that is done, things are as they were.
        """
        changed = False
        if self._store and (pulse := stored.pulse(self._store)) != self._pulse:
            self._pulse = pulse
            self._filed = await asyncio.to_thread(self._look_into, self._store, self._filed)
            changed = True
        for folder in self._folders:
            if (mark := _mark(folder)) != self._marks[folder]:
                self._marks[folder] = mark
                self._open[folder] = self._look_at_folder(folder)
                changed = True
                _tell_author(self._open[folder])
        if changed:
            self._tell()
            self.renew()
        return changed

    def renew(self) -> None:
        """Have everything that was made from this directory made anew: a plugin that was held is asked again."""
        self.generation += 1

    def close(self) -> None:
        """End the chambers; they begin anew when they are needed again."""
        self._chambers.close()

    # ── looking ──

    def _look_at(self, candidates: Sequence[Candidate]) -> Found:
        """Packages of the Python environment. Of two that claim one name, neither is it."""
        counted = Counter(candidate.name for candidate in candidates)
        found: Found = []
        for candidate in sorted(candidates, key=lambda each: (each.name, each.package)):
            if counted[candidate.name] > 1:
                text = N_("有两个安装包都叫 %(plugin)s，一个也没有启用。请卸载其中一个。")
                found.append(_fault(candidate.name, None, Problem("plugin-twice", text, plugin=candidate.name)))
            elif candidate.apart:
                found.append(self._one(candidate.name, candidate.version, partial(_folder_of, candidate)))
            else:
                load = partial(_module_of, candidate)
                found.append(self._one(candidate.name, candidate.version, partial(_folder_of, candidate), load))
        return found

    def _look_into(self, store: Path, before: "Mapping[tuple[str, str], _Filed]") -> "dict[tuple[str, str], _Filed]":
        """What was installed from files; what is as it was is not read in again."""
        found: dict[tuple[str, str], _Filed] = {}
        for name, version, there in stored.find(store):
            known = before.get((name, version))
            if isinstance(there, Problem):
                found[name, version] = _Filed("", Fault(name=name, problem=there, version=version))
            elif (wrong := taken_name(name, there.record.signer)) is not None:
                found[name, version] = _Filed(there.record.sha, Fault(name=name, problem=wrong, version=version))
            elif known is not None and known.sha == there.record.sha:
                found[name, version] = known
            else:
                sha, signer = there.record.sha, there.record.signer
                plugin = self._one(name, version, partial(_same, there.folder), sha=sha, signer=signer)
                found[name, version] = _Filed(sha, plugin)
        return found

    def _look_at_folder(self, folder: Path) -> Found:
        """A plugin under development: run here, so that its author sees what it prints."""
        homes = [file.parent for file in sorted(folder.rglob(MANIFEST_FILE)) if (file.parent / "__init__.py").is_file()]
        if len(homes) != 1:
            text = N_("文件夹 %(folder)s 里要有一个插件，也就是一个带 plugin.toml 的包，这里有%(count)s个。")
            problem = Problem("folder-manifest", text, folder=folder.name, count=len(homes))
            return [Fault(name=folder.name, problem=problem)]
        try:
            _check_project(folder, homes[0])
        except Problem as problem:
            return [Fault(name=homes[0].name, problem=problem)]
        alias = next(self._aliases)

        def load() -> ModuleType:
            importlib.invalidate_caches()
            return import_folder(homes[0], alias)

        found = self._one(None, None, partial(_same, homes[0]), load)
        if isinstance(found, Fault):
            forget(alias)
            return [found]
        # What was held for what it did before may be asked again once it was changed.
        edition = hashlib.sha256(repr(_mark(folder)).encode()).hexdigest()
        return [msgspec.structs.replace(found, edition=edition)]

    def _one(
        self,
        name: str | None,
        version: str | None,
        find_folder: Callable[[], Path],
        load: Callable[[], ModuleType] | None = None,
        *,
        sha: str = "",
        signer: str = "",
    ) -> Installed | Fault:
        """Look one plugin over, in a chamber where there is no way to `load` it here; what goes wrong is a Fault.

        Without a name it is called what its manifest says.
        """
        manifest: Manifest | None = None
        try:
            folder = find_folder()
            toml = (folder / MANIFEST_FILE).read_bytes()
            manifest = inspection.check_manifest(name, version, toml)
            inspection.check_sources(manifest.name, folder)
            if self.safe:
                text = N_("现在是安全模式，插件 %(plugin)s 没有运行。")
                raise Problem("plugin-safe-mode", text, status=409, plugin=manifest.name)  # noqa: TRY301 - as all others
            if load is None:
                return look_over_apart(self._chambers, manifest, folder, toml, sha, signer)
            return inspection.look_over(manifest, within(LOAD_SECONDS, load))
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # noqa: BLE001 - whatever a plugin does at import, the others are loaded
            return _fault(name or find_folder().name, manifest, error, version or "")

    def _tell(self) -> None:
        """Put together what was found. A folder under development stands before what is installed under its name."""
        opened = [one for found in self._open.values() for one in found]
        filed = [one.found for one in self._filed.values()]
        names = {one.name for one in opened}
        rest = [one for one in (*self._fixed, *filed) if one.name not in names]
        everything = [*opened, *rest]
        by_name: dict[str, dict[str, Installed]] = {}
        for one in everything:
            if isinstance(one, Installed):
                # The environment's stands before a file of the same version: it is found first.
                by_name.setdefault(one.name, {}).setdefault(one.version, one)
        self._by_name = {
            name: tuple(sorted(versions.values(), key=lambda one: order(one.version)))
            for name, versions in sorted(by_name.items())
        }
        self.plugins: Mapping[str, Installed] = MappingProxyType(
            {name: versions[-1] for name, versions in self._by_name.items()}
        )
        """The newest version of each, by name."""
        self.faults = tuple(one for one in sorted(everything, key=_by_name_of) if isinstance(one, Fault))


def taken_name(name: str, signer: str) -> Problem | None:
    """Why a file may not be called so: a stranger's would be the newer version of a plugin that everybody trusts."""
    if signer or name not in OURS:
        return None
    text = N_("插件 %(plugin)s 没有装上：这是德治自带插件的名字，没有签名的文件不能用它。请作者另起一个名字。")
    return Problem("package-ours", text, plugin=name)


class _Filed(msgspec.Struct, frozen=True):
    """A version in the store: the sum of its file, and what came of it."""

    sha: str
    found: Installed | Fault


def _tell_author(found: Found) -> None:
    for one in found:
        if isinstance(one, Fault):
            tell_author(one.text, one.problem.phrase, one.detail)
        else:
            again = phrase(N_("重新读了 %(name)s %(version)s。"), name=one.name, version=one.version)
            tell_author(f"read again: {one.name} {one.version}", again)


def _by_name_of(one: Installed | Fault) -> tuple[str, str]:
    return one.name, one.version


def _same(folder: Path) -> Path:
    return folder


def _check_project(folder: Path, home: Path) -> None:
    """Refuse a package of which the project around it tells something else. Raises `Problem`."""
    project = folder / PROJECT
    if project.is_file():
        check_papers((home / MANIFEST_FILE).read_bytes(), {PROJECT: project.read_bytes()}, "")


def _bare(module: str | ModuleType) -> Candidate:
    """Make a candidate of a package outside a distribution; its name is the package's with hyphens."""
    package = module if isinstance(module, str) else module.__name__
    return Candidate(name=package.replace("_", "-"), package=package)


def _module_of(candidate: Candidate) -> ModuleType:
    return importlib.import_module(candidate.package)


def _folder_of(candidate: Candidate) -> Path:
    """Find the folder with the package's `__init__` and `plugin.toml`, without importing anything."""
    # A dotted name or an attribute would make Python import the parent to find it.
    spec = importlib.util.find_spec(candidate.package) if candidate.package.isidentifier() else None
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        if (Path(folder) / MANIFEST_FILE).is_file():
            return Path(folder)
    text = N_("插件 %(plugin)s 没有装上：包 %(package)s 里没有 plugin.toml。请向作者要完整的安装包。")
    raise Problem("manifest-missing", text, plugin=candidate.name, package=candidate.package[:80])


def _mark(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """What changes when a file of a folder does."""
    files = (file for kind in ("*.py", "*.toml") for file in folder.rglob(kind))
    return tuple(sorted((str(file), (told := file.stat()).st_mtime_ns, told.st_size) for file in files))


def _fault(name: str, manifest: Manifest | None, error: BaseException, version: str = "") -> Fault:
    """Turn whatever went wrong into a sentence for the page of plugins."""
    if manifest is not None:
        name, version = manifest.name, manifest.version
    if isinstance(error, Problem):
        return Fault(name=name, problem=error, manifest=manifest, version=version)
    text = N_("插件 %(plugin)s 没有装上：一打开就出错（%(why)s）。请告诉插件作者。")
    detail = error.detail if isinstance(error, PluginRaised) else "".join(traceback.format_exception(error, limit=-8))
    problem = Problem("plugin-import", text, plugin=name, why=_why(error, place_of(detail))[:300])
    return Fault(name=name, problem=problem, manifest=manifest, detail=detail, version=version)


def _why(error: BaseException, place: str) -> str:
    """What happened and where, in the words of programs."""
    match error:
        case TookTooLong():
            return "import > 10 s"
        case Died():
            return str(error)
        case OutOfMemory():
            return "MemoryError"
        case PluginRaised():
            kind = error.kind
        case _:
            kind = type(error).__name__
    return f"{place and f'{place} '}{kind}: {_line(error)}"


def _line(error: BaseException) -> str:
    """Return the first line of an error's message."""
    return (str(error).splitlines() or [""])[0]
