"""Seals for the wall and for everybody, one household's receipts, and the page that checks both without a network."""

from typing import Final
from urllib.parse import quote

import msgspec
from litestar import Controller, MediaType, Response, get
from litestar.params import FromPath, FromQuery
from litestar.response import Template

from dezhi.core import notes
from dezhi.core.calendar import from_micros, to_date
from dezhi.core.receipts import Consistency, Receipt
from dezhi.core.text import N_
from dezhi.core.tree import leaf_hash
from dezhi.service.house import House
from dezhi.service.journal import EntryRef, Told, no_entry
from dezhi.service.seals import Proof, Told as Seal
from dezhi.web import drawn, words
from dezhi.web.addresses import own_address
from dezhi.web.given import TheHouse, TheVisitor
from dezhi.web.languages import translate as _
from dezhi.web.rendering import BUILT, built_name, day, num
from dezhi.web.respond import frame, show
from dezhi.web.views import seals as views
from dezhi.web.views.frame import Option, Pager
from dezhi.web.views.public import SealMark
from dezhi.web.visitors import AnyRequest, Visitor, whole

PAGE: Final = 40
CHOICES: Final = 30
ROOT_SHOWN: Final = 16
PAPERS: Final = ("a4", "a5")
CHECKING: Final = "/verify"

TROUBLE: Final = {
    "seal-broken": N_("账和上次封签对不上：以前记的账被改过。请停止记账，运行 dezhi audit 查是哪一笔。"),
    "seal-key": N_("封签的密钥读不到。请检查 keys/seal（或者 DEZHI_SEAL_KEY 那个文件）在不在。"),
}


class SealPages(Controller):
    """What everybody may see."""

    @get(CHECKING, media_type=MediaType.HTML, opt={"skip_session": True, "exclude_from_csrf": True})
    async def verify(self) -> Response[bytes]:
        """The page that checks receipts: one file, the same from here, from a disk and from a memory stick."""
        page = (BUILT / built_name("verify.html")).read_bytes()
        # Its own policy stands in the file: it runs its own script and nothing else, and asks nobody for anything.
        _head, _mark, rest = page.decode().partition('http-equiv="content-security-policy" content="')
        policy = rest.partition('"')[0] + "; frame-ancestors 'none'"
        return Response(page, media_type=MediaType.HTML, headers={"content-security-policy": policy})

    @get("/seals")
    async def listed(
        self, request: AnyRequest, house: TheHouse, visitor: TheVisitor, before: FromQuery[str] = ""
    ) -> Template:
        found = await house.seals.listed(limit=PAGE + 1, **({"before": whole(before)} if whole(before) else {}))
        view = views.Seals(
            rows=tuple(_row(one) for one in found[:PAGE]),
            pager=Pager(
                newer="/seals" if before else "",
                older=f"/seals?before={found[PAGE - 1].number}" if len(found) > PAGE else "",
                text=_("新的在上"),
            ),
            nightly=await _nightly(house) if visitor.actor else None,
        )
        return show("public/seals.html", await frame(request, house, visitor), view)

    @get("/seals/{number:str}")
    async def one(
        self,
        request: AnyRequest,
        house: TheHouse,
        visitor: TheVisitor,
        number: FromPath[str],
        paper: FromQuery[str] = "",
    ) -> Template:
        seal = await house.seals.one(whole(number))
        view = await _seal(request, house, seal, paper if paper in PAPERS else PAPERS[0])
        return show("public/seal.html", await frame(request, house, visitor), view)

    @get("/seals/{number:str}/note", media_type=MediaType.TEXT)
    async def note(self, house: TheHouse, number: FromPath[str]) -> Response[str]:
        seal = await house.seals.one(whole(number))
        return Response(seal.note, headers=_as_file(f"dezhi-seal-{seal.number}.txt"))

    @get("/seals/{number:str}/proof/{book:str}")
    async def proof(
        self, house: TheHouse, number: FromPath[str], book: FromPath[str], to: FromQuery[str] = ""
    ) -> Response[bytes]:
        """That a book only grew from one seal to another, by default to the newest."""
        proof = await house.seals.consistency(whole(book), whole(number), whole(to) or None)
        return _file(proof.file, f"dezhi-seals-{whole(number)}-{proof.seal.number}.json")


class ReceiptPages(Controller):
    """The receipts of a household's own entries."""

    path = "/me/entry/{ref:str}/receipt"

    @get()
    async def receipt(
        self, request: AnyRequest, house: TheHouse, visitor: TheVisitor, ref: FromPath[str], seal: FromQuery[str] = ""
    ) -> Template:
        told = await _own_entry(house, visitor, ref)
        proof = await house.seals.receipt(told.ref, told.title, whole(seal) or None)
        home = visitor.need_resident().home
        view = await _receipt(request, house, told, proof)
        page = await frame(request, house, visitor, await house.places.region(home.village))
        return show("passbook/receipt.html", page, view)

    @get("/file")
    async def file(
        self, house: TheHouse, visitor: TheVisitor, ref: FromPath[str], seal: FromQuery[str] = ""
    ) -> Response[bytes]:
        told = await _own_entry(house, visitor, ref)
        proof = await house.seals.receipt(told.ref, told.title, whole(seal) or None)
        return _file(proof.file, f"dezhi-{told.ref}.json")


async def _own_entry(house: House, visitor: Visitor, ref: str) -> Told:
    resident = visitor.need_resident()
    told = await house.journal.entry(EntryRef.parse(ref))
    if told.entry.household != resident.home.id:
        # As if it did not exist: that somebody else has an entry of this number is nobody's business.
        raise no_entry()
    return told


def _as_file(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}


def _file(proof: Receipt | Consistency, name: str) -> Response[bytes]:
    return Response(file_of(proof), media_type=MediaType.JSON, headers=_as_file(name))


def file_of(proof: Receipt | Consistency) -> bytes:
    """A proof as the file that is handed out."""
    return msgspec.json.format(msgspec.json.encode(proof), indent=1)


def _row(seal: Seal) -> views.Row:
    entries = sum(one.size for one in seal.books)
    return views.Row(number=seal.number, day=seal.on, code=seal.code, entries=entries)


async def _nightly(house: House) -> views.Nightly | None:
    last = await house.nightly.last("seal")
    if last is None:
        return None
    other = N_("昨夜没有做成封签（%(code)s）。请看日志，或者运行 dezhi seal。")
    trouble = TROUBLE.get(last.trouble)
    text = "" if not last.trouble else _(trouble) if trouble else _(other) % {"code": last.trouble}
    return views.Nightly(at=from_micros(last.ended_at), trouble=text)


async def _seal(request: AnyRequest, house: House, seal: Seal, paper: str) -> views.Seal:
    names = await house.seals.names()
    newest = await house.seals.newest()
    grew = newest is not None and newest.number > seal.number
    return views.Seal(
        number=seal.number,
        day=seal.on,
        code=seal.code,
        note=seal.note,
        key=seal.key,
        qr_svg=drawn.qr(seal.note),
        books=tuple(
            views.Book(
                name=names.get(one.book) or _("账簿%(n)s") % {"n": one.book},
                entries=one.size,
                root=one.root.hex()[:ROOT_SHOWN],
                proof_href=f"/seals/{seal.number}/proof/{one.book}" if grew else "",
            )
            for one in seal.books
        ),
        address=_checking(request),
        paper=paper,
    )


async def _receipt(request: AnyRequest, house: House, told: Told, proof: Proof) -> views.Receipt:
    if not isinstance(proof.file, Receipt):
        raise TypeError("not a receipt")
    base, chosen = f"/me/entry/{told.ref}/receipt", proof.seal.number
    over = [
        one
        for one in await house.seals.listed(limit=CHOICES)
        if any(book.book == told.ref.book and book.size >= told.ref.seq for book in one.books)
    ]
    return views.Receipt(
        number=str(told.ref),
        day=to_date(told.entry.event_day),
        title=_(told.title),
        amounts=words.said(told.amounts),
        booked_at=told.posted_at,
        print_code=notes.fingerprint(leaf_hash(proof.file.body)),
        seal_number=chosen,
        seal_day=proof.seal.on,
        seal_code=proof.seal.code,
        held=proof.fault is None,
        file_href=f"{base}/file?seal={chosen}",
        # Behind the #, which stays in the browser.
        check_href=f"{CHECKING}#receipt={quote(msgspec.json.encode(proof.file), safe='')}",
        back=f"/me/entry/{told.ref}",
        seals=tuple(_choice(one, chosen) for one in over),
        address=_checking(request),
    )


def _choice(seal: Seal, chosen: int) -> Option:
    text = _("第 %(n)s 号，%(day)s") % {"n": num(seal.number), "day": day(seal.on)}
    return Option(value=str(seal.number), text=text, chosen=seal.number == chosen)


def _checking(request: AnyRequest) -> str:
    own = own_address(request)
    return own.partition("://")[2] + CHECKING if own else ""


def mark(seal: Seal | None) -> SealMark | None:
    """What the public page shows of the newest seal."""
    return None if seal is None else SealMark(code=seal.code, day=seal.on, href=f"/seals/{seal.number}")
