"""Certificates and limits, looked at before anything listens."""

import resource
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme
from rich_click import ClickException

from dezhi.cli import listening
from dezhi.cli.listening import FILES_KEPT, WARN_BEFORE, check, check_certificate, connections_max
from dezhi.settings import Settings
from servers import free_port

NOW = datetime.now(UTC)
HOST = "dezhi.example.cn"


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def files(folder: Path, leaf: trustme.LeafCert, name: str = "one") -> tuple[Path, Path]:
    """Write a certificate with its chain, and its key, as `acme` clients do."""
    cert, key = folder / f"{name}.pem", folder / f"{name}.key"
    cert.write_bytes(b"".join(pem.bytes() for pem in leaf.cert_chain_pems))
    key.write_bytes(leaf.private_key_pem.bytes())
    return cert, key


def test_a_good_certificate_is_taken(tmp_path: Path, authority: trustme.CA, capsys: pytest.CaptureFixture[str]) -> None:
    cert, key = files(tmp_path, authority.issue_cert(HOST))
    assert check_certificate(cert, key, HOST) > WARN_BEFORE
    check(Settings(port=free_port(), tls_cert=cert, tls_key=key))
    assert capsys.readouterr().out == ""


def test_one_that_ends_soon_is_taken_with_a_warning(
    tmp_path: Path, authority: trustme.CA, capsys: pytest.CaptureFixture[str]
) -> None:
    leaf = authority.issue_cert(HOST, not_before=NOW - timedelta(days=80), not_after=NOW + timedelta(days=5))
    cert, key = files(tmp_path, leaf)
    check(Settings(port=free_port(), tls_cert=cert, tls_key=key))
    assert "4 天到期" in capsys.readouterr().out.replace("\n", "")


@pytest.mark.parametrize(
    ("begin", "end", "word"), [(-90, -1, "已经过期"), (2, 90, "还没有到生效日期")], ids=["expired", "not yet"]
)
def test_one_out_of_date_is_refused(tmp_path: Path, authority: trustme.CA, begin: int, end: int, word: str) -> None:
    leaf = authority.issue_cert(HOST, not_before=NOW + timedelta(days=begin), not_after=NOW + timedelta(days=end))
    with pytest.raises(ClickException, match=word):
        check_certificate(*files(tmp_path, leaf), None)


def test_one_for_another_name_is_refused(tmp_path: Path, authority: trustme.CA) -> None:
    with pytest.raises(ClickException, match=HOST):
        check_certificate(*files(tmp_path, authority.issue_cert("other.example.cn")), HOST)


def test_files_that_are_no_pair_or_no_pem_or_not_there_are_refused(tmp_path: Path, authority: trustme.CA) -> None:
    cert, key = files(tmp_path, authority.issue_cert(HOST))
    other, _ = files(tmp_path, authority.issue_cert(HOST), "two")
    rubbish = tmp_path / "rubbish.pem"
    rubbish.write_text("not a certificate", encoding="utf-8")
    for one, two in [(other, key), (rubbish, key), (cert, rubbish), (key, cert)]:
        with pytest.raises(ClickException, match="用不了"):
            check_certificate(one, two, HOST)
    with pytest.raises(ClickException, match=r"absent.pem 读不了"):
        check_certificate(cert, tmp_path / "absent.pem", HOST)
    with pytest.raises(ClickException, match="读不了"):
        check_certificate(tmp_path, key, HOST)


def test_several_workers_on_sqlite_are_refused_with_the_reason() -> None:
    with pytest.raises(ClickException, match=r"SQLite.*DEZHI_WORKERS.*PostgreSQL"):
        check(Settings(workers=4))


@pytest.mark.parametrize(("hard", "room"), [(resource.RLIM_INFINITY, 10_000), (20_000, 10_000), (1_024, 896)])
def test_connections_leave_room_for_the_database(monkeypatch: pytest.MonkeyPatch, hard: int, room: int) -> None:
    told = []
    monkeypatch.setattr(listening.resource, "getrlimit", lambda _: (1_024, hard))
    monkeypatch.setattr(listening.resource, "setrlimit", lambda _, limits: told.append(limits))
    assert connections_max() == room
    assert told == [(room + FILES_KEPT, hard)]


def test_too_few_open_files_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening.resource, "getrlimit", lambda _: (150, 150))
    monkeypatch.setattr(listening.resource, "setrlimit", lambda *_: None)
    with pytest.raises(ClickException, match="150"):
        connections_max()


def test_a_checkout_that_was_not_built_says_what_to_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "BUILT", tmp_path)
    with pytest.raises(ClickException, match="make assets"):
        check(Settings(port=free_port()))
