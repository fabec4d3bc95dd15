"""Renew every pin: `make lock`. The files carry hashes and no addresses, so that any index or mirror serves them."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COMPILE = (
    *(sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--upgrade", "--universal", "--python-version", "3.11"),
    *("--generate-hashes", "--no-emit-index-url", "--no-emit-find-links", "--no-annotate"),
    *("--custom-compile-command", "make lock"),
)
PINS: dict[str, tuple[str, ...]] = {
    "runtime": ("pyproject.toml", "requirements/build.in"),
    # Whatever both need has one version.
    "dev": ("pyproject.toml", "requirements/build.in", "--group", "dev", "-c", "requirements/runtime.txt"),
    "assets": ("requirements/assets.in",),
}


def main() -> None:
    """Compile each list, then the front-end's."""
    for name, inputs in PINS.items():
        run(*COMPILE, *inputs, "-o", f"requirements/{name}.txt")
    run("npm", "update", "--package-lock-only", "--no-audit", "--no-fund")


def run(*command: str) -> None:
    """Run a command in the project's folder; an exception ends the renewal when it fails."""
    subprocess.run(command, cwd=ROOT, check=True)


if __name__ == "__main__":
    main()
