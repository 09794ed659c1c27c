"""Measures of access for one business type: the k nearest outlets, gravity, floating catchments."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from yike.core.access.catchment import two_step_floating_catchment
from yike.core.access.decay import (
    DecayFunction,
    Exponential,
    Gaussian,
    InversePower,
    Linear,
    Step,
    thirds,
)
from yike.core.access.gravity import gravity_access
from yike.core.access.nearest import k_nearest
from yike.core.access.reverse import walk_times_from_fewer
from yike.core.tables import BoolArray, FloatArray, IntArray, Outlets, OutletStatus, WalkTimes
from yike.errors import InputError
from yike.reports import words
from yike.reports.place_table.build import Column, write_place_table
from yike.reports.rows import form_row_of
from yike.sources.pack import Pack, read_pack
from yike.standards.classify import classify
from yike.standards.loader import load_types
from yike.standards.types import BusinessType, BusinessTypes
from yike.studies.pipeline import limit_of, profile_of
from yike.studies.policy import services_of
from yike.studies.streets import Joined, join_points, lay_streets
from yike.studies.study import Progress, StudySpec, silent
from yike.studies.watch import Watch

STATES = {
    "reached": "可达",
    "beyond": "范围内没有",
    "unattached": "未接入",
    "data_missing": "数据缺失",
    "not_surveyed": "未调查",
    "unknown": "未知",
}
"""What a row says: ``reached`` and ``beyond`` are answers, the others are not."""

STATE_WORD = np.dtype("<U12")

MEASURE_LABELS = {"2sfca": "两步移动搜索法", "e2sfca": "增强两步移动搜索法", "gravity": "引力模型"}


@dataclass(frozen=True)
class MeasureSpec:
    """
    Which measure, and its settings.

    ``decay`` None is the measure's own: a step (2sfca), three zones (e2sfca), a bell (gravity). ``half_s`` is
    where exponential and inverse-power weights have fallen to a half. ``capacity`` names the column of the
    outlets, or "equal"; an unknown capacity counts as ``unknown_capacity`` (推定), or stays unknown.
    """

    measure: str  # "2sfca" | "e2sfca" | "gravity"
    cutoff_s: float = 900.0
    decay: str | None = None  # "step" | "linear" | "exponential" | "gaussian" | "power" | "zones"
    half_s: float | None = None  # None: a third of the cutoff
    capacity: str = "capacity"  # "capacity" | "area" | "staff" | "equal"
    unknown_capacity: float | None = None


@dataclass(frozen=True, eq=False)
class TypeOnStreets:
    """A pack on its streets, and the open outlets of one business type."""

    pack: Pack
    joined: Joined
    types: BusinessTypes
    type_idx: int
    serves: BoolArray  # open outlets that serve the type

    @property
    def kind(self) -> BusinessType:
        """The business type."""
        return self.types.types[self.type_idx]

    @property
    def missing(self) -> str:
        """
        Why nothing can be said, as a state: none known is not none. Empty when something can.

        A list that claims to be complete is believed.
        """
        if self.serves.any() or self.pack.provenance.is_surveyed:
            return ""
        return "data_missing" if len(self.joined.outlets) else "not_surveyed"

    def walks(self, limit_s: float, spec: StudySpec, progress: Callable[[int, int], None]) -> WalkTimes:
        """Walking times to the outlets of the type."""
        at = self.joined
        return walk_times_from_fewer(
            at.graph, at.place_attachments, at.outlet_attachments, at.direct, limit_s,
            is_open=self.serves, max_memory_mb=spec.max_memory_mb, n_threads=spec.n_threads,
            progress=progress,
        )  # fmt: skip


def nearest_and_write(
    spec: StudySpec, type_text: str, k: int, out: Path, progress: Progress = silent
) -> dict[str, Any]:
    """
    Write the k nearest outlets of one business type for every place: k rows a place.

    Parameters
    ----------
    type_text
        Form row, code, label or alias of the type; outlets of its sub-types count too.
    out
        ``.parquet``, or CSV.

    Raises
    ------
    InputError
        The pack has errors, or nobody knows the type.
    """
    _check_ending(out)
    watch = Watch(progress)
    given = _on_streets(spec, type_text, watch)
    limit_s = limit_of(spec, given.pack)
    with watch.stage("计算最近网点") as count:
        times = given.walks(limit_s, spec, count)
        found = k_nearest(times, np.zeros(len(given.serves), np.int32), 1, k)
    walk_s, outlet_idx = found.walk_s[:, 0].astype(np.float64), found.outlet_idx[:, 0]
    columns = _nearest_columns(given, walk_s, outlet_idx)
    _write(given, columns, out, {"yike.limit_s": f"{limit_s:g}"}, watch)
    attached = given.joined.place_attachments.is_attached
    mean_s = walk_s.mean(axis=1)
    full = attached & np.isfinite(mean_s) & (not given.missing)
    sentence = (
        f"{out}：{_named(given)}，每处居住点最近 {k} 个网点，共 {walk_s.size} 行；"
        f"{words.minutes(limit_s)} 分钟内走得到 {k} 个的居住点 {int(full.sum())}/{int(attached.sum())} 处。"
        f"{_missing_note(given)}"
    )
    return {
        "sentence": sentence,
        "file": str(out),
        "form_row": form_row_of(given.types, given.type_idx),
        "k": k,
        "limit_s": limit_s,
        "outlets": int(given.serves.sum()),
        "places": len(attached),
        "attached": int(attached.sum()),
        "places_with_k": int(full.sum()),
        "mean_walk_s": _mean(mean_s, given.joined.places.people, full),
        "missing": given.missing or None,
    }


def measure_and_write(
    spec: StudySpec, type_text: str, ask: MeasureSpec, out: Path, progress: Progress = silent
) -> dict[str, Any]:
    """
    Write one access measure of one business type for every place: one row a place.

    Parameters
    ----------
    type_text, out
        As in ``nearest_and_write``.
    ask
        The measure and its settings.

    Raises
    ------
    InputError
        As in ``nearest_and_write``; or a floating catchment where no place has known people.
    """
    _check_ending(out)
    watch = Watch(progress)
    decay = decay_of(ask)
    given = _on_streets(spec, type_text, watch)
    people = given.joined.places.people
    if ask.measure != "gravity" and not np.any(people > 0):
        raise InputError("study.measure.no_people", name=given.pack.provenance.name)
    capacity = capacity_of(given.joined.outlets, ask)
    with watch.stage("计算" + MEASURE_LABELS[ask.measure]) as count:
        times = given.walks(ask.cutoff_s, spec, count)
        value = _values(given, ask, times, decay, capacity)
    attached = given.joined.place_attachments.is_attached
    state = np.where(np.isnan(value), "unknown", np.where(value > 0, "reached", "beyond")).astype(STATE_WORD)
    if given.missing:
        state[:] = given.missing
    state[~attached] = "unattached"
    is_inferred = np.full(len(value), int(_n_assumed(given, ask) > 0))
    columns = {"value": value, **_states(state), "is_inferred": is_inferred}
    notes = {"yike.measure": ask.measure, "yike.decay": repr(decay), "yike.capacity": ask.capacity}
    _write(given, columns, out, notes, watch)
    return _measure_summary(given, ask, out, value, capacity)


def _measure_summary(
    given: TypeOnStreets, ask: MeasureSpec, out: Path, value: FloatArray, capacity: FloatArray
) -> dict[str, Any]:
    attached, people = given.joined.place_attachments.is_attached, given.joined.places.people
    known = ~np.isnan(value)
    mean = _mean(value, people, known)
    none = known & (value == 0)
    n_unknown = int(np.count_nonzero(np.isnan(capacity) & given.serves))
    n_assumed = _n_assumed(given, ask)
    unknown = int(np.count_nonzero(attached & ~known))
    shown = words.UNKNOWN if mean is None else f"{mean:.4g}"
    sentence = (
        f"{out}：{_named(given)}，{MEASURE_LABELS[ask.measure]}"
        f"（{words.minutes(ask.cutoff_s)} 分钟）平均 {shown}；"
        f"居住点 {len(value)} 处，其中范围内没有 {int(none.sum())} 处、未知 {unknown} 处、"
        f"未接入 {int((~attached).sum())} 处。"
        + _capacity_note(ask, n_unknown, n_assumed)
        + _missing_note(given)
    )
    return {
        "sentence": sentence,
        "file": str(out),
        "measure": ask.measure,
        "form_row": form_row_of(given.types, given.type_idx),
        "cutoff_s": ask.cutoff_s,
        "decay": repr(decay_of(ask)),
        "capacity": ask.capacity,
        "outlets": int(given.serves.sum()),
        "outlets_capacity_unknown": n_unknown,
        "outlets_capacity_assumed": n_assumed,
        "places": len(value),
        "places_none": int(none.sum()),
        "places_unknown": unknown,
        "places_unattached": int((~attached).sum()),
        "mean": mean,
        "missing": given.missing or None,
    }


def decay_of(ask: MeasureSpec) -> DecayFunction:
    """The decay function of a measure, all cut at its cutoff."""
    cutoff_s, half_s = ask.cutoff_s, ask.half_s or ask.cutoff_s / 3
    own = {"2sfca": "step", "e2sfca": "zones", "gravity": "gaussian"}
    made: dict[str, Callable[[], DecayFunction]] = {
        "step": lambda: Step(cutoff_s),
        "linear": lambda: Linear(cutoff_s),
        "exponential": lambda: Exponential(half_s, cutoff_s),
        "gaussian": lambda: Gaussian(cutoff_s),
        "power": lambda: InversePower(half_s, 1.0, cutoff_s),
        "zones": lambda: thirds(cutoff_s),
    }
    return made[ask.decay or own[ask.measure]]()


def stated_capacity(outlets: Outlets, ask: MeasureSpec) -> FloatArray:
    """Capacity of every outlet as the pack says, NaN unknown."""
    columns = {"capacity": outlets.capacity, "area": outlets.area_m2, "staff": outlets.staff}
    return columns.get(ask.capacity, np.ones(len(outlets)))


def capacity_of(outlets: Outlets, ask: MeasureSpec) -> FloatArray:
    """The same with the number assumed for unknown ones, if there is one."""
    given = stated_capacity(outlets, ask)
    if ask.unknown_capacity is None:
        return given
    filled: FloatArray = np.where(np.isnan(given), ask.unknown_capacity, given)
    return filled


def _check_ending(out: Path) -> None:
    if out.suffix not in (".csv", ".parquet"):
        raise InputError("study.measure.out", found=out.name)


def _on_streets(spec: StudySpec, type_text: str, watch: Watch) -> TypeOnStreets:
    with watch.stage("读取城市包"):
        pack = read_pack(spec.pack, at_minute=spec.at_minute)
    types = load_types()
    match = classify(type_text, types)
    if match.type_idx < 0:
        raise InputError(
            "study.type.unknown", found=type_text, expected="、".join(match.suggestions) or "B01、便利店"
        )
    at_minute = spec.at_minute if spec.at_minute is not None else pack.spec.walk.at_minute
    with watch.stage("整理步行路网"):
        streets = lay_streets(pack, profile_of(spec, pack), at_minute)
    with watch.stage("接入居住点和网点"):
        joined = join_points(pack, streets)
    ptr, _ = services_of(joined.outlets, types, np.array([match.type_idx], np.int32))
    serves = (np.diff(ptr) > 0) & (joined.outlets.status == OutletStatus.OPEN)
    return TypeOnStreets(pack, joined, types, match.type_idx, serves)


def _nearest_columns(given: TypeOnStreets, walk_s: FloatArray, outlet_idx: IntArray) -> dict[str, Column]:
    n, k = walk_s.shape
    state = np.where(np.isfinite(walk_s), "reached", "beyond").astype(STATE_WORD)
    if given.missing:
        state[:] = given.missing
    state[~given.joined.place_attachments.is_attached] = "unattached"
    shown = np.where((state == "reached") | (state == "beyond"), walk_s, np.nan)
    outlets = given.joined.outlets
    flat = outlet_idx.ravel().tolist()
    return {
        "rank": np.tile(np.arange(1, k + 1, dtype=np.int32), n),
        "outlet_id": [outlets.outlet_id[o] if o >= 0 else "" for o in flat],
        "outlet_name": [outlets.name[o] if o >= 0 else "" for o in flat],
        "walk_s": shown.ravel().astype(np.float32),
        **_states(state.ravel()),
    }


def _values(
    given: TypeOnStreets, ask: MeasureSpec, times: WalkTimes, decay: DecayFunction, capacity: FloatArray
) -> FloatArray:
    """The measure at every place; NaN where it cannot be told."""
    attached = given.joined.place_attachments.is_attached
    if given.missing:
        return np.full(len(attached), np.nan)
    one_type = np.where(given.serves, 0, -1).astype(np.int32)
    if ask.measure == "gravity":
        return gravity_access(times, one_type, 1, decay, capacity, attached)[:, 0]
    people = given.joined.places.people
    return two_step_floating_catchment(times, one_type, 1, decay, capacity, people, attached).access[:, 0]


def _write(
    given: TypeOnStreets, columns: dict[str, Column], out: Path, notes: dict[str, str], watch: Watch
) -> None:
    origin, places = given.pack.provenance, given.joined.places
    n = len(columns["state"])
    each = n // max(len(places), 1)
    head: dict[str, Column] = {"place_id": [i for i in places.place_id for _ in range(each)]}
    if each == 1:
        head["people"] = places.people
    head["form_row"] = [form_row_of(given.types, given.type_idx)] * n
    tail: dict[str, Column] = {"as_of": [origin.as_of] * n, "invented": np.full(n, int(origin.is_invented))}
    notes = notes | {
        "yike.pack": origin.code,
        "yike.as_of": origin.as_of,
        "yike.profile": given.joined.graph.profile,
        "yike.invented": str(origin.is_invented).lower(),
    }
    out.parent.mkdir(parents=True, exist_ok=True)
    with watch.stage(f"写出 {out.name}"):
        half = out.with_name(f".half-{out.name}")
        write_place_table(head | columns | tail, half, notes)
        half.replace(out)


def _states(state: np.ndarray) -> dict[str, Column]:
    codes = state.tolist()
    return {"state": codes, "state_label": [STATES[c] for c in codes]}


def _n_assumed(given: TypeOnStreets, ask: MeasureSpec) -> int:
    """Outlets of the type whose capacity is not the pack's but ours."""
    if ask.unknown_capacity is None:
        return 0
    return int(np.count_nonzero(np.isnan(stated_capacity(given.joined.outlets, ask)) & given.serves))


def _capacity_note(ask: MeasureSpec, n_unknown: int, n_assumed: int) -> str:
    if n_assumed:
        return f"{n_assumed} 个网点供给未知，按 {ask.unknown_capacity:g} 计（推定）。"
    if not n_unknown:
        return ""
    cure = "可用 --capacity equal 每个算 1，或用 --unknown-capacity 给一个数"
    return f"{n_unknown} 个网点供给未知（{cure}）。"


def _mean(values: FloatArray, people: FloatArray, among: BoolArray) -> float | None:
    """Mean by people; by places where no people are known; None of none."""
    weight = np.where(among, np.nan_to_num(people), 0.0)
    if not weight.sum() > 0:
        weight = among.astype(np.float64)
    if not weight.any():
        return None
    return float(np.average(values[weight > 0], weights=weight[weight > 0]))


def _named(given: TypeOnStreets) -> str:
    mark = "【虚构数据】" if given.pack.provenance.is_invented else ""
    row = form_row_of(given.types, given.type_idx)
    return f"{mark}{row} {given.kind.label} {int(given.serves.sum())} 个"


def _missing_note(given: TypeOnStreets) -> str:
    return f"没有登记这类网点，结果记为{STATES[given.missing]}，不等于没有。" if given.missing else ""
