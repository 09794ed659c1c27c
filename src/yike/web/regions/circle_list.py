"""The list of circles (附件2): 序号、便民生活圈名称、包含社区、建设年限, out to a sheet and in from one."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side

from yike.sources.tabular import read_sheets
from yike.standards.normal import plain
from yike.web.regions.reading import CircleRow
from yike.web.ui.sheets import without_formulas

HEADERS = ("序号", "便民生活圈名称", "包含社区", "建设年限")
TITLE = "一刻钟便民生活圈名单"
EARLIEST, LATEST = 2015, 2050
MOST_NEAR = 20
_ENDS = re.compile(r"(社区)?(居民委员会|村民委员会|居委会|村委会)?$")
_BRACKET = re.compile(r"[（(]([^（()）]+)[）)]\s*$")
_BETWEEN = re.compile(r"[、,，;；\s]+")


@dataclass(frozen=True)
class Place:
    """A community in the register, to be found by its name."""

    key: int
    branch: str
    name: str


@dataclass(frozen=True)
class Found:
    """A community as the list writes it: which it is, or which it could be."""

    text: str
    is_lead: bool
    candidates: tuple[Place, ...]
    suggested: Place | None  # None when nothing fits

    is_near: bool = False  # no community is called so; these are called nearly so

    @property
    def is_open(self) -> bool:
        """Whether somebody must say which one is meant."""
        return len(self.candidates) > 1 or self.is_near


@dataclass(frozen=True)
class ListRow:
    """One circle of a list, read."""

    number: int  # row of the sheet
    name: str
    year: int | None
    communities: tuple[Found, ...]
    faults: tuple[tuple[str, str, str], ...] = field(default=())  # column, what is wrong, cure


def short(name: str) -> str:
    """A community as lists write it: ``光明巷社区居委会`` → ``光明巷``; a name that is nothing else stays."""
    return _ENDS.sub("", name.strip()) or name.strip()


def write_list(rows: Sequence[CircleRow], place: str, stream: IO[bytes]) -> None:
    """The list as a sheet in the structure of annex 2; a leading community stands in brackets."""
    book = Workbook()
    book.properties.creator = "yike"
    book.properties.created = book.properties.modified = dt.datetime(2000, 1, 1)
    sheet = book.worksheets[0]
    sheet.title = "名单"
    sheet.append([f"{place}{TITLE}"])
    sheet.merge_cells("A1:D1")
    sheet.append(HEADERS)
    for number, row in enumerate(rows, 1):
        lead = next((n for k, n in row.communities if k == row.circle.lead_community_id), "")
        others = [short(n) for k, n in row.communities if k != row.circle.lead_community_id]
        name = f"{row.circle.name}（{short(lead)}社区）" if lead else row.circle.name
        if row.circle.is_invented and "虚构" not in name:
            name += "〔含虚构数据〕"
        sheet.append([number, name, "、".join(others), row.circle.build_year])
    _dress(sheet)
    whole = io.BytesIO()
    without_formulas(book).save(whole)
    stream.write(whole.getvalue())


def _dress(sheet: object) -> None:
    thin = Side(style="thin")
    for letter, width in zip("ABCD", (7, 44, 56, 11), strict=True):
        sheet.column_dimensions[letter].width = width  # type: ignore[attr-defined]
    for line in sheet.iter_rows(min_row=1):  # type: ignore[attr-defined]
        for cell in line:
            is_head = cell.row <= 2
            cell.font = Font(name="SimSun", size=16 if cell.row == 1 else 11, bold=is_head)
            middle = "center" if is_head or cell.column in (1, 4) else "left"
            cell.alignment = Alignment(horizontal=middle, vertical="center", wrap_text=True)
            if cell.row > 1:
                cell.border = Border(thin, thin, thin, thin)
    page = sheet.page_setup  # type: ignore[attr-defined]
    page.orientation, page.paperSize, page.fitToWidth, page.fitToHeight = "portrait", 9, 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True  # type: ignore[attr-defined]
    sheet.print_title_rows = "2:2"  # type: ignore[attr-defined]


def read_list(path: Path, places: Iterable[Place]) -> list[ListRow]:
    """Every circle of a list; raises UnreadableFileError, or ValueError when no sheet has the headers."""
    known = _by_name(places)
    for sheet in read_sheets(path):
        for i, row in enumerate(sheet.rows):
            cells = [plain(str(c)) if c is not None else "" for c in row]
            columns = [next((j for j, c in enumerate(cells) if c.startswith(h)), -1) for h in HEADERS]
            if columns[1] >= 0 and columns[2] >= 0:
                body = zip(sheet.row_number[i + 1 :], sheet.rows[i + 1 :], strict=True)
                return [r for n, told in body if (r := _row(int(n), told, columns, known)) is not None]
    raise ValueError(path.name)


def _row(
    number: int, cells: Sequence[object], columns: Sequence[int], known: dict[str, list[Place]]
) -> ListRow | None:
    text = [str(cells[c]).strip() if 0 <= c < len(cells) and cells[c] is not None else "" for c in columns]
    name, listed, year_text = text[1].removesuffix("〔含虚构数据〕"), text[2], text[3]
    if not name and not listed:
        return None
    lead = _BRACKET.search(name)
    names = [(lead.group(1), True)] if lead else []
    names += [(part, False) for part in _BETWEEN.split(listed) if part]
    found = _settle([_find(t, is_lead, known) for t, is_lead in names])
    faults = [
        ("包含社区", f"没有叫“{f.text}”的社区", "请核对名称，或写 12 位区划代码")
        for f in found
        if not f.candidates
    ]
    year, fault = _year(year_text)
    faults += [fault] if fault else []
    if not name:
        faults.append(("便民生活圈名称", "没有名称", "请填写"))
    return ListRow(number, _BRACKET.sub("", name).strip(), year, tuple(found), tuple(faults))


def _year(text: str) -> tuple[int | None, tuple[str, str, str] | None]:
    digits = re.sub(r"\D", "", plain(text.removesuffix(".0")))
    if not text:
        return None, None
    if len(digits) == 4 and EARLIEST <= int(digits) <= LATEST:
        return int(digits), None
    return None, ("建设年限", f"“{text}”不是年份", f"请填 {EARLIEST}—{LATEST} 之间的四位年份")


def _by_name(places: Iterable[Place]) -> dict[str, list[Place]]:
    known: dict[str, list[Place]] = {}
    for place in places:
        known.setdefault(short(place.name), []).append(place)
        known.setdefault(place.branch, []).append(place)
    return known


def _find(text: str, is_lead: bool, known: dict[str, list[Place]]) -> Found:
    """By name or code; else those whose name has its characters in their order (罗一: 罗玉一)."""
    wanted = short(plain(text))
    if wanted in known:
        return Found(text, is_lead, tuple(known[wanted]), None)
    near = [
        p for name, found in known.items() if len(wanted) > 1 and _runs_through(wanted, name) for p in found
    ]
    return Found(text, is_lead, tuple(near[:MOST_NEAR]), None, is_near=True)


def _runs_through(wanted: str, name: str) -> bool:
    rest = iter(name)
    return all(letter in rest for letter in wanted)


def _settle(found: list[Found]) -> list[Found]:
    """Of several that fit, suggest the one in the others' street, else one of a street before a town's."""
    sure = [f.candidates[0].branch for f in found if not f.is_open and f.candidates]
    return [replace(f, suggested=_suggest(f.candidates, sure)) for f in found]


def _suggest(candidates: Sequence[Place], sure: Sequence[str]) -> Place | None:
    def near(place: Place) -> tuple[int, int, str]:
        shared = sum(place.branch[:9] == s[:9] for s in sure)
        is_street = place.branch[6:9] < "100"  # 001–099 are streets, 100 up towns, 200 up townships
        return (-shared, not is_street, place.branch)

    return min(candidates, key=near) if candidates else None
