"""
A network given as two tables: nodes with coordinates, edges with lengths; or edges alone.

Whole columns are read and checked at once: a city of 300,000 edges takes well under a second.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from yike.core.geo.datum import to_wgs84
from yike.core.network.build import make_network
from yike.core.tables import BoolArray, FloatArray, IntArray, LongArray, PieceFlag, WalkNetwork
from yike.errors import EmptyNetworkError, Fault, InputError, UnreadableFileError
from yike.sources.columns import Columns, read_columns
from yike.sources.intake import fault

Texts = NDArray[np.object_]

_YES = frozenset({"1", "true", "t", "yes", "y", "是", "有"})
_NO = frozenset({"0", "false", "f", "no", "n", "否", "无"})
_DAY_MIN = 24 * 60
_MOST_FAULTS = 200
"""Faults of one sort that are listed row by row; a table with more has one cause."""


@dataclass(frozen=True, eq=False)
class _Nodes:
    """Checked nodes: ids as written, with degrees or metres (the other pair is None)."""

    ids: Texts
    lon: FloatArray | None
    lat: FloatArray | None
    x_m: FloatArray | None
    y_m: FloatArray | None


def read_edges(
    nodes_path: Path | None,
    edges_path: Path,
    datum: str | None = None,
    *,
    at: int | None = None,
    crs: str | None = None,
    origin: tuple[float, float] | None = None,
) -> tuple[WalkNetwork, list[Fault]]:
    """
    Read ``nodes.csv`` and ``edges.csv`` (also ``.csv.gz``) as a walking network.

    Parameters
    ----------
    nodes_path
        ``node_id,lon,lat`` or ``node_id,x_m,y_m``. None: edges alone give a network with NaN
        coordinates, which supports distances but no attachment.
    edges_path
        ``from,to,length_m`` and optional ``foot,stairs,closed_from,closed_to,name,kind,way_id``. Each edge
        stands for both directions.
    datum
        Of ``lon,lat``: "wgs84", "cgcs2000", "gcj02" or "bd09"; None is "wgs84".
    at
        Minute of the day; edges closed at this time are left out. None: nothing is closed.
    crs
        Coordinate system of ``x_m,y_m``, "EPSG:4547".
    origin
        Longitude and latitude of local (0, 0) for ``x_m,y_m`` without ``crs``.

    Returns
    -------
    network
        Vertices in the order of the node table, else by id; pieces in the order of the edge table.
        Vertex ids are the table's own when they are whole numbers, else they count from 1.
    faults
        Warnings and notes.

    Raises
    ------
    UnreadableFileError
        A table cannot be read.
    InputError
        Rows are wrong (duplicate or unknown nodes, bad coordinates, lengths that are not positive);
        carries every fault with its row.
    EmptyNetworkError
        No edge can be walked.
    """
    faults: list[Fault] = []
    edges = read_columns(Path(edges_path), "edge", ("from", "to", "length_m"), faults)
    nodes_table = None if nodes_path is None else read_columns(Path(nodes_path), "node", ("id",), faults)
    nodes = None if nodes_table is None else _check_nodes(nodes_table, datum, crs, faults)
    if edges is None or (nodes_path is not None and nodes is None):
        raise _error(faults)
    start, end, ids = _ends(edges, nodes, faults)
    length_m = _lengths(edges, faults)
    walkable = _is_walkable(edges, at, faults)
    if any(f.level == "error" for f in faults):
        raise _error(faults)
    if not walkable.any():
        raise EmptyNetworkError("edges.empty", file=edges.file)
    rows = np.flatnonzero(walkable)
    network = _build(edges, nodes, ids, start[rows], end[rows], length_m[rows], rows, origin, faults)
    return network, faults


def _error(faults: list[Fault]) -> InputError:
    errors = [f for f in faults if f.level == "error"]
    kind = UnreadableFileError if all(f.row == 0 for f in errors) else InputError
    return kind("edges.faults", tuple(faults), count=len(errors), first=errors[0].message)


def _rows_at_fault(
    table: Columns, bad: BoolArray, code: str, column: str, faults: list[Fault], **facts: object
) -> None:
    rows = np.flatnonzero(bad)
    values = table.texts(column) if table.has(column) else np.full(len(table), "", object)
    for i in rows[:_MOST_FAULTS].tolist():
        faults.append(
            fault(code, file=table.file, row=table.row(i), column=column, found=str(values[i]), **facts)
        )


def _check_nodes(table: Columns, datum: str | None, crs: str | None, faults: list[Fault]) -> _Nodes | None:
    ids = table.texts("id")
    n_before = sum(f.level == "error" for f in faults)
    _rows_at_fault(table, ids == "", "edges.node.blank_id", "id", faults)
    _check_repeats(table, ids, faults)
    pair = next((p for p in (("lon", "lat"), ("x_m", "y_m")) if table.has(p[0]) and table.has(p[1])), None)
    if pair is None:
        found = "、".join(table.headers)
        faults.append(fault("edges.column.missing", file=table.file, column="lon,lat", found=found))
        return None
    first, second = table.numbers(pair[0]), table.numbers(pair[1])
    bad = ~(np.isfinite(first) & np.isfinite(second))
    if pair == ("lon", "lat"):
        swapped = (np.abs(second) > 90) & (np.abs(second) <= 180) & (np.abs(first) <= 90)
        if swapped.any():
            count = int(swapped.sum())
            faults.append(fault("edges.node.swapped", file=table.file, column="lon", count=count))
        bad |= ((np.abs(first) > 180) | (np.abs(second) > 90)) & ~swapped
    _rows_at_fault(table, bad, "edges.node.coordinate", pair[0], faults)
    if sum(f.level == "error" for f in faults) > n_before:
        return None
    if pair == ("x_m", "y_m"):
        return _planar(ids, first, second, crs)
    lon, lat = to_wgs84(first, second, datum or "wgs84")
    return _Nodes(ids, np.asarray(lon, np.float64), np.asarray(lat, np.float64), None, None)


def _planar(ids: Texts, x_m: FloatArray, y_m: FloatArray, crs: str | None) -> _Nodes:
    if crs is None:
        return _Nodes(ids, None, None, x_m, y_m)
    import pyproj

    lon, lat = pyproj.Transformer.from_crs(crs, "EPSG:4326", always_xy=True).transform(x_m, y_m)
    return _Nodes(ids, lon, lat, None, None)


def _check_repeats(table: Columns, ids: Texts, faults: list[Fault]) -> None:
    _, first, inverse = np.unique(ids.astype(str), return_index=True, return_inverse=True)
    repeated = (first[inverse] != np.arange(len(ids))) & (ids != "")
    for i in np.flatnonzero(repeated)[:_MOST_FAULTS].tolist():
        facts = {"found": str(ids[i]), "first": table.row(int(first[inverse[i]]))}
        faults.append(fault("edges.node.duplicate", file=table.file, row=table.row(i), column="id", **facts))


def _ends(edges: Columns, nodes: _Nodes | None, faults: list[Fault]) -> tuple[IntArray, IntArray, Texts]:
    """Vertex of both ends of every edge, and the vertices' ids as written."""
    start, end = edges.texts("from"), edges.texts("to")
    blank = (start == "") | (end == "")
    _rows_at_fault(edges, blank, "edges.edge.blank", "from", faults)
    both = np.concatenate([start, end]).astype(str)
    if nodes is None:
        ids, vertex = np.unique(_sortable(both), return_inverse=True)
        return _halves(vertex, len(start), ids.astype(str).astype(object))
    known = nodes.ids.astype(str)
    order = np.argsort(known, kind="stable")
    at = np.minimum(np.searchsorted(known[order], both), len(known) - 1)
    vertex = order[at]
    unknown = (known[vertex] != both) & (both != "")
    for half, column in ((0, "from"), (1, "to")):
        part = unknown[half * len(start) : (half + 1) * len(start)]
        _rows_at_fault(edges, part, "edges.edge.unknown_node", column, faults)
    return _halves(vertex, len(start), nodes.ids)


def _halves(vertex: NDArray[np.int64], n: int, ids: Texts) -> tuple[IntArray, IntArray, Texts]:
    both = vertex.astype(np.int32)
    return both[:n], both[n:], ids


def _sortable(texts: NDArray[np.str_]) -> NDArray[np.generic]:
    """Ids as whole numbers where all are, so that they sort as numbers."""
    try:
        return texts.astype(np.int64)
    except (ValueError, OverflowError):
        return texts


def _lengths(edges: Columns, faults: list[Fault]) -> FloatArray:
    length_m = edges.numbers("length_m")
    bad = ~(np.isfinite(length_m) & (length_m > 0))
    _rows_at_fault(edges, bad, "edges.edge.length", "length_m", faults)
    return length_m


def _is_walkable(edges: Columns, at: int | None, faults: list[Fault]) -> BoolArray:
    walkable = np.ones(len(edges), np.bool_)
    for name in ("foot", "stairs"):
        if edges.has(name):
            _tell_odd(edges, name, faults)
    if edges.has("foot"):
        walkable &= ~_says(edges.texts("foot"), _NO)
        if count := int((~walkable).sum()):
            faults.append(fault("edges.edge.not_walkable", level="note", file=edges.file, count=count))
    if edges.has("closed_from") or edges.has("closed_to"):
        closed = _is_closed(edges, at, faults)
        if at is not None and (count := int(closed.sum())):
            clock = f"{at // 60:02d}:{at % 60:02d}"
            faults.append(fault("edges.edge.closed", level="note", file=edges.file, count=count, at=clock))
            walkable &= ~closed
    return walkable


def _tell_odd(edges: Columns, name: str, faults: list[Fault]) -> None:
    """Words that are neither yes nor no: the usual (walkable, no stairs) is assumed, and told."""
    texts = edges.texts(name)
    odd = ~_says(texts, _YES | _NO | frozenset({""}))
    if odd.any():
        first = int(np.flatnonzero(odd)[0])
        facts = {"count": int(odd.sum()), "taken": "可以步行" if name == "foot" else "不是台阶"}
        found = str(texts[first])
        faults.append(
            fault(
                "edges.edge.flag", level="warning", file=edges.file, row=edges.row(first), column=name,
                found=found, **facts,
            )
        )  # fmt: skip


def _says(texts: Texts, words: frozenset[str]) -> BoolArray:
    return np.array([text.casefold() in words for text in texts.tolist()], np.bool_)


def _minutes(text: str) -> int:
    """``22:30`` or ``22`` as minutes after midnight; -1 blank, -2 unreadable."""
    if not text:
        return -1
    hours, _, minutes = text.replace("：", ":").partition(":")
    if not (hours.isdigit() and (minutes or "0").isdigit()):
        return -2
    value = int(hours) * 60 + int(minutes or "0")
    return value if value <= _DAY_MIN else -2


def _is_closed(edges: Columns, at: int | None, faults: list[Fault]) -> BoolArray:
    blank = np.full(len(edges), "", object)
    columns = [edges.texts(name) if edges.has(name) else blank for name in ("closed_from", "closed_to")]
    known = {text: _minutes(text) for column in columns for text in set(column.tolist())}
    start, end = (np.array([known[text] for text in column.tolist()], np.int32) for column in columns)
    bad = (start == -2) | (end == -2) | ((start == -1) != (end == -1))
    name = "closed_from" if edges.has("closed_from") else "closed_to"
    _rows_at_fault(edges, bad, "edges.edge.hours", name, faults)
    if at is None:
        return np.zeros(len(edges), np.bool_)
    over_midnight = end <= start
    inside = np.where(over_midnight, (at >= start) | (at < end), (at >= start) & (at < end))
    closed: BoolArray = inside & (start >= 0) & (end >= 0)
    return closed


def _vertex_ids(ids: Texts, file: str, faults: list[Fault]) -> LongArray:
    numbers = _sortable(ids.astype(str))
    if numbers.dtype == np.int64:
        return numbers.astype(np.int64)
    odd = next(i for i in ids.tolist() if not i.lstrip("-").isdigit())
    faults.append(fault("edges.ids_renumbered", level="note", file=file, found=odd))
    return np.arange(1, len(ids) + 1, dtype=np.int64)


def _build(
    edges: Columns,
    nodes: _Nodes | None,
    ids: Texts,
    start: IntArray,
    end: IntArray,
    length_m: FloatArray,
    rows: NDArray[np.int64],
    origin: tuple[float, float] | None,
    faults: list[Fault],
) -> WalkNetwork:
    if loops := int((start == end).sum()):
        faults.append(fault("edges.edge.loop", level="note", file=edges.file, count=loops))
    flags = np.zeros(len(rows), np.uint8)
    if edges.has("stairs"):
        flags[_says(edges.texts("stairs")[rows], _YES)] = PieceFlag.STEPS
    name_idx, names = _numbered(edges, "name", rows)
    kind_idx, kinds = _numbered(edges, "kind", rows)
    vertex_id = _vertex_ids(ids, edges.file, faults)
    columns: dict[str, Any] = {
        "piece_length_m": length_m,
        "flags": flags,
        "kind_idx": np.where(kind_idx < 255, kind_idx + 1, 0).astype(np.uint8),
        "kinds": ("", *kinds[:255]),
        "way_id": rows + 1,
        "name_idx": name_idx,
        "names": names,
    }
    if nodes is None:
        faults.append(fault("edges.no_coordinates", level="warning", file=edges.file))
        return _without_coordinates(vertex_id, start, end, columns)
    if nodes.lon is None:
        origin = origin or (0.0, 0.0)
        facts = {"lon": origin[0], "lat": origin[1]}
        faults.append(fault("edges.planar", level="warning", file=edges.file, **facts))
    return make_network(
        vertex_id, nodes.lon, nodes.lat, start, end, x_m=nodes.x_m, y_m=nodes.y_m, origin=origin, **columns
    )


def _numbered(edges: Columns, field: str, rows: NDArray[np.int64]) -> tuple[IntArray, tuple[str, ...]]:
    if not edges.has(field):
        return np.full(len(rows), -1, np.int32), ()
    texts = edges.texts(field)[rows].tolist()
    known = sorted(set(texts) - {""})
    number = {text: i for i, text in enumerate(known)}
    return np.array([number.get(text, -1) for text in texts], np.int32), tuple(known)


def _without_coordinates(
    vertex_id: LongArray, start: IntArray, end: IntArray, columns: dict[str, Any]
) -> WalkNetwork:
    """A network that knows only lengths; every coordinate is NaN."""
    unknown = np.full(len(vertex_id), np.nan)
    network = WalkNetwork(
        vertex_id=vertex_id,
        vertex_lon=unknown,
        vertex_lat=unknown,
        vertex_x_m=unknown,
        vertex_y_m=unknown,
        piece_from_idx=start,
        piece_to_idx=end,
        piece_length_m=columns["piece_length_m"],
        piece_flags=columns["flags"],
        piece_kind_idx=columns["kind_idx"],
        piece_way_id=columns["way_id"],
        piece_name_idx=columns["name_idx"],
        kinds=columns["kinds"],
        names=columns["names"],
        origin_lon=float("nan"),
        origin_lat=float("nan"),
    )
    network.validate()
    return network
