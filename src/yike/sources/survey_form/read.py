"""Read returned survey forms."""

from __future__ import annotations

import itertools
import re
import zipfile
from pathlib import Path

from yike.errors import Fault, UnreadableFileError
from yike.sources.intake import fault
from yike.sources.survey_form.cells import Said, reason_of, said_in
from yike.sources.survey_form.document import read_document
from yike.sources.survey_form.grid import Grid, Raw, text_of
from yike.sources.survey_form.policy import reading
from yike.sources.survey_form.properties import properties_in
from yike.sources.survey_form.results import CellFault, Question, ReadForm, ReadForms
from yike.sources.survey_form.structure import Found, find_form, is_form
from yike.sources.survey_form.workbook import read_workbook
from yike.standards.survey_form import HEAD, cell_keys
from yike.standards.survey_words import words

MAX_FILE_BYTES = 30_000_000
MAX_PART_BYTES = 20_000_000
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_OLD_WORD = "WordDocument".encode("utf-16-le")
_CODE = re.compile(r"表号\s*[:：]?\s*([0-9A-Za-z][0-9A-Za-z_\-]*)")
_REVISION = re.compile(r"修订\s*[:：]?\s*(\d+)")
_VERSION = re.compile(r"版次\s*[:：]?\s*(\d{1,9})")
_CIRCLE_CODE = re.compile(r"生活圈编号\s*[:：]?\s*(\S+)")
_CARRIED = re.compile(r"(?:表号|生活圈编号) \S")
_OF_SHEET = re.compile(r"工作表“(.*)”：(.*)")


def read_forms(path: Path) -> ReadForms:
    """
    Read every survey form of a file.

    Parameters
    ----------
    path
        .xlsx, .xls, .et, .ods or .docx, written by us or made by hand; the content decides, not the suffix.

    Returns
    -------
    ReadForms
        ``faults`` tells sheets whose structure was changed (level "error"; nothing is read from them), what
        stands beside a form ("warning"), and a file without any form.

    Raises
    ------
    UnreadableFileError
        Missing, damaged, encrypted, a zip bomb, or neither a workbook nor a document.
    """
    grids = _grids(path)
    told = _told_of_sheets(grids)
    forms: list[ReadForm] = []
    faults: list[Fault] = []
    some = [g for g in grids if g.name != words()["source_sheet"] and is_form(g)]
    kept = properties_in(path)
    for grid in some:
        carried = _with_kept(f"{grid.carried}　{told.get(grid.name, '')}", kept, len(some))
        found = find_form(grid, path.name, bool(_CODE.search(carried)))
        faults += found.faults
        if not found.is_changed:
            forms.append(_form(grid, found, carried))
    if not some:
        faults.append(
            fault("form.none", file=path.name, found="、".join(g.name for g in grids) or "没有表格")
        )
    return ReadForms(tuple(forms), tuple(faults))


def _grids(path: Path) -> list[Grid]:
    if not path.is_file():
        raise UnreadableFileError("table.file.missing", file=path.name)
    size = path.stat().st_size
    if size == 0:
        raise UnreadableFileError("table.file.empty", file=path.name)
    if size > MAX_FILE_BYTES:
        limit = f"{MAX_FILE_BYTES // 1_000_000} MB"
        raise UnreadableFileError(
            "table.file.large", file=path.name, found=f"{size / 1e6:.0f} MB", limit=limit
        )
    if zipfile.is_zipfile(path):
        _refuse_large_parts(path)
        return read_document(path) if _is_document(path) else read_workbook(path)
    content = path.read_bytes()
    if content[:8] != _OLE:
        raise UnreadableFileError("form.file.kind", file=path.name)
    if _OLD_WORD in content:
        raise UnreadableFileError("form.file.old_word", file=path.name)
    return read_workbook(path)


def _refuse_large_parts(path: Path) -> None:
    """Text that unpacks to more than any form holds would fill the memory once parsed."""
    with zipfile.ZipFile(path) as packed:
        for part in packed.infolist():
            if part.file_size > MAX_PART_BYTES and part.filename.endswith((".xml", ".rels", ".vml")):
                found = f"{part.file_size / 1e6:.0f} MB"
                raise UnreadableFileError("table.file.bomb", file=path.name, found=found)


def _is_document(path: Path) -> bool:
    with zipfile.ZipFile(path) as packed:
        return any(name.startswith("word/") for name in packed.namelist())


def _told_of_sheets(grids: list[Grid]) -> dict[str, str]:
    """Page codes by sheet, as the sheet 数据来源 lists them."""
    told: dict[str, str] = {}
    if any(grid.is_document for grid in grids):  # one form, and a page behind it
        lines = [text for g in grids for place in sorted(g.cells) if _CARRIED.match(text := g.text(*place))]
        return {g.name: "　".join(lines) for g in grids}
    for grid in grids:
        if grid.name == words()["source_sheet"]:
            for place in sorted(grid.cells):
                if found := _OF_SHEET.fullmatch(grid.text(*place)):
                    told[found[1]] = found[2]
    return told


def _with_kept(carried: str, kept: tuple[str, ...], n_forms: int) -> str:
    """
    With what the file's properties say of a form, which stays when feet and the second sheet are lost.

    By its page code; a single form without one is the single form that the file was written with.
    """
    code = _first(_CODE, carried)
    own = [line for line in kept if _first(_CODE, line) == code]
    if not code and n_forms == 1 and len(kept) == 1:
        own = list(kept)
    return "　".join([carried, *own])


def _form(grid: Grid, found: Found, carried: str) -> ReadForm:
    """Everything a sheet of the right structure says."""
    texts, cells = {}, {}
    said: dict[str, Said] = {}
    for key, raw, place in _raws(grid, found):
        texts[key], cells[key] = text_of(raw).strip(), place
        said[key] = _said(grid, found, key, raw)
    faults = tuple(
        CellFault(key, cells[key], texts[key], *reason_of(s.fault, key, texts[key]))
        for key, s in said.items()
        if s.fault
    )
    questions = tuple(
        Question(key, cells[key], texts[key], s.suggested, "".join(reason_of(s.ask, key, texts[key])))
        for key, s in said.items()
        if s.ask
    )
    values = {key: s.value for key, s in said.items() if not s.fault}
    return ReadForm(
        values,
        texts,
        cells,
        faults,
        questions,
        circle_name=str(values.get("circle") or ""),
        circle_code=_first(_CIRCLE_CODE, carried),
        code=_first(_CODE, carried),
        revision=int(_first(_REVISION, carried) or 0),
        version=int(version) if (version := _first(_VERSION, carried)) else None,
    )


def _said(grid: Grid, found: Found, key: str, raw: Raw) -> Said:
    if found.places.get(key) in grid.broken:
        is_formula = text_of(raw).startswith("=")
        return Said(fault="form.formula.unsaved" if is_formula else "form.formula.error")
    return said_in(key, raw)


def _raws(grid: Grid, found: Found) -> list[tuple[str, Raw, str]]:
    """Cells of the form in its order: key, what stands there, and where."""
    by_line = _of_lines(found.lines) if found.lines is not None else {}
    raws: list[tuple[str, Raw, str]] = []
    for key in cell_keys():
        if key in by_line:
            raws.append((key, by_line[key], f"{grid.name} “{words()[key].rstrip('：')}”"))
        elif key in found.places:
            place = found.places[key]
            raw = grid.cells.get(place)
            if found.labels.get(key) and key in HEAD:
                raw = _without_label(key, raw, found.labels[key])
            raws.append((key, raw, grid.place(*place)))
    return raws


def _without_label(key: str, raw: Raw, label: str) -> Raw:
    """The value behind its label in one cell; a cell without the label is all value."""
    if not isinstance(raw, str):
        return raw
    text = re.sub(rf"^\s*{re.escape(label.rstrip('：'))}\s*[：:﹕]?\s*", "", raw, count=1)
    return _tidy(key, text)


def _tidy(key: str, text: str) -> str:
    return text.strip().removesuffix(words()["invented"]).strip() if key == "circle" else text.strip()


def _of_lines(lines: tuple[str, ...]) -> dict[str, str]:
    """Circle, city and date out of the lines above a form made by hand."""
    labels = [(word, key) for key, all_words in reading()["line_words"].items() for word in all_words]
    pattern = re.compile(
        "(" + "|".join(re.escape(w) for w, _ in sorted(labels, key=lambda w: -len(w[0]))) + r")\s*[：:﹕]"
    )
    key_of = dict(labels)
    found: dict[str, str] = {}
    for line in lines:
        hits = list(pattern.finditer(line))
        for hit, after in itertools.zip_longest(hits, hits[1:]):
            text = line[hit.end() : after.start() if after else None]
            found.setdefault(key_of[hit[1]], _tidy(key_of[hit[1]], text.strip(" 　\t\n")))
    return found


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found[1] if found else ""
