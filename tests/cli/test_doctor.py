"""The doctor finds what is really wrong, says it in words with the next step, and changes nothing."""

import json
import os
import socket
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import trustme

import releases
import running
from copies import NOW, RELEASE, names_in, silent
from dezhi.cli import listening, surroundings
from dezhi.cli.terminal import language
from dezhi.core.findings import Finding, Level
from dezhi.host import Directory
from dezhi.service import backups, doctor
from dezhi.service.backups import Place
from dezhi.settings import Settings
from dezhi.store.database import connect
from dezhi.store.lock import DataLock


@pytest.fixture
async def data_dir(tmp_path: Path) -> Path:
    """A data directory with a year in it and nothing wrong, backed up an hour ago."""
    folder = tmp_path / "data"
    releases.unpack(RELEASE, folder)
    await (await connect(folder)).close()
    await backups.back_up(Place(data_dir=folder), tmp_path / "backup", NOW - timedelta(hours=1), silent)
    return folder


async def look(settings: Settings, now: datetime = NOW) -> dict[str, Finding]:
    """What the doctor finds in the data, by code; the worst of each."""
    found: dict[str, Finding] = {}
    async for one in doctor.look(settings, now):
        if one.code not in found or found[one.code].level is Level.OK:
            found[one.code] = one
    return found


def around(settings: Settings) -> dict[str, Finding]:
    return {one.code: one for one in surroundings.look(settings)}


def assert_bad(finding: Finding, level: Level) -> None:
    assert (finding.level, bool(finding.step)) == (level, True), finding


async def test_nothing_wrong_is_found_where_nothing_is(data_dir: Path) -> None:
    found = await look(Settings(data_dir=data_dir))
    assert {code: one for code, one in found.items() if one.level is not Level.OK} == {}
    assert {"versions", "data-dir", "keys", "database", "migrations", "clock", "cache", "backup"} <= set(found)


async def test_looking_makes_nothing(data_dir: Path, tmp_path: Path) -> None:
    before = {path: path.read_bytes() for path in data_dir.rglob("*") if path.is_file()}
    await look(Settings(data_dir=data_dir))
    assert {path: path.read_bytes() for path in data_dir.rglob("*") if path.is_file()} == before
    found = await look(Settings(data_dir=tmp_path / "not" / "yet"))
    assert found["database"].level is Level.OK
    assert names_in(tmp_path) == ["backup", "data"]


async def test_an_unwritable_directory(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for place in (tmp_path / "file", Path("/proc/dezhi")):
        assert_bad((await look(Settings(data_dir=place)))["data-dir"], Level.ERROR)


@pytest.mark.parametrize(("free", "level"), [(500_000_000, Level.WARNING), (50_000_000, Level.ERROR)])
async def test_a_disk_that_fills_up(free: int, level: Level, data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = doctor.shutil.disk_usage(data_dir)
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _: usage._replace(free=free))
    assert_bad((await look(Settings(data_dir=data_dir)))["room"], level)


async def test_keys_that_others_can_read_are_broken_or_gone(data_dir: Path) -> None:
    key = data_dir / "keys" / "pins"
    key.chmod(0o640)
    assert_bad((await look(Settings(data_dir=data_dir)))["keys-open"], Level.ERROR)
    key.chmod(0o600)
    key.write_bytes(b"half a key")
    assert_bad((await look(Settings(data_dir=data_dir)))["keys-broken"], Level.ERROR)
    key.unlink()
    assert_bad((await look(Settings(data_dir=data_dir)))["keys-missing"], Level.ERROR)


async def test_a_broken_database(data_dir: Path) -> None:
    (data_dir / "dezhi.sqlite").write_text("no database" * 1_000)
    found = await look(Settings(data_dir=data_dir))
    assert_bad(found["database"], Level.ERROR)
    assert "not a database" in str(found["database"].text)


async def test_older_and_newer_tables(data_dir: Path, tmp_path: Path) -> None:
    releases.unpack(RELEASE, tmp_path / "older")
    assert_bad((await look(Settings(data_dir=tmp_path / "older")))["migrations"], Level.WARNING)
    releases.come_from_the_future(data_dir)
    assert_bad((await look(Settings(data_dir=data_dir)))["migrations"], Level.ERROR)


async def test_several_workers_on_sqlite(data_dir: Path) -> None:
    assert_bad((await look(Settings(data_dir=data_dir, workers=2)))["workers"], Level.ERROR)


@pytest.mark.parametrize("now", [releases.END - timedelta(days=60), datetime(2020, 1, 1, tzinfo=UTC)])
async def test_a_clock_behind_the_last_entry(now: datetime, data_dir: Path, tmp_path: Path) -> None:
    assert_bad((await look(Settings(data_dir=data_dir), now))["clock"], Level.ERROR)


async def test_a_clock_behind_the_program_itself(tmp_path: Path) -> None:
    await (await connect(tmp_path)).close()
    assert_bad((await look(Settings(data_dir=tmp_path), datetime(2020, 1, 1, tzinfo=UTC)))["clock"], Level.ERROR)


@pytest.mark.parametrize("url", ["redis://127.0.0.1:9", "redis://:a-secret-word@127.0.0.1:9", "nonsense://"])
async def test_a_cache_that_does_not_answer(url: str, data_dir: Path) -> None:
    finding = (await look(Settings(data_dir=data_dir, redis_url=url)))["cache"]
    assert_bad(finding, Level.WARNING)
    assert "a-secret-word" not in str(finding)


async def test_a_plugin_that_cannot_be_used(data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = tmp_path / "site"
    (site / "dezhi_broken").mkdir(parents=True)
    (site / "dezhi_broken" / "__init__.py").touch()
    about = site / "dezhi_broken-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: dezhi-broken\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text("[dezhi.plugins]\ndezhi-broken = dezhi_broken\n")
    monkeypatch.syspath_prepend(str(site))
    found = [one async for one in doctor.look(Settings(data_dir=data_dir), NOW) if "dezhi-broken" in str(one.text)]
    assert [one.level for one in found] == [Level.WARNING]
    monkeypatch.setattr(Directory, "installed", lambda _: Directory())
    assert_bad((await look(Settings(data_dir=data_dir)))["plugins"], Level.WARNING)


async def test_backups_that_are_old_or_never_were(data_dir: Path) -> None:
    assert_bad((await look(Settings(data_dir=data_dir), NOW + timedelta(days=8)))["backup"], Level.WARNING)
    (data_dir / backups.LAST).write_text("half")
    assert_bad((await look(Settings(data_dir=data_dir)))["backup"], Level.WARNING)
    (data_dir / backups.LAST).unlink()
    assert_bad((await look(Settings(data_dir=data_dir)))["backup"], Level.WARNING)


def test_a_port_that_is_taken(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        settings = Settings(data_dir=tmp_path, port=other.getsockname()[1])
        assert_bad(around(settings)["port"], Level.WARNING)
        lock = DataLock(tmp_path)
        try:
            found = around(settings)["port"]
        finally:
            lock.release()
    assert found.level is Level.OK
    assert str(os.getpid()) in str(found.text)
    assert around(settings)["port"].level is Level.OK


@pytest.mark.parametrize(
    ("settings", "level"),
    [
        ({}, Level.OK),
        ({"host": "192.0.2.1"}, Level.ERROR),
        ({"public_url": "http://dezhi.example.cn"}, Level.ERROR),
        ({"public_url": "http://localhost:8000"}, Level.OK),
        ({"public_url": "https://dezhi.example.cn"}, Level.WARNING),
        ({"public_url": "https://dezhi.example.cn", "trusted_proxies": ("127.0.0.1",)}, Level.OK),
        ({"public_url": "http://dezhi.example.cn", "tls_cert": Path("cert.pem")}, Level.ERROR),
        ({"host": "192.0.2.1", "tls_cert": Path("cert.pem")}, Level.OK),
    ],
)
def test_the_address_people_type(settings: dict[str, Any], level: Level) -> None:
    assert around(Settings(**settings))["address"].level is level


@pytest.mark.parametrize(("days", "level"), [(-1, Level.ERROR), (5, Level.WARNING), (80, Level.OK)])
def test_the_end_of_the_certificate(days: int, level: Level, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    leaf = trustme.CA().issue_cert(
        "dezhi.example.cn", not_before=now - timedelta(days=90), not_after=now + timedelta(days=days)
    )
    cert, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    cert.write_bytes(b"".join(pem.bytes() for pem in leaf.cert_chain_pems))
    key.write_bytes(leaf.private_key_pem.bytes())
    settings = Settings(public_url="https://dezhi.example.cn", tls_cert=cert, tls_key=key)
    assert around(settings)["certificate"].level is level
    other = Settings(public_url="https://other.example.cn", tls_cert=cert, tls_key=key)
    assert around(other)["certificate"].level is Level.ERROR


def test_files_assets_and_fonts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(surroundings, "BUILT", tmp_path)
    assert_bad(around(Settings())["assets"], Level.ERROR)
    monkeypatch.setattr(listening.resource, "setrlimit", lambda *_: None)
    for most, level in ((150, Level.ERROR), (4_096, Level.WARNING)):
        monkeypatch.setattr(listening.resource, "getrlimit", lambda _, most=most: (most, most))
        assert_bad(around(Settings())["open-files"], level)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert around(Settings())["font"].level is Level.OK
    lister = tmp_path / "fc-list"
    lister.write_text("#!/bin/sh\n")
    lister.chmod(0o755)
    assert_bad(around(Settings())["font"], Level.WARNING)
    lister.write_text("#!/bin/sh\necho Noto Sans CJK SC\n")
    assert around(Settings())["font"].level is Level.OK


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "dezhi", *arguments],
        env={**os.environ, "PYTHONPATH": running.SOURCES, "LANG": "C", **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_beside_a_running_server(tmp_path: Path) -> None:
    with running.dezhi("serve", tmp_path / "data") as served:
        port = served.url.rpartition(":")[2]
        done = run("doctor", "--json", "--data-dir", str(tmp_path / "data"), DEZHI_PORT=port)
        found = {one["code"]: one for one in json.loads(done.stdout)["findings"]}
        assert (done.returncode, found["port"]["level"]) == (0, "ok"), done.stdout
        assert str(served.process.pid) in found["port"]["text"]


def test_statuses_are_for_machines_and_words_for_people(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "pins").write_bytes(b"half")
    wrong = run("doctor", DEZHI_DATA_DIR=str(tmp_path))
    assert wrong.returncode == 1
    assert "密钥坏了：pins" in wrong.stdout
    english = run("doctor", DEZHI_DATA_DIR=str(tmp_path), LANG="en_GB.UTF-8")
    assert (english.returncode, "Broken keys: pins" in english.stdout) == (1, True)
    setting = run("doctor", "--json", DEZHI_PORT="many")
    assert setting.returncode == 1
    assert json.loads(setting.stdout)["findings"][0]["code"] == "settings"
    assert run("doctor", "--nonsense").returncode == 2


def test_the_operators_language() -> None:
    assert language({}) == language({"LANG": "zh_CN.UTF-8"}) == language({"LANG": "C"}) == "zh-Hans"
    assert language({"LANG": "en_US.UTF-8"}) == language({"LANG": "zh_CN", "LC_ALL": "en_US"}) == "en"
