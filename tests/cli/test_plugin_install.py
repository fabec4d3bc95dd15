"""`dezhi plugin install`, `list` and `uninstall`: off line, after a card that says what the plugin may do."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from dezhi.cli import main
from dezhi.host import stored
from parcels import parcel
from workshop import GOOD


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "data"


def plugin(data_dir: Path, *arguments: str | Path, said: str = "", **environment: str) -> tuple[int, str]:
    runner = CliRunner(env={"TERMINAL_WIDTH": "1000", "COLUMNS": "1000", **environment})
    command, *rest = map(str, arguments)
    done = runner.invoke(main, ["plugin", command, "--data-dir", str(data_dir), *rest], input=said)
    return done.exit_code, done.output


def listed(data_dir: Path) -> Any:
    return json.loads(plugin(data_dir, "list", "--json")[1])


@pytest.mark.row("PL-09")
def test_it_shows_the_risks_asks_and_installs(tmp_path: Path, data_dir: Path) -> None:
    file = parcel(tmp_path)
    status, told = plugin(data_dir, "install", file, "--unsigned", said="n\n")
    assert status == 1
    for word in ("trial 1.0.0", "没有签名", "提出加分", "哪件事", "SHA-256"):
        assert word in told
    assert not list(stored.find(data_dir / "plugins"))
    status, told = plugin(data_dir, "install", file, "--unsigned", said="y\n")
    assert status == 0, told
    [one] = [one for one in listed(data_dir)["plugins"] if one["name"] == "trial"]
    assert (one["version"], one["signer"], one["apart"]) == ("1.0.0", None, True)
    assert not list((data_dir / "plugins").glob(".new-*"))
    status, told = plugin(data_dir, "uninstall", "trial", "1.0.0")
    assert status == 0, told
    assert plugin(data_dir, "uninstall", "trial", "1.0.0")[0] == 1


@pytest.mark.row("PL-09")
def test_a_signature_is_wanted_and_names_its_signer(tmp_path: Path, data_dir: Path) -> None:
    file = parcel(tmp_path)
    status, told = plugin(data_dir, "install", file, "--yes")
    assert status == 1
    for word in ("trial 1.0.0", "没有签名", "提出加分", "哪件事", "SHA-256", "--unsigned"):
        assert word in told
    key = Ed25519PrivateKey.generate()
    trusted = tmp_path / "county.pem"
    trusted.write_bytes(key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    file.with_name(f"{file.name}.sig").write_bytes(key.sign(file.read_bytes()))
    assert plugin(data_dir, "install", file, "--yes")[0] == 1  # by nobody this installation trusts
    status, told = plugin(data_dir, "install", file, "--yes", "--json", DEZHI_PLUGIN_KEYS=str(trusted))
    assert status == 0, told
    assert json.loads(told)["signer"] == "county"
    file.write_bytes(file.read_bytes() + b"\0")
    assert plugin(data_dir, "install", file, "--yes", DEZHI_PLUGIN_KEYS=str(trusted))[0] == 1


@pytest.mark.parametrize(
    ("code", "named"),
    [
        ("import socket", "socket"),
        ("from datetime import date\ndef late(): return date.today()", "__init__.py:2 today"),
        ("import dezhi.store", "dezhi.store"),
        ("raise RuntimeError('boom')", "RuntimeError: boom"),
        ("__import__('os')._exit(0)", "Died"),
        ("def broken(:", "SyntaxError"),
        (GOOD.replace("def items", "def itemz"), "itemz"),
        (GOOD.replace("[ITEM]", "[ITEM, ITEM]"), "哪个村都启用不了它。插件 trial 的 thing 出现了两次"),
        (GOOD.replace("[ITEM]", "5"), "哪个村都启用不了它。插件 trial 的回答看不懂"),
        (GOOD.replace("做一件事。", "会后乱说扣分，上黑榜。"), "哪个村都启用不了它"),
    ],
)
def test_what_cannot_be_used_is_refused_with_nothing_left(
    tmp_path: Path, data_dir: Path, code: str, named: str
) -> None:
    status, told = plugin(data_dir, "install", parcel(tmp_path, code), "--unsigned", "--yes")
    assert status == 1
    assert named in told
    assert [one.name for one in (data_dir / "plugins").iterdir()] == []


def test_one_version_is_one_file(tmp_path: Path, data_dir: Path) -> None:
    assert plugin(data_dir, "install", parcel(tmp_path), "--unsigned", "--yes")[0] == 0
    assert plugin(data_dir, "install", parcel(tmp_path, GOOD + "#"), "--unsigned", "--yes")[0] == 1
    assert plugin(data_dir, "install", parcel(tmp_path, version="1.1.0"), "--unsigned", "--yes")[0] == 0
    there = plugin(data_dir, "install", parcel(tmp_path, name="dezhi-hello", version="0.1.0"), "--unsigned", "--yes")
    assert there[0] == 1
    assert "Python 环境" in there[1]
    newer = plugin(data_dir, "install", parcel(tmp_path, name="dezhi-hello", version="9.0.0"), "--unsigned", "--yes")
    assert newer[0] == 1
    assert "自带插件的名字" in newer[1]
