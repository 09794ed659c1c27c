"""The official form as a page shows it: the printed grid, and beside each figure where it comes from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from yike.standards.survey_form import (
    BASIC_ROWS,
    COLUMNS,
    HEAD,
    LAYOUTS,
    OPERATORS,
    QUALITY_ROWS,
    SUMMED,
    TOTAL,
    FormDoc,
    Value,
    cell_keys,
    kind_of,
    printed,
)
from yike.standards.survey_words import cell_name
from yike.standards.survey_words import words as form_words
from yike.web.returns import words
from yike.web.returns.cells import Source, total_of
from yike.web.returns.checks import Finding
from yike.web.ui.words import thousands


@dataclass(frozen=True)
class Option:
    """One box of a cell with boxes."""

    code: str
    label: str
    is_on: bool


@dataclass(frozen=True)
class CellView:
    """One cell of the page."""

    key: str
    label: str
    unit: str
    kind: str
    text: str  # as it is typed
    printed: str  # as it stands on paper
    persons: str  # the persons behind 万人
    mark: str = ""
    mark_word: str = ""
    said: str = ""
    stands: str = ""  # what the register says, as typed
    differs: bool = False
    comment: str = ""
    fault: str = ""
    severity: str = ""
    told: str = ""  # findings in a sentence
    notes: Sequence[Any] = ()
    options: Sequence[Option] = ()
    is_editable: bool = False
    is_sum: bool = False  # a 合计: blank is the sum of its rows
    saved: str | None = None  # what is kept, where ``text`` was typed and is not kept yet

    @property
    def dom_id(self) -> str:
        """A name that addresses and scripts can point to."""
        return "cell-" + self.key.replace(".", "-")

    @property
    def css(self) -> str:
        """Classes: kind, worst finding, whether it differs from its source, whether it is open."""
        worst = "error" if self.fault else self.severity
        names = ("cell", f"k-{self.kind}", worst and f"has-{worst}", self.differs and "differs",
                 self.is_editable and "open")  # fmt: skip
        return " ".join(n for n in names if n)

    @property
    def attributes(self) -> SafeString:
        """What scripts and phones need to know; put together here, which halves the page's time."""
        told = {"key": self.key, "kind": self.kind, "label": self.label, "unit": self.unit}
        told |= {"column": self.column, "stands": self.stands, "said": self.said, "told": self.told}
        pairs = [(f"data-{name}", text) for name, text in told.items() if text]
        pairs += [("data-sum", "")] if self.is_sum else []
        pairs += [("data-saved", self.saved)] if self.saved is not None else []
        return format_html_join(" ", '{}="{}"', pairs)

    @property
    def column(self) -> str:
        """What its column is called, with the unit that is typed: for the cards of a phone."""
        return words.COLUMN_WORDS.get(self.key.partition(".")[2], "")

    @property
    def asks_why(self) -> bool:
        """Whether a comment belongs to the cell."""
        return self.differs or bool(self.comment)


@dataclass(frozen=True)
class RowView:
    """One business type."""

    code: str
    label: str
    cells: Sequence[CellView]


@dataclass(frozen=True)
class SheetView:
    """The whole form."""

    words: Mapping[str, Any]
    head: Mapping[str, CellView]
    total: RowView
    groups: Sequence[tuple[str, Sequence[RowView]]]
    count_decimals: int
    rounding: str
    is_editable: bool
    rounding_note: str = ""

    @property
    def cells(self) -> list[CellView]:
        """All cells in the form's order."""
        rows = [self.total, *(r for _, rows in self.groups for r in rows)]
        return [*self.head.values(), *(c for r in rows for c in r.cells)]

    @property
    def overridden(self) -> list[CellView]:
        """Cells that say something else than the register, or had to."""
        return [c for c in self.cells if c.asks_why]


@dataclass(frozen=True)
class Beside:
    """What stands beside the values: sources, comments, findings, notes, and what could not be read."""

    sources: Mapping[str, Source] = field(default_factory=dict)
    comments: Mapping[str, str] = field(default_factory=dict)
    findings: Sequence[Finding] = ()
    notes: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    typed: Mapping[str, str] = field(default_factory=dict)  # texts not kept yet
    kept: Mapping[str, Value] = field(default_factory=dict)  # what is kept, where a text was typed
    faults: Mapping[str, str] = field(default_factory=dict)


def sheet_of(
    doc: FormDoc, beside: Beside, *, is_editable: bool = False, rounding_note: str = ""
) -> SheetView:
    """Everything the page shows of a form; a 合计 that is None in ``doc`` is shown as the sum of its rows."""
    cells = {key: _cell(key, doc, beside, is_editable) for key in cell_keys()}

    def row(code: str, label: str) -> RowView:
        return RowView(code, label, [cells[f"{code}.{column}"] for column in COLUMNS])

    text = form_words()
    groups = [
        (text["basic"], [row(r, text["rows"][r]) for r in BASIC_ROWS]),
        (text["quality"], [row(r, text["rows"][r]) for r in QUALITY_ROWS]),
    ]
    return SheetView(
        words=text,
        head={key: cells[key] for key in HEAD},
        total=row(TOTAL, text["total"]),
        groups=groups,
        count_decimals=doc.settings.count_decimals,
        rounding=doc.settings.rounding,
        is_editable=is_editable,
        rounding_note=rounding_note,
    )


def label_of(key: str) -> str:
    """``B01.outlets`` as ``便利店 · 网点数量``; "" is the whole form."""
    return cell_name(key) if key else "整张表"


def typed_text(value: Value) -> str:
    """A value as it is typed, exact: persons as persons, not 万人."""
    if value is None or isinstance(value, tuple):
        return "、".join(value or ())
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dt.date):
        return value.isoformat()
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


def shown(key: str, value: Value) -> str:
    """A value in a sentence: ``36 人``, ``有``, ``国企、民营企业``, ``空``."""
    if value is None or value == ():
        return "空"
    if isinstance(value, bool):
        return words.YES if value else words.NO
    if isinstance(value, tuple):
        return "、".join(option.label for option in _options(key, value) if option.is_on)
    if isinstance(value, dt.date):
        return f"{value.year}年{value.month}月{value.day}日"
    unit = words.UNITS.get(key.rpartition(".")[2], "")
    return f"{thousands(value) if isinstance(value, int) else typed_text(value)} {unit}".strip()


def _cell(key: str, doc: FormDoc, beside: Beside, is_editable: bool) -> CellView:
    value, kind, is_sum = doc.values.get(key), kind_of(key), _is_sum(key)
    source = beside.sources.get(key)
    stands = _stands(key, source, doc.values)
    paper = stands if is_sum and value is None else value
    findings = [f for f in beside.findings if f.key == key]
    mark, mark_word = words.MARKS.get(source.mark, ("", "")) if source else ("", "")
    typed = beside.typed.get(key, typed_text(value))
    chosen = typed.split("、")
    return CellView(
        key=key,
        label=label_of(key),
        unit=words.UNITS.get(key.rpartition(".")[2], ""),
        kind=kind,
        text=typed,
        printed=printed(key, paper, doc.settings),
        persons=f"{thousands(paper)} 人" if kind == "persons" and paper is not None else "",
        mark=mark,
        mark_word=mark_word,
        said=source.said if source else "",
        stands=typed_text(stands),
        differs=stands is not None and value != stands and not (is_sum and value is None),
        comment=beside.comments.get(key, ""),
        fault=beside.faults.get(key, ""),
        severity=findings[0].severity if findings else "",
        told=" ".join(f"{f.text}{f.cure}" for f in findings),
        notes=beside.notes.get(key, ()),
        options=[Option(o.code, o.label, o.code in chosen) for o in _options(key, value)],
        is_editable=is_editable,
        is_sum=is_sum,
        saved=typed_text(beside.kept.get(key)) if key in beside.typed else None,
    )


def _is_sum(key: str) -> bool:
    row, _, column = key.partition(".")
    return row == TOTAL and column in SUMMED


def _stands(key: str, source: Source | None, values: Mapping[str, Value]) -> Value:
    """What a cell is held against: the sum of the rows for a 合计, else what its source says."""
    if _is_sum(key):
        return total_of(values, key.partition(".")[2])
    return source.stands if source is not None and source.mark != "hand" else None


def _options(key: str, value: Value) -> list[Option]:
    chosen = value if isinstance(value, tuple) else ()
    text = form_words()
    if key == "operators":
        return [Option(c, text["operators"][c], c in chosen) for c in OPERATORS]
    if key == "layouts":
        return [Option(c, text["layouts"][c] + text["layout_suffix"], c in chosen) for c in LAYOUTS]
    if key == "has_platform":
        return [Option("yes", words.YES, value is True), Option("no", words.NO, value is False)]
    return []
