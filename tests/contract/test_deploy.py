"""What operators copy: the files of deploy/, and the guides that tell how to install."""

import re
import shutil
import subprocess
from pathlib import Path

import msgspec
import pytest
import rich_click as click

from dezhi.cli import main
from dezhi.settings import Settings
from proxying import REPLACED

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
GUIDES = [
    path for name in ("install-small", "install-county") for path in sorted((ROOT / "docs/guides").glob(f"{name}*"))
]
SETTINGS = {f"DEZHI_{field.name.upper()}" for field in msgspec.structs.fields(Settings)} - {"DEZHI_DEMO"}


def blocks(guide: Path, kind: str) -> list[str]:
    return re.findall(rf"```{kind}\n(.*?)```", guide.read_text(encoding="utf-8"), re.DOTALL)


def command_named(words: list[str]) -> click.Command | None:
    """The command of ours that these words call, as far as they are names."""
    found: click.Command | None = main
    for word in words:
        if not isinstance(found, click.Group):
            break
        found = found.get_command(click.Context(found), word)
    return found


@pytest.mark.parametrize("file", [*GUIDES, *sorted(DEPLOY.iterdir())], ids=lambda path: path.name)
def test_every_setting_that_is_named_exists(file: Path) -> None:
    named = set(re.findall(r"\bDEZHI_[A-Z_]+\b", file.read_text(encoding="utf-8")))
    assert named - SETTINGS == set()


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.name)
def test_every_command_and_file_of_a_guide_exists(guide: Path) -> None:
    lines = [line for block in blocks(guide, "console") for line in block.splitlines()]
    assert lines
    for line in lines:
        ours = re.search(r"/opt/dezhi/bin/dezhi (.+)", line)
        if ours:
            assert command_named(ours[1].split()) is not None, line
        for target in re.findall(r"^make (\w+)", line):
            assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE), line
        for name in re.findall(r"\bdeploy/[\w.]+", line):
            assert (ROOT / name).is_file(), line
    text = guide.read_text(encoding="utf-8")
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", text)
    assert [link for link in links if not (guide.parent / link).exists()] == []


@pytest.mark.parametrize("name", ["install-small", "install-county"])
def test_both_languages_tell_the_same_commands(name: str) -> None:
    english, chinese = (ROOT / f"docs/guides/{name}{language}.md" for language in ("", ".zh-CN"))
    for kind in ("console", "sql"):
        assert blocks(english, kind) == blocks(chinese, kind)
    assert english.read_text("utf-8").count("\n## ") == chinese.read_text("utf-8").count("\n## ")


def test_the_guide_quotes_what_the_program_says() -> None:
    said = "".join(file.read_text(encoding="utf-8") for file in (ROOT / "platform/dezhi").rglob("*.py"))
    for guide in GUIDES[:2]:
        table = guide.read_text(encoding="utf-8").rpartition("## ")[2]
        for sentence in re.findall(r"^\| ([^a-z|-][^|]*) \|", table, re.MULTILINE)[1:]:
            parts = {"端口用不了": "用不了（", "证书用不了": "用不了：不是 PEM"}.get(sentence, sentence)
            assert parts in said, sentence


def test_the_unit_is_one_that_systemd_takes(tmp_path: Path) -> None:
    text = (DEPLOY / "dezhi.service").read_text(encoding="utf-8")
    for hardened in (
        "NoNewPrivileges=yes",
        "ProtectSystem=strict",
        "CapabilityBoundingSet=\n",
        "User=dezhi",
        "UMask=0077",
    ):
        assert hardened in text, hardened
    program = re.search(r"^ExecStart=(\S+) serve$", text, re.MULTILINE)
    assert program
    assert program[1] == "/opt/dezhi/bin/dezhi"
    if shutil.which("systemd-analyze") is None:
        return  # what can be read in the text was checked; the rest needs systemd's own reader
    unit = tmp_path / "dezhi.service"
    unit.write_text(text.replace(program[1], "/bin/true"), encoding="utf-8")
    done = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.count("dezhi.service")) == (0, 0), done.stderr


def test_the_container_copies_what_there_is_and_runs_as_nobody_special() -> None:
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    steps = [line.split(maxsplit=1) for line in text.splitlines() if line and not line.startswith("#")]
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for word, rest in steps:
        if word == "COPY" and "--from=" not in rest:
            [source, _] = rest.split()
            # dist/ is what `make wheels` makes, which the head of the file says to run before.
            assert (ROOT / source).exists() or (source == "dist/" and "-w dist" in makefile), source
    words = [word for word, _ in steps]
    users = [rest for word, rest in steps if word == "USER"]
    assert users == ["10001:10001"]
    assert words.index("USER") < words.index("ENTRYPOINT")
    assert dict(steps)["ENTRYPOINT"] == '["/opt/dezhi/bin/dezhi"]'
    assert dict(steps)["CMD"] == '["serve"]'
    health = dict(steps)["HEALTHCHECK"]
    assert "/health/live" in health
    compile(re.search(r'"-c", "(.*)"\]', health)[1], "healthcheck", "exec")  # type: ignore[index]  # it is there


def test_the_proxies_replace_what_dezhi_believes() -> None:
    nginx = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    told = dict(re.findall(r"proxy_set_header (\S+) (\S+);", nginx))
    assert told["X-Forwarded-For"] == "$remote_addr"
    assert told["X-Forwarded-Proto"] == "$scheme"
    # The proxy of the tests stands for this recipe: it hides as much.
    assert {name.decode() for name in REPLACED} - {"x-real-ip"} <= {name.lower() for name in told}
    assert nginx.count("{") == nginx.count("}")
    caddy = (DEPLOY / "Caddyfile").read_text(encoding="utf-8")
    assert "reverse_proxy 127.0.0.1:8000" in caddy
    assert caddy.count("{") == caddy.count("}")


def test_nginx_reads_its_recipe(tmp_path: Path) -> None:
    """Where nginx is on the machine; elsewhere tests/journeys/test_https.py stands for what the recipe says."""
    program = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin")
    if program is None:
        return
    recipe = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    certificate = re.compile(r"^\s*ssl_certificate.*\n|(?<=443) ssl", re.MULTILINE)
    whole = (
        f"pid {tmp_path}/pid; error_log stderr; events {{}} http {{ access_log off; {certificate.sub('', recipe)} }}"
    )
    (tmp_path / "nginx.conf").write_text(whole, encoding="utf-8")
    done = subprocess.run([program, "-t", "-c", tmp_path / "nginx.conf"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
