"""Reading a plugin's own source before it runs: for what it imports, and whether it looks at a clock.

A plugin imports the standard library, msgspec, the contract, and itself by relative import, so that two versions of it
can live side by side. Code that hides what it does is not found by this; it stops accidents and shortcuts.
"""

import ast
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

CONTRACT = "dezhi.plugin"
OUTSIDE = frozenset(
    {
        "asyncio",
        "ctypes",
        "ftplib",
        "http",
        "imaplib",
        "multiprocessing",
        "poplib",
        "smtplib",
        "socket",
        "socketserver",
        "ssl",
        "subprocess",
        "urllib",
        "webbrowser",
        "xmlrpc",
    }
)
"""Parts of the standard library that reach the network, other programs or raw memory: no rule needs them."""
WORLD = OUTSIDE | frozenset(
    {"atexit", "builtins", "code", "concurrent", "curses", "dbm", "fcntl", "gc", "glob", "importlib", "io", "locale"}
    | {"logging", "mmap", "nntplib", "nt", "os", "pathlib", "pdb", "pickle", "pkgutil", "platform", "posix", "pty"}
    | {"random", "resource", "runpy", "sched", "secrets", "select", "selectors", "shelve", "shutil", "signal", "site"}
    | {"sqlite3", "sys", "telnetlib", "tempfile", "termios", "threading", "time", "timeit", "tkinter", "uuid"}
    | {"zipimport"}
)
"""Parts of the standard library by which an answer could depend on more than the question: the clock, chance, files."""
CLOCKS = frozenset({"fromtimestamp", "now", "today", "utcnow"})
"""Methods of dates that look at the machine's clock, or at where it stands."""


def sources(folder: Path) -> Iterator[tuple[Path, ast.Module]]:
    """Parse every Python file of a package; raises SyntaxError or ValueError for a file that is none."""
    for file in sorted(folder.rglob("*.py")):
        yield file, ast.parse(file.read_bytes(), filename=file.name)


def imports(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Name every module imported absolutely, with its line, inside functions too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            # `from dezhi import plugin` is the module dezhi.plugin.
            yield from ((node.lineno, _module(node.module or "", alias.name)) for alias in node.names)


def is_allowed(module: str) -> bool:
    """Tell whether a plugin may import a module at all."""
    top = module.partition(".")[0]
    if reaches_out(module):
        return False
    return top in sys.stdlib_module_names or top == "msgspec" or module == CONTRACT


def reaches_outside(module: str) -> bool:
    """Tell whether a module of the standard library leads to the network, to other programs or to raw memory."""
    return module.partition(".")[0] in OUTSIDE and module != "urllib.parse"


def reaches_out(module: str) -> bool:
    """Tell whether a module of the standard library leads out of the question in any way."""
    top = module.partition(".")[0]
    hidden = top.startswith("_") and top != "__future__" and top in sys.stdlib_module_names
    return hidden or (top in WORLD and module != "urllib.parse")


def stranger(trees: Mapping[str, ast.Module]) -> str | None:
    """Return the first import that is not allowed, as `file:line module`, or None."""
    for name, tree in trees.items():
        for line, module in imports(tree):
            if not is_allowed(module):
                return f"{name}:{line} {module}"
    return None


def clock_read(trees: Mapping[str, ast.Module]) -> str | None:
    """Return the first call that asks what time it is, as `file:line name`, or None."""
    for name, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and (clock := _clock(node.func)):
                return f"{name}:{node.lineno} {clock}"
    return None


def _clock(called: ast.expr) -> str:
    """The name of a clock that is read by calling this; empty for none."""
    return called.attr if isinstance(called, ast.Attribute) and called.attr in CLOCKS else ""


def _module(package: str, name: str) -> str:
    """Return the module a from-import reads; only for dezhi itself does the imported name matter."""
    return f"{package}.{name}" if package == "dezhi" else package
