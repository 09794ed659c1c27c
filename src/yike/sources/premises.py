"""Idle rooms, plots and kiosks (闲置用房、地块、亭): read and kept for the siting models."""

from __future__ import annotations

import numpy as np

from yike.core.tables import LongArray, Premises
from yike.sources.intake import ReadContext
from yike.sources.located import read_located, rows_of, unique_ids
from yike.sources.numbers import is_blank, parse_number
from yike.sources.opening_hours import parse_hours
from yike.sources.outlet_fields import split_services
from yike.sources.pack_spec import FileSpec
from yike.sources.tabular import Table
from yike.standards.classify import classify
from yike.standards.site_rules import load_site_rules

MOST_FEN = 10**14  # a trillion yuan: beyond any rent or cost, within 64 bits
FEN_PER_YUAN = 100
ANY_WORDS = ("不限", "均可", "任意", "任何", "全部")
HUGE_AREA_M2 = 100_000.0
MONTHS = 12


def read_premises(spec: FileSpec, ctx: ReadContext) -> Premises:
    """
    Read the premises of a pack.

    Parameters
    ----------
    spec
        Section ``[premises]``: a table or layer; only the position is required.
    ctx
        Takes the faults; the count goes to ``found["premises"]``.

    Returns
    -------
    Premises
        ``allowed_types`` are codes of the catalogue, empty when any type may move in. ``rent_fen`` is for a
        year. A list that knows rents and no costs gives the first year's rent as cost. Both are -1 where
        unknown. ``kind_code`` is the kind of idle space, "" where the words name none.
    """
    rows = read_located(ctx, spec, "premises", "premises") if spec.file else None
    if rows is None:
        return no_premises()
    table = rows.table
    area_m2 = table.numbers("area_m2", ctx.faults, at_least=0, code="premises.number")
    for i in np.flatnonzero((area_m2 == 0) | (area_m2 > HUGE_AREA_M2)):
        ctx.faults.append(
            table.fault("premises.area", int(i), "area_m2", found=f"{area_m2[i]:g}", level="warning")
        )
    _tell_hours(ctx, table)
    rent_fen = _money_fen(ctx, table, "rent") * (MONTHS if "月" in table.header("rent") else 1)
    rent_fen = np.maximum(rent_fen, -1)
    cost_fen = _money_fen(ctx, table, "cost") if table.has("cost") else rent_fen
    ctx.found["premises"] = {"rows": len(rows), "area_m2": float(np.nansum(area_m2))}
    return Premises(
        premises_id=unique_ids(ctx, table, "premises-"),
        name=tuple(n or a for n, a in zip(table.text("name"), table.text("address"), strict=True)),
        kind=table.text("kind"),
        lon=rows.lon,
        lat=rows.lat,
        x_m=rows.x_m,
        y_m=rows.y_m,
        area_m2=area_m2,
        owner=table.text("owner"),
        state=table.text("state"),
        allowed_types=tuple(_allowed(ctx, table, i) for i in range(len(table))),
        cost_fen=cost_fen,
        hours=table.text("hours"),
        source_row=rows_of(rows),
        kind_code=tuple(_kind(ctx, table, i) for i in range(len(table))),
        rent_fen=rent_fen,
    )


def no_premises() -> Premises:
    """An empty table."""
    none, no_row = np.empty(0), np.empty(0, np.int32)
    return Premises(
        (), (), (), none, none, none, none, none, (), (), (), np.empty(0, np.int64), (), no_row
    )  # fmt: skip


def _allowed(ctx: ReadContext, table: Table, i: int) -> tuple[str, ...]:
    cell = table.text("allowed_types")[i]
    codes: list[str] = []
    if any(word in cell for word in ANY_WORDS):
        return ()
    for word in split_services(cell):
        match = classify(word, ctx.types)
        if match.type_idx < 0:
            near = "、".join(match.suggestions) or "没有相近的"
            ctx.faults.append(
                table.fault("premises.type", i, "allowed_types", found=word, level="warning", near=near)
            )
            codes.append(word)  # a room for something nobody knows is not a room for anything
        elif (code := ctx.types.types[match.type_idx].code) not in codes:
            codes.append(code)
    return tuple(codes)


def _kind(ctx: ReadContext, table: Table, i: int) -> str:
    """Kind of idle space a row names; words that name none are kept, with a warning."""
    words, rules = table.text("kind")[i], load_site_rules()
    if is_blank(words):
        return ""
    kind = rules.kind_of(words)
    if kind is None:
        near = "、".join(k.label for k in rules.kinds)
        ctx.faults.append(table.fault("premises.kind", i, "kind", found=words, level="warning", near=near))
    return kind.code if kind else ""


def _money_fen(ctx: ReadContext, table: Table, name: str) -> LongArray:
    """Money of a column in fen, -1 unknown; a header in 万元 counts ten thousand yuan each."""
    per_unit = FEN_PER_YUAN * (10_000 if "万元" in table.header(name) else 1)
    fen = np.full(len(table), -1, np.int64)
    for i, cell in enumerate(table.text(name)):
        if is_blank(cell):
            continue
        number = parse_number(cell.removeprefix("￥").removeprefix("¥"))
        if number.how == "bad" or not 0 <= number.value * per_unit <= MOST_FEN:
            ctx.faults.append(table.fault("premises.cost", i, name, found=cell))
        else:
            fen[i] = round(number.value * per_unit)
    return fen


def _tell_hours(ctx: ReadContext, table: Table) -> None:
    for i, cell in enumerate(table.text("hours")):
        if not is_blank(cell) and not parse_hours(cell).is_known:
            ctx.faults.append(table.fault("premises.hours", i, "hours", found=cell, level="warning"))
