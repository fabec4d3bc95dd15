"""A plugin's file is judged before anything of it runs; what was installed is loaded only as it was installed."""

import hashlib
import os
import socket
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Never

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from dezhi.core.errors import Problem
from dezhi.host import Directory, stored
from dezhi.host.packages import read_package
from dezhi.host.signatures import signer_of, trusted_keys
from dezhi.host.versions import choose
from parcels import add_link, keep, parcel, toml_of
from workshop import GOOD

HELLO = Path(__file__).resolve().parents[2] / "plugins" / "dezhi-hello"


def refused(file: Path) -> Problem:
    with pytest.raises(Problem) as caught:
        read_package(file)
    return caught.value


def test_a_folder_a_zip_and_a_wheel_are_read(tmp_path: Path) -> None:
    folder = read_package(HELLO)
    assert (folder.manifest.name, folder.manifest.version) == ("dezhi-hello", "0.1.0")
    assert "__init__.py" in folder.files
    assert read_package(HELLO).sha == folder.sha
    wheel = parcel(tmp_path, more={"trial-1.0.0.dist-info/METADATA": "Metadata-Version: 2.4\nVersion: 1.0.0\n\nhi"})
    assert read_package(wheel).sha == hashlib.sha256(wheel.read_bytes()).hexdigest()
    assert set(read_package(wheel).files) == {"__init__.py", "plugin.toml"}


@pytest.mark.row("PL-09")
@pytest.mark.parametrize(
    ("more", "named"),
    [
        ({"../../evil.py": "1"}, "../../evil.py"),
        ({"/etc/evil": "1"}, "/etc/evil"),
        ({"trial//etc/evil": "1"}, "trial//etc/evil"),
        ({"trial/./evil.py": "1"}, "trial/./evil.py"),
        ({"trial/a": "1", "trial/a/b.py": "1"}, "trial/a"),
        ({f"trial/{'长' * 90}.py": "1"}, "长长"),
        ({"trial/fast.SO": b"\x7fELF"}, "fast.SO"),
        ({"trial/plugin.toml": "x = " + "[" * 20_000}, "plugin.toml"),
        ({"trial/plugin.toml": "x = " + "9" * 6_000}, "plugin.toml"),
        ({"trial\\evil.py": "1"}, "trial"),
        ({"c:/evil.py": "1"}, "c:/evil.py"),
        ({f"{'a/' * 20}x.py": "1"}, "a/a"),
        ({"trial/fast.so": b"\x7fELF"}, "fast.so"),
        ({"trial/Data.txt": "1", "trial/data.txt": "2"}, "data.txt"),
        ({"trial/bomb.txt": b"0" * 3_000_000}, "bomb.txt"),
        ({f"trial/{number}.txt": b"0" * 1_900_000 for number in range(12)}, ".txt"),
        ({f"trial/{number}.txt": b"" for number in range(1_100)}, "zip"),
        ({"other/plugin.toml": toml_of("other"), "other/__init__.py": ""}, "2"),
        ({"trial-1.0.0.dist-info/METADATA": "Version: 9.9.9\n"}, "9.9.9"),
    ],
)
def test_what_no_plugin_has_is_refused_by_its_place(
    tmp_path: Path, more: Mapping[str, str | bytes], named: str
) -> None:
    assert named in refused(parcel(tmp_path, more=more)).say()


def test_links_broken_archives_and_secrets_are_refused(tmp_path: Path) -> None:
    file = parcel(tmp_path)
    add_link(file, "trial/link.py", "/etc/passwd")
    assert refused(file).code == "package-refused"
    half = tmp_path / "half.zip"
    half.write_bytes(parcel(tmp_path, version="1.0.1").read_bytes()[:300])
    assert refused(half).code == "package-refused"
    folder = tmp_path / "linked"
    folder.mkdir()
    (folder / "plugin.toml").write_text(toml_of(), "utf-8")
    (folder / "__init__.py").symlink_to("/etc/passwd")
    assert "__init__.py" in refused(folder).say()


def test_a_manifest_that_is_missing_or_wrong_is_named(tmp_path: Path) -> None:
    file = tmp_path / "none.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("trial/__init__.py", GOOD)
    assert refused(file).code == "package-manifest"
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("trial/plugin.toml", "name = 1")
    assert refused(file).code == "manifest-wrong"
    with zipfile.ZipFile(tmp_path / "later.zip", "w") as archive:
        archive.writestr("trial/__init__.py", GOOD)
        archive.writestr("trial/plugin.toml", toml_of().replace("[1, 1]", "[2, 2]"))
    assert refused(tmp_path / "later.zip").code == "manifest-api"
    with zipfile.ZipFile(tmp_path / "deep.zip", "w") as archive:
        archive.writestr("trial/__init__.py", GOOD)
        archive.writestr("trial/plugin.toml", toml_of() + "a." * 20_000 + "b = 1")  # ten seconds for the reader
    assert "a.a.a" in refused(tmp_path / "deep.zip").say()


@pytest.mark.row("PL-09")
def test_an_altered_file_is_refused_at_load_by_its_name(tmp_path: Path) -> None:
    store = tmp_path / "plugins"
    there = keep(store, parcel(tmp_path))
    file = there.folder / "__init__.py"
    original = file.read_bytes()
    changes = {
        "__init__.py": lambda: file.write_bytes(original + b"#"),
        "more.py": lambda: (there.folder / "more.py").write_text(""),
        "plugin.toml": (there.folder / "plugin.toml").unlink,
    }
    for name, change in changes.items():
        change()
        directory = Directory(store=store)
        (fault,) = directory.faults
        assert (fault.name, fault.version, fault.problem.code) == ("trial", "1.0.0", "plugin-altered")
        assert name in fault.text
        keep(store, parcel(tmp_path))
    (there.place / stored.RECORD).write_text("{}")
    assert Directory(store=store).faults[0].problem.code == "plugin-altered"


@pytest.mark.row("PL-09")
def test_it_installs_with_no_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unplugged(*_: object) -> Never:
        raise OSError("the cable is out")

    monkeypatch.setattr(socket.socket, "connect", unplugged)
    monkeypatch.setattr(socket, "getaddrinfo", unplugged)
    store = tmp_path / "plugins"
    keep(store, parcel(tmp_path))
    directory = Directory(store=store)
    assert list(directory.plugins) == ["trial"]
    directory.close()


@pytest.mark.row("PL-09")
def test_a_strangers_file_is_not_the_newer_version_of_one_of_ours(tmp_path: Path) -> None:
    store = tmp_path / "plugins"
    keep(store, parcel(tmp_path, name="dezhi-hello", version="0.1.9"))
    directory = Directory(["dezhi_hello"], store=store)
    assert [one.version for one in directory.versions("dezhi-hello")] == ["0.1.0"]
    (fault,) = directory.faults
    assert (fault.version, fault.problem.code) == ("0.1.9", "package-ours")
    directory.close()


def test_one_file_of_a_version_stays_and_can_be_taken_away(tmp_path: Path) -> None:
    store = tmp_path / "plugins"
    keep(store, parcel(tmp_path))
    keep(store, parcel(tmp_path, GOOD + "\n"))
    assert [(name, version) for name, version, _ in stored.find(store)] == [("trial", "1.0.0")]
    before = stored.pulse(store)
    assert stored.remove(store, "trial", "1.0.0")
    assert stored.pulse(store) != before
    assert not stored.remove(store, "trial", "1.0.0")
    assert list(stored.find(store)) == []


def test_whose_signature_it_is(tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    keys.mkdir()
    county, stranger = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    pem = county.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (keys / "county.pem").write_bytes(pem)
    trusted = trusted_keys(keys)
    assert signer_of(b"file", county.sign(b"file"), trusted) == "county"
    for signature in (stranger.sign(b"file"), county.sign(b"other"), b"", b"no base64!"):
        with pytest.raises(Problem) as caught:
            signer_of(b"file", signature, trusted)
        assert caught.value.code == "signature-wrong"
    assert trusted_keys(None) == {}
    (keys / "bad.pem").write_bytes(b"nothing")
    with pytest.raises(Problem) as caught:
        trusted_keys(keys)
    assert "bad.pem" in caught.value.say()


@pytest.mark.parametrize(
    ("wanted", "there", "chosen"),
    [
        ("1.0.0", ["1.0.0", "1.1.0"], "1.0.0"),
        ("1.0.0", ["1.2.0", "1.10.0"], "1.2.0"),
        ("1.9.0", ["1.10.0"], "1.10.0"),
        ("1.1.0", ["1.0.0"], None),
        ("1.0.0", ["2.0.0"], None),
        ("1.0.0rc1", ["1.0.0"], "1.0.0"),
        ("1.0.0", [], None),
    ],
)
def test_which_version_stands_in(wanted: str, there: list[str], chosen: str | None) -> None:
    assert choose(wanted, there) == chosen


async def test_a_plugin_under_development_is_read_again_when_it_changes(tmp_path: Path) -> None:
    folder = tmp_path / "my-plugin" / "trial"
    folder.mkdir(parents=True)
    (folder / "plugin.toml").write_text(toml_of(), "utf-8")
    (folder / "__init__.py").write_text("raise RuntimeError('not yet')", "utf-8")
    directory = Directory(folders=[folder.parent])
    (fault,) = directory.faults
    assert "RuntimeError: not yet" in fault.text
    assert not await directory.refresh()
    (folder / "__init__.py").write_text(GOOD, "utf-8")
    os.utime(folder / "__init__.py", (1, 1))
    assert await directory.refresh()
    first = directory.plugins["trial"]
    (folder / "__init__.py").write_text(GOOD.replace("一件事", "另一件"), "utf-8")
    assert await directory.refresh()
    second = directory.plugins["trial"]
    assert first.functions["items"].call()[0].title == "一件事"
    assert second.functions["items"].call()[0].title == "另一件"
    assert first.key != second.key
    (folder / "__init__.py").write_text("def broken(:", "utf-8")
    assert await directory.refresh()
    assert "SyntaxError" in directory.faults[0].text


def project(name: str = "trial", version: str = "1.0.0", points: str = "") -> str:
    return f'[project]\nname = "{name}"\nversion = "{version}"\n{points}'


POINTS = '[project.entry-points."dezhi.plugins"]\n{} = "trial"\n'


@pytest.mark.row("PL-09")
@pytest.mark.parametrize(
    ("papers", "named"),
    [
        ({"pyproject.toml": project(version="0.9.0")}, "1.0.0 ≠ 0.9.0"),
        ({"pyproject.toml": project("other")}, "trial ≠ other"),
        ({"pyproject.toml": project("x", points=POINTS.format("other"))}, "trial ≠ other"),
        ({"pyproject.toml": "[project"}, "pyproject.toml"),
        ({"trial-1.0.0.dist-info/METADATA": "Name: other\nVersion: 1.0.0\n\n"}, "trial ≠ other"),
        (
            {
                "trial-1.0.0.dist-info/METADATA": "Name: trial\nVersion: 1.0.0\n\n",
                "trial-1.0.0.dist-info/entry_points.txt": "[dezhi.plugins]\nother = trial\n",
            },
            "trial ≠ other",
        ),
    ],
)
def test_papers_that_tell_something_else_are_refused(tmp_path: Path, papers: Mapping[str, str], named: str) -> None:
    assert named in refused(parcel(tmp_path, more=papers)).say()
    folder = tmp_path / "folder"
    with zipfile.ZipFile(parcel(tmp_path, more=papers)) as archive:
        archive.extractall(folder)
    assert named in refused(folder).say()
    if "pyproject.toml" in papers:
        (fault,) = Directory(folders=[folder]).faults
        assert named in fault.text


@pytest.mark.parametrize(
    "told", [project(), project("Trial"), project("x", points=POINTS.format("trial")), "[tool.x]\n", "project = 3"]
)
def test_papers_that_tell_the_same_or_nothing_are_no_matter(tmp_path: Path, told: str) -> None:
    assert read_package(parcel(tmp_path, more={"pyproject.toml": told})).manifest.name == "trial"


@pytest.mark.parametrize("letter", ["\u202e", "\u2066", "\u0007"])
def test_a_title_that_shows_something_else_than_it_says_is_refused(tmp_path: Path, letter: str) -> None:
    told = toml_of().replace('zh = "试"', f'zh = "试\\u{ord(letter):04x}"')
    assert f"U+{ord(letter):04X}" in refused(parcel(tmp_path, more={"trial/plugin.toml": told})).say()
