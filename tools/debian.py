"""Debian's packages, for what Python's and npm's cannot bring."""

import os
import shutil
import subprocess


def install(*packages: str) -> bool:
    """Install packages by apt, quietly; False where that is not possible (not Debian, not root, no network)."""
    if not can_install():
        return False
    print(f"Installing Debian's {' '.join(packages)} (this happens once) …", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    commands = (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *packages])
    return all(
        subprocess.run(["apt-get", *arguments], env=environment, stdout=subprocess.DEVNULL, check=False).returncode == 0
        for arguments in commands
    )


def can_install() -> bool:
    """Whether this is a Debian, or one of its children, and we are root."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None
