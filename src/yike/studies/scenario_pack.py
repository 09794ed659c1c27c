"""A scenario laid over a pack: edited tables, as if somebody had changed the files; every fault collected."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from yike.sources.pack import Pack, read_pack
from yike.sources.scenario_edits import (
    AddFunction,
    AddOutlet,
    CloseOutlet,
    Entry,
    ExtendHours,
    MoveOutlet,
    NewEstate,
    Scenario,
    SetNorm,
    SetProfile,
    SetTime,
    StreetEdit,
)
from yike.sources.scenario_file import KINDS, entry_fault, scenario_error
from yike.standards.types import RulePack, Source
from yike.studies.base import Base
from yike.studies.pipeline import limit_of
from yike.studies.scenario_desk import Desk, WrongEditError
from yike.studies.scenario_homes import new_estate
from yike.studies.scenario_outlets import add_function, add_outlet, close_outlet, extend_hours, move_outlet
from yike.studies.scenario_streets import edit_street, try_streets
from yike.studies.scenario_tables import find_areas
from yike.studies.study import StudySpec


@dataclass(frozen=True, eq=False)
class Edited:
    """The pack, rules and settings of a scenario; a full run of them is what a comparison must equal."""

    spec: StudySpec
    pack: Pack
    rules: RulePack
    is_other_reach: bool  # streets, gates, walker or time of day: everything is walked anew
    said: tuple[tuple[int, str, str, str], ...]  # number of the entry, kind, its label, what it does
    notes: tuple[str, ...] = ()


def edit_pack(base: Base, scenario: Scenario) -> Edited:
    """
    Lay a scenario over the pack of a base, entry by entry in the order of the file.

    Later entries see what earlier ones did: an outlet added may take on a function, one closed cannot move.

    Raises
    ------
    InputError
        Entries that do not fit the pack; ``faults`` holds them all.
    """
    desk = Desk(base, scenario)
    for entry in scenario.entries:
        _take(desk, entry)
    try_streets(desk)
    if desk.faults:
        raise scenario_error(desk.faults)
    return _edited(desk)


def _take(desk: Desk, entry: Entry) -> None:
    """Apply one entry, or note why it cannot be."""
    try:
        words = MAKERS[type(entry.edit)](desk, entry.edit, entry)
    except WrongEditError as wrong:
        desk.faults.append(
            entry_fault(
                wrong.code, desk.scenario.file, entry.number, entry.line, wrong.key, wrong.found,
                **wrong.facts,
            )
        )  # fmt: skip
        return
    desk.said.append((entry.number, entry.kind, KINDS[entry.kind], words))


def _set_norm(desk: Desk, edit: SetNorm, entry: Entry) -> str:
    kind = desk.types.types[edit.type_idx]
    if desk.rules.rule(kind.code) is None:
        raise WrongEditError("norm_unknown", "type", kind.label, near=desk.rules.code)
    limit_s = limit_of(desk.spec, desk.base.pack)
    if edit.within_s > limit_s:
        near = f"{limit_s / 60:g}"
        raise WrongEditError("norm_beyond", "minutes", edit.within_s / 60, near=near)
    source = Source("scenario", text=f"情景“{desk.scenario.name}”的假设", mark="inferred")
    desk.rules = replace(
        desk.rules,
        types=tuple(
            replace(r, within_s=edit.within_s, within_source=source) if r.code == kind.code else r
            for r in desk.rules.types
        ),
    )
    return f"{kind.label}的时限改为 {edit.within_s / 60:g} 分钟（假设）"


def _set_profile(desk: Desk, edit: SetProfile, entry: Entry) -> str:
    desk.spec = replace(desk.spec, profile=edit.profile)
    return f"步行者换为 {edit.profile}"


def _set_time(desk: Desk, edit: SetTime, entry: Entry) -> str:
    desk.spec = replace(desk.spec, at_minute=edit.at_minute)
    return f"时刻换为 {edit.at_minute // 60:02d}:{edit.at_minute % 60:02d}"


MAKERS: dict[type, Callable[[Desk, Any, Entry], str]] = {
    AddOutlet: add_outlet,
    CloseOutlet: close_outlet,
    MoveOutlet: move_outlet,
    AddFunction: add_function,
    ExtendHours: extend_hours,
    StreetEdit: edit_street,
    NewEstate: new_estate,
    SetNorm: _set_norm,
    SetProfile: _set_profile,
    SetTime: _set_time,
}
"""Kind of edit -> what applies it and says in words what it did."""


def _edited(desk: Desk) -> Edited:
    pack, settled = desk.base.pack, dict(desk.base.pack.settled)
    spec = desk.spec
    if spec.at_minute != desk.base.spec.at_minute and pack.spec.network.is_osm:
        # closures by the hour are settled where OSM is read
        again = read_pack(spec.pack, at_minute=spec.at_minute)
        pack = replace(pack, network=again.network, spec=again.spec)
    if desk.moved:
        desk.outlets, by_walk = find_areas(pack, desk.communities, desk.outlets, sorted(desk.moved))
        settled |= {"outlets_by_walk": True} if by_walk else {}
    edited = replace(
        pack,
        outlets=desk.outlets,
        places=desk.places,
        communities=desk.communities,
        gates=desk.gates,
        overlay=(*pack.overlay, *(edit for _, edit in desk.streets)),
        settled=settled,
    )
    other = bool(desk.streets) or len(desk.gates) != len(desk.base.pack.gates)
    same_walk = (spec.profile, spec.at_minute) == (desk.base.spec.profile, desk.base.spec.at_minute)
    is_other = other or not same_walk
    notes = list(desk.notes)
    if desk.chainless:
        notes.append(f"{'、'.join(desk.chainless)} 没有写是否连锁（chain），按不是连锁计（推定）。")
    return Edited(spec, edited, desk.rules, is_other, tuple(desk.said), tuple(notes))
