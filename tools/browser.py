"""Bring the browser that the tests drive, and a Chinese font, where Debian's packages can be installed.

Where they cannot, say so and go on: the tests that need a browser tell, each, that they did not run.
"""

import ctypes
import os
import shutil
import subprocess
import sys

import debian

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def main() -> None:
    """Install what is missing."""
    missing = []
    if not os.environ.get("DEZHI_CHROMIUM") and not any(map(shutil.which, BROWSERS)):
        missing.append("chromium")
    if not has_chinese_font():
        missing.append("fonts-noto-cjk")
    if not has_library("libatomic.so.1"):
        missing.append("libatomic1")  # playwright's own Node.js needs it, and a bare Debian has none
    if missing and not debian.install(*missing):
        print(f"Not installed: {' '.join(missing)}. Browser tests will not run.", file=sys.stderr)


def has_chinese_font() -> bool:
    """Whether fontconfig knows a font for Simplified Chinese; without one every character is a box."""
    try:
        answer = subprocess.run(["fc-list", ":lang=zh-cn", "family"], capture_output=True, text=True, check=False)
    except OSError:
        return False
    return bool(answer.stdout.strip())


def has_library(name: str) -> bool:
    """Whether the machine's loader finds a shared library."""
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


if __name__ == "__main__":
    main()
