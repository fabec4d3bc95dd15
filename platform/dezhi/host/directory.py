"""Every plugin installed here: found once at start, looked over one by one, and kept in one private plugin manager."""

import importlib
import importlib.util
import traceback
from collections import Counter
from collections.abc import Iterable, Mapping
from importlib import metadata
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import Final

import msgspec

from dezhi.core.errors import Problem
from dezhi.core.text import N_
from dezhi.host import inspection
from dezhi.host.deadline import LOAD_SECONDS, TookTooLong, within
from dezhi.host.inspection import Function
from dezhi.plugin import Declaration, Manifest

GROUP: Final = "dezhi.plugins"
MANIFEST_FILE: Final = "plugin.toml"


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """A package that says it is a plugin; `version` is its distribution's, None for a bare package."""

    name: str
    package: str
    version: str | None = None


class Installed(msgspec.Struct, frozen=True, kw_only=True):
    """A plugin that may be switched on."""

    name: str
    manifest: Manifest
    declaration: Declaration
    functions: Mapping[str, Function]


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """A plugin that was found and refused, with the reason; `manifest` is there if that much could be read."""

    name: str
    problem: Problem
    manifest: Manifest | None = None
    detail: str = ""

    @property
    def text(self) -> str:
        """The reason in the source language."""
        return self.problem.say()


class Directory:
    """The installed plugins by name, and the refused ones. Nothing is skipped silently, and one never stops another."""

    def __init__(self, modules: Iterable[str | ModuleType] = (), *, candidates: Iterable[Candidate] = ()) -> None:
        """Look over packages given by name or module, and candidates of the installation."""
        found = [*candidates, *(_bare(module) for module in modules)]
        plugins: dict[str, Installed] = {}
        faults: list[Fault] = []
        self._manager = inspection.new_manager()
        counted = Counter(candidate.name for candidate in found)
        for candidate in sorted(found, key=lambda each: (each.name, each.package)):
            manifest: Manifest | None = None
            try:
                if counted[candidate.name] > 1:
                    text = N_("有两个安装包都叫 %(plugin)s，一个也没有启用。请卸载其中一个。")
                    raise Problem("plugin-twice", text, plugin=candidate.name)  # noqa: TRY301 - one place makes faults
                folder = _folder_of(candidate)
                toml = (folder / MANIFEST_FILE).read_bytes()
                manifest = inspection.check_manifest(candidate.name, candidate.version, toml)
                inspection.check_sources(candidate.name, folder)
                module = within(LOAD_SECONDS, importlib.import_module, candidate.package)
                plugin = _look_over(manifest, module)
                self._manager.register(module, name=candidate.name)
                plugins[candidate.name] = plugin
            except KeyboardInterrupt:
                raise
            except BaseException as error:  # noqa: BLE001 - whatever a plugin does at import, the others are loaded
                faults.append(_fault(candidate.name, manifest, error))
        self.plugins: Mapping[str, Installed] = MappingProxyType(plugins)
        self.faults = tuple(faults)

    @classmethod
    def installed(cls) -> "Directory":
        """Look over every distribution with an entry point of the group `dezhi.plugins`."""
        points = metadata.entry_points(group=GROUP)
        candidates = {
            Candidate(name=point.name, package=point.value, version=point.dist.version if point.dist else None)
            for point in points
        }
        return cls(candidates=candidates)

    def fault(self, name: str) -> Fault | None:
        """Return why a plugin is not here, if it was found and refused."""
        return next((fault for fault in self.faults if fault.name == name), None)


def _bare(module: str | ModuleType) -> Candidate:
    """Make a candidate of a package outside a distribution; its name is the package's with hyphens."""
    package = module if isinstance(module, str) else module.__name__
    return Candidate(name=package.replace("_", "-"), package=package)


def _folder_of(candidate: Candidate) -> Path:
    """Find the folder with the package's `__init__` and `plugin.toml`, without importing anything."""
    # A dotted name or an attribute would make Python import the parent to find it.
    spec = importlib.util.find_spec(candidate.package) if candidate.package.isidentifier() else None
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        if (Path(folder) / MANIFEST_FILE).is_file():
            return Path(folder)
    text = N_("插件 %(plugin)s 没有装上：包 %(package)s 里没有 plugin.toml。请向作者要完整的安装包。")
    raise Problem("manifest-missing", text, plugin=candidate.name, package=candidate.package[:80])


def _look_over(manifest: Manifest, module: ModuleType) -> Installed:
    """Check an imported plugin against its manifest and the contract."""
    declaration = inspection.check_declaration(manifest.name, module)
    functions = inspection.check_functions(manifest.name, module)
    inspection.check_permissions(manifest, declaration, functions)
    return Installed(name=manifest.name, manifest=manifest, declaration=declaration, functions=functions)


def _fault(name: str, manifest: Manifest | None, error: BaseException) -> Fault:
    """Turn whatever went wrong into a sentence for the page of plugins."""
    if isinstance(error, Problem):
        return Fault(name=name, problem=error, manifest=manifest)
    why = "import > 10 s" if isinstance(error, TookTooLong) else f"{type(error).__name__}: {_line(error)}"
    text = N_("插件 %(plugin)s 没有装上：一打开就出错（%(why)s）。请告诉插件作者。")
    detail = "".join(traceback.format_exception(error, limit=-8))
    problem = Problem("plugin-import", text, plugin=name, why=why[:300])
    return Fault(name=name, problem=problem, manifest=manifest, detail=detail)


def _line(error: BaseException) -> str:
    """Return the first line of an error's message."""
    return (str(error).splitlines() or [""])[0]
