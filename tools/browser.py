"""Bring the browser that the tests drive, and a Chinese font, where Debian's packages can be installed.

Where they cannot, say so and go on: the tests that need a browser tell, each, that they did not run.
"""

import os
import shutil
import subprocess
import sys

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def main() -> None:
    """Install what is missing, as root, by apt."""
    missing = []
    if not os.environ.get("DEZHI_CHROMIUM") and not any(map(shutil.which, BROWSERS)):
        missing.append("chromium")
    if not has_chinese_font():
        missing.append("fonts-noto-cjk")
    if not missing:
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        print(f"Not installed, and only root can: {' '.join(missing)}. Browser tests will not run.", file=sys.stderr)
        return
    print(f"Installing {' '.join(missing)} for the browser tests (this happens once) …", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *missing]
    for command in (["apt-get", "update", "-qq"], install):
        if subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False).returncode:
            print("That failed. Browser tests will not run.", file=sys.stderr)
            return


def has_chinese_font() -> bool:
    """Whether fontconfig knows a font for Simplified Chinese; without one every character is a box."""
    try:
        answer = subprocess.run(["fc-list", ":lang=zh-cn", "family"], capture_output=True, text=True, check=False)
    except OSError:
        return False
    return bool(answer.stdout.strip())


if __name__ == "__main__":
    main()
