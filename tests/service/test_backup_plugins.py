"""Plugins that were installed from files are in a backup, and back in their places after a restore."""

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec
import pytest

from copies import NOW, names_in, silent, take_it
from dezhi.core.backups import KeptFile
from dezhi.core.errors import Problem
from dezhi.host import stored
from dezhi.host.packages import FILE_MAX
from dezhi.service import backups
from dezhi.service.backups import Place
from dezhi.store import archive
from dezhi.store.database import connect
from parcels import keep, parcel
from workshop import GOOD

pytestmark = pytest.mark.sqlite

Files = dict[str, bytes]


@pytest.fixture
async def home(tmp_path: Path) -> Path:
    """An installation with a plugin in two versions."""
    data_dir = tmp_path / "home"
    await (await connect(data_dir)).close()
    keep(data_dir / "plugins", parcel(tmp_path, more={"trial/words/notes.txt": "一句话"}), signer="镇里")
    keep(data_dir / "plugins", parcel(tmp_path, GOOD.replace("=3", "=4"), version="1.1.0"))
    return data_dir


@pytest.fixture
async def backup(home: Path, tmp_path: Path) -> Path:
    file = tmp_path / "village.dezhi"
    done = await backups.back_up(Place(data_dir=home), file, NOW, silent)
    assert done.left_out == ()
    return file


def lying_in(data_dir: Path) -> Mapping[str, bytes]:
    folder = data_dir / "plugins"
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file() and file.name != stored.PULSE
    }


async def test_there_and_back_every_file_is_the_same(home: Path, backup: Path, tmp_path: Path) -> None:
    new = tmp_path / "new"
    await backups.restore(Place(data_dir=new), backup, None, silent)
    assert lying_in(new) == lying_in(home)
    found = [there for _, _, there in stored.find(new / "plugins")]
    assert [(one.record.version, one.record.signer) for one in found if isinstance(one, stored.Stored)] == [
        ("1.0.0", "镇里"),
        ("1.1.0", ""),
    ]
    assert stored.pulse(new / "plugins")
    assert names_in(new / "plugins") == [stored.PULSE, "trial"]


async def test_what_is_not_as_it_was_installed_is_left_out_and_said(home: Path, tmp_path: Path) -> None:
    next((home / "plugins").glob("trial/1.1.0/*/trial/__init__.py")).write_text("PLUGIN = 1")
    done = await backups.back_up(Place(data_dir=home), tmp_path / "village.dezhi", NOW, silent)
    assert [problem.code for problem in done.left_out] == ["plugin-altered"]
    assert {file.path.split("/")[1] for file in done.manifest.plugins} == {"1.0.0"}


async def test_what_is_there_already_stays(home: Path, backup: Path, tmp_path: Path) -> None:
    new = tmp_path / "new"
    keep(new / "plugins", parcel(tmp_path, version="2.0.0"))
    keep(new / "plugins", parcel(tmp_path, more={"trial/words/notes.txt": "一句话"}))
    before = lying_in(new)
    await backups.restore(Place(data_dir=new), backup, None, silent)
    assert lying_in(new).keys() == before.keys() | lying_in(home).keys()
    assert before.items() <= lying_in(new).items()


async def test_another_file_of_a_version_is_never_replaced(backup: Path, tmp_path: Path) -> None:
    new = tmp_path / "new"
    keep(new / "plugins", parcel(tmp_path, GOOD.replace("=3", "=5"), version="1.1.0"))
    before = lying_in(new)
    with pytest.raises(Problem) as refused:
        await backups.restore(Place(data_dir=new), backup, None, silent)
    assert refused.value.code == "version-taken"
    assert lying_in(new) == before
    assert names_in(new) == ["dezhi.lock", "plugins"]


def another_rule(files: Files) -> None:
    code = next(path for path in files if path.endswith("__init__.py"))
    files[code] = files[code].replace(b"=3", b"=9")


def without_a_record(files: Files) -> None:
    del files[next(path for path in files if path.endswith(stored.RECORD))]


def one_more(files: Files) -> None:
    files[f"{next(iter(files)).rpartition('/')[0]}/more.py"] = b""


def out_of_the_folder(files: Files) -> None:
    files["../../keys/pins/pins"] = bytes(32)


def within_but_out(files: Files) -> None:
    files["trial/1.0.0/ab/trial/../../../../../x"] = b"x"


def from_the_root(files: Files) -> None:
    files["trial/1.0.0/ab//x"] = b"x"


def too_large(files: Files) -> None:
    files[next(iter(files))] = bytes(FILE_MAX + 1)


def too_much(files: Files) -> None:
    place = "/".join(next(iter(files)).split("/")[:3])
    files.update({f"{place}/trial/{number}.txt": bytes(FILE_MAX) for number in range(12)})


@pytest.mark.parametrize(
    "change",
    [
        another_rule,
        without_a_record,
        one_more,
        out_of_the_folder,
        within_but_out,
        from_the_root,
        too_large,
        too_much,
    ],
)
async def test_whatever_was_changed_on_purpose_is_found_and_nothing_is_made(
    backup: Path, tmp_path: Path, change: Callable[[Files], None]
) -> None:
    forged, new = tmp_path / "forged.dezhi", tmp_path / "new"
    with archive.reading(backup) as reader, archive.writing(forged, take_it) as writer:
        files = {kept.path: reader.file(kept) for kept in reader.manifest.plugins}
        change(files)
        for kept in reader.manifest.tables:
            with writer.table(kept.table) as sink:
                for rows in reader.rows(kept):
                    sink.add(rows)
        for path, data in files.items():
            writer.add_file(path, data)
        writer.finish(msgspec.structs.replace(reader.manifest, plugins=tuple(writer.files)))
    with pytest.raises(Problem) as refused:
        await backups.restore(Place(data_dir=new), forged, None, silent)
    assert refused.value.code == "backup-damaged"
    assert [path for path in new.rglob("*") if path.name not in {"dezhi.lock", "plugins"}] == []
    assert sorted(path.name for path in tmp_path.iterdir() if "pins" in path.name or path.name == "x") == []


async def test_a_file_that_is_not_as_the_manifest_says_is_found_by_the_check(backup: Path, tmp_path: Path) -> None:
    with archive.reading(backup) as reader:
        kept = reader.manifest.plugins[0]
        for other in (
            KeptFile(path=kept.path, size=kept.size, sha256=hashlib.sha256(b"").hexdigest()),
            KeptFile(path=kept.path, size=kept.size - 1, sha256=kept.sha256),
            KeptFile(path="trial/nowhere", size=0, sha256=kept.sha256),
        ):
            with pytest.raises(Problem) as refused:
                reader.file(other)
            assert refused.value.code == "backup-damaged"
    assert backups.check(backup, silent).plugins
