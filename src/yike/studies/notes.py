"""What a run noticed beyond reading: points that could not join the streets, isolated pieces of network."""

from __future__ import annotations

import numpy as np

from yike.core.tables import Attachments, BoolArray
from yike.errors import EmptyNetworkError, Fault
from yike.sources.pack import Pack
from yike.sources.places import total_faults
from yike.standards.loader import load_profiles
from yike.standards.types import RulePack
from yike.studies.data_state import missing_types
from yike.studies.streets import Joined, join_points, lay_streets

MOST_NAMED = 5


def check_faults(pack: Pack, rules: RulePack) -> tuple[Fault, ...]:
    """
    The same warnings without a run, for ``yike pack check``: what a run of the pack would notice.

    Under the pack's own profile and time of day; ``rules`` says which types are asked for.
    """
    profiles = load_profiles()
    if pack.spec.walk.profile not in profiles:
        return ()  # told by the reader
    try:
        streets = lay_streets(pack, profiles[pack.spec.walk.profile], pack.spec.walk.at_minute)
    except EmptyNetworkError as wrong:
        return (Fault(wrong.code, file="pack.toml", column="[network]", facts=wrong.facts),)
    return study_faults(pack, join_points(pack, streets), rules)


def study_faults(pack: Pack, joined: Joined, rules: RulePack) -> tuple[Fault, ...]:
    """Warnings of a run, each naming the file and the first few rows."""
    faults = []
    spec = pack.spec
    known = ~np.isnan(joined.places.x_m) & ~_is_shut_in(joined)  # these are told by their compound
    lost_people = float(np.nansum(joined.places.people[~joined.place_attachments.is_attached & known]))
    faults += _unattached(
        "study.places.unattached", spec.places.file or spec.network.file, joined.place_attachments, known,
        joined.places.place_id, spec.walk.max_snap_m, lost_people,
    )  # fmt: skip
    known = ~np.isnan(joined.outlets.x_m)
    faults += _unattached(
        "study.outlets.unattached", spec.outlets.file or spec.network.file, joined.outlet_attachments, known,
        joined.outlets.outlet_id, spec.walk.max_snap_m, 0.0,
    )  # fmt: skip
    has_new = (pack.places.community_idx < 0).any() and pack.communities.delineation == "walking_voronoi"
    if has_new and joined.places.people_method in ("given", "grid"):
        faults += total_faults(spec.places.file, joined.places, joined.communities)
    faults += missing_types(pack, joined, rules)
    faults += _shut_in(spec.gates.file or spec.compounds.file, joined)
    small = joined.graph.component_size < spec.walk.min_component
    known_pieces = pack.report.found.get("network", {}).get("components")  # told by the reader already
    if small.any() and not small.all() and len(small) > (known_pieces or 0):
        faults.append(
            Fault(
                "study.network.pieces",
                file=spec.network.file or spec.network.edges,
                level="note",
                facts={"count": int(small.sum()), "vertices": int(joined.graph.component_size[small].sum())},
            )
        )
    return tuple(faults)


def _is_shut_in(joined: Joined) -> BoolArray:
    """Homes in a compound that nobody can leave on foot."""
    walls = joined.streets.walls
    home = joined.place_attachments.compound_idx
    if walls is None:
        return np.zeros(len(home), np.bool_)
    shut = np.array([*(state != "open" for state in walls.exit_state), False], bool)
    return np.asarray((home >= 0) & shut[home], np.bool_)


def _shut_in(file: str, joined: Joined) -> list[Fault]:
    """Compounds that nobody can leave on foot."""
    walls = joined.streets.walls
    if walls is None:
        return []
    shut = np.array([state != "open" for state in walls.exit_state], bool)
    if not shut.any():
        return []
    people = float(np.nansum(joined.places.people[_is_shut_in(joined)]))
    facts = {"count": int(shut.sum()), "people": f"{people:,.0f}"}
    return [Fault("study.compounds.shut", file=file, level="warning", facts=facts)]


def _unattached(
    code: str,
    file: str,
    attached: Attachments,
    known: BoolArray,
    ids: tuple[str, ...],
    max_m: float,
    people: float,
) -> list[Fault]:
    lost = np.flatnonzero(~attached.is_attached & known)
    if not len(lost):
        return []
    names = "、".join(ids[i] for i in lost[:MOST_NAMED]) + ("…" if len(lost) > MOST_NAMED else "")
    return [
        Fault(
            code,
            file=file,
            level="warning",
            facts={"count": len(lost), "names": names, "max_m": f"{max_m:.0f}", "people": f"{people:,.0f}"},
        )
    ]
