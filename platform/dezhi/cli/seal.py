"""`dezhi seal`: seal every book now, beside a running server or not, and print what goes on the wall."""

from pathlib import Path

import msgspec
import rich_click as click

from dezhi.app import utc_now
from dezhi.cli.terminal import console, data_dir_option, run, say, settings_with
from dezhi.core.text import N_, phrase
from dezhi.service.seals import Seals, Told, key_reader
from dezhi.settings import Settings
from dezhi.store.database import connect_beside


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object, for machines.")
@click.option("--new-key", is_flag=True, help="Begin a new key where the old one is lost for good.")
@data_dir_option
def seal(as_json: bool, new_key: bool, data_dir: Path | None) -> None:  # noqa: FBT001 - switches
    """Seal every book as it stands: print the short code for the wall, the signed note and the public key.

    A served installation does so by itself each night. Where nothing has moved since the last seal, that one is shown.
    Ends with 1 when a book does not begin with what was sealed last.
    """
    settings = settings_with(data_dir=data_dir)
    told = run(_seal(settings, new_key=new_key), settings)
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(_machine(told))).decode())
    elif told is None:
        console.print(say(N_("还没有账簿，没有什么可封的。")))
    else:
        _print(told)


async def _seal(settings: Settings, *, new_key: bool) -> Told | None:
    database = await connect_beside(settings.data_dir, settings.database_url)
    try:
        return await Seals(database, utc_now, key_reader(database, settings.seal_key)).seal(new_key=new_key)
    finally:
        await database.close()


def _machine(told: Told | None) -> dict[str, object]:
    if told is None:
        return {"seal": None}
    books = [{"book": one.book, "size": one.size, "root": one.root} for one in told.books]
    kept = {"number": told.number, "day": told.on, "at": told.at, "code": told.code, "new": told.new}
    return {"seal": {**kept, "books": books, "note": told.note, "key": told.key}}


def _print(told: Told) -> None:
    made = (
        N_("第 %(number)s 号封签做好了，%(day)s") if told.new else N_("上次封签以后没有新账：第 %(number)s 号，%(day)s")
    )
    console.print(say(phrase(made, number=told.number, day=told.on.isoformat())))
    console.print(f"\n  [bold]{told.code}[/bold]\n")
    for one in told.books:
        text = N_("  账簿%(book)s：%(events)s 笔，账本的印 %(root)s")
        console.print(say(phrase(text, book=one.book, events=f"{one.size:,}", root=one.root.hex()[:16])))
    console.print(say(N_("公钥：")), told.key, markup=False, soft_wrap=True)
    console.print("\n" + told.note, markup=False, soft_wrap=True)
