"""Seals: the list, the notice on the wall, and a household's receipt."""

from datetime import date

from dezhi.web.views import frame, public, seals
from samples.common import NOW, TODAY, VILLAGE, qr

CODE = "7KQM-2XWP-RB9D-HH4T-VN6C"
CODES = (CODE, "M3TP-9KQW-X2HD-7RBN-5VCA", "D8WJ-UPFB-4QZE-N2YK-H9GT")
KEY = "dezhi/620902+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
NOTE = """dezhi/620902
1
bjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0=
day 2026-11-22

— dezhi/620902 x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
"""

MARK = public.SealMark(code=CODE, day=TODAY, href="/seals/41")

LISTED = seals.Seals(
    rows=tuple(
        seals.Row(number=41 - at, day=date(2026, 11, 22 - at), code=CODES[at % 3], entries=5_120 - 40 * at)
        for at in range(0, 20, 5)
    ),
    pager=frame.Pager(older="/seals?before=21", text="新的在上"),
    nightly=seals.Nightly(at=NOW),
)
BROKEN = seals.Seals(
    rows=LISTED.rows[:1],
    nightly=seals.Nightly(
        at=NOW, trouble="账和上次封签对不上：以前记的账被改过。请停止记账，运行 dezhi audit 查是哪一笔。"
    ),
)
BOOKS = (
    seals.Book(name="上坝镇", entries=5_120, root="6e340b9cffb37a98", proof_href="/seals/40/proof/1"),
    seals.Book(name="清水镇", entries=31_022, root="fac54203e7cc696c", proof_href="/seals/40/proof/2"),
)
SEAL = seals.Seal(
    number=40,
    day=TODAY,
    code=CODE,
    note=NOTE,
    key=KEY,
    qr_svg=qr(NOTE),
    books=BOOKS,
    address="yinger.example/verify",
)

RECEIPT = seals.Receipt(
    number="1-202611-4120",
    day=TODAY,
    title="参加村道清扫",
    amounts="道德积分加5分",
    booked_at=NOW,
    print_code="H7RD-KK3N-9TXB-W2QM-4CVP",
    seal_number=41,
    seal_day=TODAY,
    seal_code=CODE,
    held=True,
    file_href="/me/entry/1-202611-4120/receipt/file?seal=41",
    check_href="/verify#receipt=%7B%7D",
    back="/me/entry/1-202611-4120",
    seals=(
        frame.Option(value="41", text="第 41 号，2026年11月22日", chosen=True),
        frame.Option(value="40", text="第 40 号，2026年11月21日"),
    ),
    address=f"yinger.example/{VILLAGE}/verify",
)
