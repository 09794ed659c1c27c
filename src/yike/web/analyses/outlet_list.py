"""A pack's outlets as a list the register's import reads, each with the community it lies in."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from yike.core.tables import Outlets, Tri
from yike.sources.pack import Pack
from yike.sources.pack_zip import open_pack
from yike.sources.tabular import read_table
from yike.standards.loader import load_types

HEADERS = ("编号", "名称", "业态", "经度", "纬度", "连锁", "营业时间", "服务", "核实日期", "社区")
CHAIN = {Tri.YES: "是", Tri.NO: "否"}
NAMELESS = "（名称暂缺）"


def write_outlet_list(pack: Pack, folder: Path, codes: Sequence[str], path: Path) -> str:
    """
    Write the list.

    Parameters
    ----------
    folder
        Of the pack.
    codes
        12-digit code of each community of the pack, "" not known.
    path
        CSV to write.

    Returns
    -------
    Its datum.
    """
    file = pack.spec.outlets.file
    if file and file.endswith((".csv", ".xlsx", ".xls", ".et")):
        rows = _as_given(pack, folder, codes)
        datum = pack.spec.outlets.datum
    else:
        rows, datum = _from_table(pack.outlets, codes), "wgs84"
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        csv.writer(out).writerows(rows)
    return datum


def _as_given(pack: Pack, folder: Path, codes: Sequence[str]) -> list[list[str]]:
    """The file's own columns, unchanged, and the community's code after them."""
    with open_pack(folder) as inside:
        table = read_table(
            inside / pack.spec.outlets.file, sheet=pack.spec.outlets.sheet or None, kind="outlet"
        )
    lies_in = {
        int(row): codes[at]
        for row, at in zip(pack.outlets.source_row.tolist(), pack.outlets.community_idx.tolist(), strict=True)
        if at >= 0
    }
    own = table.fields.get("community", -1)
    kept = [i for i in range(len(table.headers)) if i != own]
    rows = [[*(table.headers[i] for i in kept), "社区"]]
    for k, number in enumerate(table.row_number.tolist()):
        rows.append([*(table.columns[i][k] for i in kept), lies_in.get(number, "")])
    return rows


def _from_table(outlets: Outlets, codes: Sequence[str]) -> list[list[str]]:
    labels = [t.label for t in load_types()]
    rows = [list(HEADERS)]
    for i in np.flatnonzero(outlets.unit_idx == np.arange(len(outlets))).tolist():
        main = int(outlets.type_idx[i])
        slot = slice(int(outlets.service_ptr[i]), int(outlets.service_ptr[i + 1]))
        more = [labels[t] for t in outlets.service_type_idx[slot].tolist() if t != main]
        at = int(outlets.community_idx[i])
        rows.append([
            outlets.outlet_id[i],
            outlets.name[i] or (labels[main] if main >= 0 else "网点") + NAMELESS,
            labels[main] if main >= 0 else "",
            f"{outlets.lon[i]:.7f}",
            f"{outlets.lat[i]:.7f}",
            CHAIN.get(Tri(int(outlets.is_chain[i])), ""),
            outlets.hours[i],
            "、".join(more),
            outlets.checked_on[i] if outlets.checked_on else "",
            codes[at] if at >= 0 else "",
        ])  # fmt: skip
    return rows
