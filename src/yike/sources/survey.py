"""
The summary of a survey of residents (问卷汇总): satisfaction, samples and needs of each circle.

One row for a circle, or for a circle and a row of the form. The overall share is the overall row's, else the
pooled answers of the types (Σ satisfied ÷ Σ valid), never the mean of percentages.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

import numpy as np

from yike.core.tables import Circles, FloatArray, Survey
from yike.sources.intake import ReadContext
from yike.sources.located import read_rows
from yike.sources.names import match_name
from yike.sources.numbers import clean_text, is_blank, parse_number
from yike.sources.pack_spec import FileSpec
from yike.sources.tabular import Table
from yike.standards.classify import classify

OVERALL = ""
"""Instead of a row of the form: the answer about the whole circle."""

OVERALL_WORDS = ("合计", "总体", "总计", "全部", "总体评价", "整体", "all")
DIFFERS_SHARE = 0.005
"""A stated share this far from satisfied ÷ valid is told."""


@dataclass
class _Answer:
    """One usable row."""

    share: float
    satisfied: float
    valid: float
    samples: float
    needs: str
    row: int


@dataclass
class _Answers:
    """Usable rows by circle and row of the form, and further columns of numbers."""

    by_key: dict[tuple[int, str], _Answer] = field(default_factory=dict)
    other: dict[str, FloatArray] = field(default_factory=dict)

    def types_of(self, circle: int) -> list[_Answer]:
        return [a for (c, row), a in self.by_key.items() if c == circle and row != OVERALL]


def no_survey(n_circles: int) -> Survey:
    """Nobody was asked: everything unknown."""
    unknown = np.full(n_circles, np.nan)
    return Survey(
        unknown, unknown, ("",) * n_circles, (), np.empty((n_circles, 0)), ((),) * n_circles
    )  # fmt: skip


def read_survey(
    spec: FileSpec, ctx: ReadContext, circles: Circles, samples_at_least: float | None = None
) -> Survey:
    """
    Read the survey of a pack.

    Parameters
    ----------
    spec
        Section ``[survey]``: a table with 便民生活圈, 业态 (blank: the whole circle), 满意度 or 满意人数 and
        有效回答, 样本数, 需求清单; further columns of numbers are kept by their headers.
    ctx
        Takes the faults; counts go to ``found["survey"]``.
    circles
        Read before.
    samples_at_least
        Fewer samples in a circle are a warning; None asks for none.
    """
    table = read_rows(ctx, spec, "survey", "survey") if spec.file else None
    if table is None:
        return no_survey(len(circles))
    answers = _read(ctx, table, circles)
    if not answers.by_key:
        ctx.add("survey.none", file=table.file, sheet=table.sheet, level="warning")
    survey = _survey(ctx, table, circles, answers)
    _tell_few(ctx, table, circles, survey, samples_at_least)
    ctx.found["survey"] = {
        "rows": len(answers.by_key),
        "circles": int(np.sum(~np.isnan(survey.satisfaction_share))),
        "samples": None if np.isnan(survey.samples).all() else float(np.nansum(survey.samples)),
    }
    return survey


def _read(ctx: ReadContext, table: Table, circles: Circles) -> _Answers:
    answers = _Answers()
    columns = {n: table.numbers(n, ctx.faults, at_least=0, code="survey.number") for n in
               ("satisfied", "valid", "samples")}  # fmt: skip
    further = _further(ctx, table)
    for i in range(len(table)):
        circle, form_row = _circle_of(ctx, table, i, circles), _form_row_of(ctx, table, i)
        share = _share_of(ctx, table, i, columns["satisfied"][i], columns["valid"][i])
        if circle < 0 or form_row is None:
            continue
        if (circle, form_row) in answers.by_key:
            told = f"{circles.name[circle]} {table.text('type')[i]}".strip()
            other_row = answers.by_key[circle, form_row].row
            ctx.faults.append(table.fault("survey.row.twice", i, "circle", found=told, other_row=other_row))
            continue
        satisfied, valid, samples = (float(values[i]) for values in columns.values())
        needs = "" if is_blank(table.text("needs")[i]) else table.text("needs")[i]
        row = int(table.row_number[i])
        answers.by_key[circle, form_row] = _Answer(share, satisfied, valid, samples, needs, row)
        for header, values in further.items():
            if form_row == OVERALL:
                answers.other.setdefault(header, np.full(len(circles), np.nan))[circle] = values[i]
    return answers


def _further(ctx: ReadContext, table: Table) -> dict[str, FloatArray]:
    """Columns that are none of ours and hold numbers: values of indicators that people type in."""
    known = set(table.fields.values())
    found: dict[str, FloatArray] = {}
    for at, header in enumerate(table.headers):
        cells = table.columns[at]
        values = np.array([_number_or_share(c) for c in cells], np.float64)
        if at in known or not header or np.isnan(values).all():
            continue
        found[header] = values
        for i in np.flatnonzero(np.isnan(values) & np.array([not is_blank(c) for c in cells], bool)):
            bad = table.fault("survey.number.bad", int(i), found=cells[i])
            ctx.faults.append(replace(bad, column=header))
    return found


def _number_or_share(cell: str) -> float:
    text = clean_text(cell)
    is_percent = text.endswith("%")
    value = parse_number(text.removesuffix("%")).value
    return value / 100 if is_percent else value


def _circle_of(ctx: ReadContext, table: Table, i: int, circles: Circles) -> int:
    cell = table.text("circle")[i]
    if not cell:
        if len(circles) == 1:
            return 0
        ctx.faults.append(table.fault("survey.circle.missing", i, "circle"))
        return -1
    match = match_name(cell, circles.name, circles.circle_id)
    if match.idx < 0:
        near = "、".join(match.suggestions) or "没有相近的"
        ctx.faults.append(table.fault("survey.circle.unknown", i, "circle", found=cell, near=near))
    return match.idx


def _form_row_of(ctx: ReadContext, table: Table, i: int) -> str | None:
    """Row of the form, ``OVERALL``, or None (and a fault)."""
    cell = table.text("type")[i]
    if is_blank(cell) or clean_text(cell).replace(" ", "").casefold() in OVERALL_WORDS:
        return OVERALL
    match = classify(cell, ctx.types)
    form_row = ctx.types.types[match.type_idx].form_row if match.type_idx >= 0 else ""
    if form_row[:1] in ("B", "Q"):
        return form_row
    near = "、".join(match.suggestions) or "没有相近的"
    ctx.faults.append(table.fault("survey.type.unknown", i, "type", found=cell, near=near))
    return None


def _share_of(ctx: ReadContext, table: Table, i: int, satisfied: float, valid: float) -> float:
    """Satisfied among valid answers; counts go before a stated share. NaN when nobody answered."""
    stated = _stated_share(ctx, table, i)
    if satisfied > valid:
        found, expected = f"{satisfied:g}", f"{valid:g}"
        ctx.faults.append(
            table.fault("survey.satisfied.more", i, "satisfied", found=found, expected=expected)
        )
        return math.nan
    if math.isnan(satisfied) or math.isnan(valid) or valid == 0:
        return stated
    share = satisfied / valid
    if abs(share - stated) > DIFFERS_SHARE:
        found, expected = f"{stated:.2%}", f"{share:.2%}"
        ctx.faults.append(
            table.fault("survey.differs", i, "satisfaction", found=found, expected=expected, level="warning")
        )
    return share


def _stated_share(ctx: ReadContext, table: Table, i: int) -> float:
    """满意度: "86.5%", 86.5, or 0.865; a number up to 1 under a header in per cent is refused."""
    cell = table.text("satisfaction")[i]
    if is_blank(cell):
        return math.nan
    text = clean_text(cell)
    is_marked = text.endswith("%")
    value = parse_number(text.removesuffix("%")).value
    is_percent = is_marked or value > 1
    if not is_percent and value > 0 and "%" in clean_text(table.header("satisfaction")):
        low, high = f"{value:g}%", f"{value * 100:g}%"
        ctx.faults.append(
            table.fault("survey.share.unclear", i, "satisfaction", found=cell, low=low, high=high)
        )
        return math.nan
    share = value / 100 if is_percent else value
    if not 0 <= share <= 1:
        ctx.faults.append(table.fault("survey.share.bad", i, "satisfaction", found=cell))
        return math.nan
    return share


def _survey(ctx: ReadContext, table: Table, circles: Circles, answers: _Answers) -> Survey:
    asked = {row for _, row in answers.by_key if row != OVERALL}
    rows = tuple(dict.fromkeys(t.form_row for t in ctx.types if t.form_row in asked))
    n = len(circles)
    blank = _Answer(math.nan, math.nan, math.nan, math.nan, "", 0)
    grid = [[answers.by_key.get((c, row), blank) for row in rows] for c in range(n)]
    overall = [answers.by_key.get((c, OVERALL), blank) for c in range(n)]
    return Survey(
        satisfaction_share=np.array([_overall_share(ctx, table, circles, answers, c) for c in range(n)]),
        samples=np.array([_samples(overall[c], answers.types_of(c)) for c in range(n)], np.float64),
        needs=tuple(a.needs for a in overall),
        form_rows=rows,
        share_by_row=np.array([[a.share for a in row] for row in grid], np.float64).reshape(n, len(rows)),
        needs_by_row=tuple(tuple(a.needs for a in row) for row in grid),
        other=dict(sorted(answers.other.items())),
    )


def _overall_share(ctx: ReadContext, table: Table, circles: Circles, answers: _Answers, c: int) -> float:
    own = answers.by_key.get((c, OVERALL))
    if own is not None and not math.isnan(own.share):
        return own.share
    by_type = [a for a in answers.types_of(c) if not math.isnan(a.share)]
    valid = math.fsum(a.valid for a in by_type)
    if by_type and not math.isnan(valid) and valid > 0:
        pooled = math.fsum(a.satisfied for a in by_type)
        if not math.isnan(pooled):
            return pooled / valid
    if by_type:
        name = circles.name[c]
        ctx.add("survey.overall.unknown", file=table.file, sheet=table.sheet, level="warning", name=name)
    return math.nan


def _samples(overall: _Answer, by_type: list[_Answer]) -> float:
    """Questionnaires: as stated, else at least as many as answered one question."""
    stated = [a.samples for a in (overall, *by_type) if not math.isnan(a.samples)]
    if stated:
        return overall.samples if not math.isnan(overall.samples) else max(stated)
    answered = [a.valid for a in (overall, *by_type) if not math.isnan(a.valid)]
    return max(answered) if answered else math.nan


def _tell_few(
    ctx: ReadContext, table: Table, circles: Circles, survey: Survey, at_least: float | None
) -> None:
    if at_least is None:
        return
    for c in np.flatnonzero(survey.samples < at_least):
        ctx.add(
            "survey.samples.few", file=table.file, sheet=table.sheet, level="warning",
            name=circles.name[c], found=f"{survey.samples[c]:g}", expected=f"{at_least:g}",
        )  # fmt: skip
