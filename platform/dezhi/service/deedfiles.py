"""Files of deeds, read piece by piece: CSV (UTF-8 or GB 18030) or a line of JSON each."""

import csv
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Final, Self

import msgspec

from dezhi.core.deedlines import COLUMNS, TOLD, DeedLine, check_columns, column_of, read_line
from dezhi.core.errors import Problem
from dezhi.core.text import N_, Translate

PIECE: Final = 1 << 20
CELL_MAX: Final = 4_096
"""Characters in one cell or one line: a quotation mark that is never closed must not read the whole file."""

_JSON: Final = {".ndjson", ".jsonl"}
_object = msgspec.json.Decoder(dict[str, str | int | None])


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a file, counted from 1 as an editor shows it: a deed, or what is wrong with the line."""

    number: int
    raw: Mapping[str, str]
    deed: DeedLine | None = None
    wrong: Problem | None = None


class DeedFile:
    """A file of deeds. Its digest names it: the same bytes are the same file, whatever it is called."""

    def __init__(self, path: Path, village: str = "", *, opening: bool = False) -> None:
        """Read it through once. `village` is that of lines that name none; `opening` makes it one of balances.

        Raises OSError for a file that cannot be read, Problem `file-text` for one that is no text.
        """
        self.path = path
        self._village = village
        self.opening = opening
        self._is_json = path.suffix.lower() in _JSON
        digest, self.lines = hashlib.sha256(), 0
        with path.open("rb") as file:
            while piece := file.read(PIECE):
                digest.update(piece)
                self.lines += piece.count(b"\n")
        self.digest = digest.hexdigest()
        self._encoding = self._find_encoding()

    def _find_encoding(self) -> str:
        for encoding in ("utf-8-sig", "gb18030"):
            try:
                with self.path.open(encoding=encoding) as file:
                    while file.read(PIECE):
                        pass
            except UnicodeDecodeError:
                continue
            return encoding
        raise Problem("file-text", N_("文件既不是 UTF-8 也不是 GB 18030，没有读取。请另存为 CSV（UTF-8）再试。"))

    def key(self, line: Sent) -> str:
        """The ledger's key of a line: its own, or one made of the file and the line's number."""
        return (line.deed.key if line.deed else "") or f"{self.digest[:32]}:{line.number}"

    def read(self) -> Iterator[Sent]:
        """Every line that is not blank. Raises Problem for a header that does not say what is needed."""
        with self.path.open(encoding=self._encoding, newline="") as file:
            yield from self._of_json(file) if self._is_json else self._of_csv(file)

    def _of_csv(self, file: IO[str]) -> Iterator[Sent]:
        csv.field_size_limit(CELL_MAX)
        rows = csv.reader(file)
        try:
            titles = next(rows, [])
            names = [column_of(title) for title in titles]
            check_columns(names, opening=self.opening)
            for row in rows:
                if any(cell.strip() for cell in row):
                    cells = [*row, *[""] * (len(titles) - len(row))][: len(titles)]
                    # Spreadsheets leave several columns without a title at the end.
                    raw = {title: cell for title, cell in zip(titles, cells, strict=True) if title.strip()}
                    values = {name: cell for name, cell in zip(names, cells, strict=True) if name is not None}
                    yield self._sent(rows.line_num, raw, values)
        except csv.Error as broken:
            text = N_("第%(row)s行读不下去：有一格太长，或者引号没有成对。前面的行照常，请改好以后再导入一次。")
            raise Problem("file-csv", text, row=rows.line_num) from broken

    def _of_json(self, file: IO[str]) -> Iterator[Sent]:
        for number, text in enumerate(iter(lambda: file.readline(CELL_MAX), ""), start=1):
            if not text.strip():
                continue
            try:
                told = _object.decode(text)
                raw = {name: "" if value is None else str(value) for name, value in told.items()}
                values = {column: value for name, value in raw.items() if (column := column_of(name)) is not None}
            except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
                wrong = Problem("line-json", N_("这一行不是完整的 JSON，没有记。"))
                yield Sent(number=number, raw={"text": text.strip()}, wrong=wrong)
            except Problem as wrong:
                yield Sent(number=number, raw=raw, wrong=wrong)
            else:
                yield self._sent(number, raw, values)

    def _sent(self, number: int, raw: Mapping[str, str], values: Mapping[str, str]) -> Sent:
        try:
            return Sent(number=number, raw=raw, deed=read_line(values, self._village, opening=self.opening))
        except Problem as wrong:
            return Sent(number=number, raw=raw, wrong=wrong)

    def bad_lines(self, translate: Translate) -> "BadLines":
        """Where the lines are written that were not booked."""
        return BadLines(
            self.path.with_name(f"{self.path.stem}.bad{self.path.suffix}"), translate, is_json=self._is_json
        )


class BadLines:
    """The lines that were not booked, as they were, with what is wrong: mended, the file can be imported itself.

    The file is made with the first of them.
    """

    def __init__(self, path: Path, translate: Translate, *, is_json: bool) -> None:
        self.path = path
        self.count = 0
        self._translate = translate
        self._is_json = is_json
        self._file: IO[str] | None = None
        self._titles: Sequence[str] = ()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()

    def add(self, line: Sent, problem: Problem) -> None:
        """Write one. Raises OSError where it cannot be written."""
        told = [str(line.number), problem.field or "", problem.say(self._translate)]
        kept: dict[str, Any] = {name: value for name, value in line.raw.items() if name not in TOLD}
        if self._file is None:
            self._file = self.path.open("w", encoding="utf-8" if self._is_json else "utf-8-sig", newline="")
            self._titles = [*kept] or [*COLUMNS]
            if not self._is_json:
                csv.writer(self._file).writerow([*self._titles, *TOLD])
        if self._is_json:
            shown = {name: int(value) if name == "line" else value for name, value in zip(TOLD, told, strict=True)}
            self._file.write(json.dumps(kept | shown, ensure_ascii=False) + "\n")
        else:
            csv.writer(self._file).writerow([*(kept.get(name, "") for name in self._titles), *told])
        self.count += 1
