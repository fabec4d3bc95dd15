"""Run the guides for authors of plugins: what stands there is what works.

A console block is typed into a shell in a folder of its own, and every line below a `$ ` line has to be found in what
the shell said (`…` stands for anything). A python block whose first line is `# path/of/a/file` is written to that file;
any other is run, with the names of the blocks before it. A toml block is read, and written when it names a file so.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Any

from sybil import Example, Sybil
from sybil.evaluators.python import PythonEvaluator
from sybil.parsers.markdown import CodeBlockParser

NAMED = re.compile(r"# (?P<path>[\w./-]+\.(py|toml|md))\n")
SECONDS = 300


def folder(namespace: dict[str, Any]) -> None:
    """Begin a guide in an empty folder."""
    namespace["place"] = Path(tempfile.mkdtemp(prefix="dezhi-guide-"))


def away(namespace: dict[str, Any]) -> None:
    """Leave nothing behind."""
    shutil.rmtree(namespace["place"], ignore_errors=True)


def write(example: Example) -> bool:
    """Write a block that names its file; say whether it did."""
    named = NAMED.match(example.parsed)
    if named is None:
        return False
    file: Path = example.namespace["place"] / named["path"]
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(example.parsed[named.end() :], encoding="utf-8")
    return True


def run_python(example: Example) -> str | None:
    """Write the block, or run it."""
    return None if write(example) else PythonEvaluator()(example)


def read_toml(example: Example) -> None:
    """Write the block; every TOML block has to be one."""
    tomllib.loads(example.parsed)
    write(example)


def type_in(example: Example) -> str | None:
    """Type each command in, and look for the lines the guide promises."""
    for block in re.split(r"^\$ ", example.parsed, flags=re.MULTILINE)[1:]:
        command, _, promised = block.partition("\n")
        said = _shell(command, example.namespace["place"])
        for line in promised.strip().splitlines():
            pattern = ".*".join(re.escape(part) for part in line.strip().split("…"))
            if not re.search(pattern, said):
                return f"{command}\n{said}\nlacks: {line}"
    return None


def _shell(command: str, place: Path) -> str:
    environment = {
        **os.environ,
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]),
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        "LANG": "C.UTF-8",
        "LC_ALL": "",
        "MYPY_CACHE_DIR": str(Path(__file__).parents[2] / ".mypy_cache" / "authors"),  # what a grade reads of dezhi
    }
    done = subprocess.run(  # noqa: S603 - the guide's own command
        ["/bin/bash", "-c", command],
        cwd=place,
        env=environment,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    return done.stdout + done.stderr


pytest_collect_file = Sybil(
    parsers=[
        CodeBlockParser(language="console", evaluator=type_in),
        CodeBlockParser(language="python", evaluator=run_python),
        CodeBlockParser(language="toml", evaluator=read_toml),
    ],
    patterns=["*.md"],
    # The Chinese guides hold the same blocks; a contract test sees to it.
    excludes=["*.zh-CN.md"],
    setup=folder,
    teardown=away,
).pytest()
