"""What a run noticed beyond reading: points that could not join the streets, isolated pieces of network."""

from __future__ import annotations

import numpy as np

from yike.core.tables import Attachments, BoolArray
from yike.errors import Fault
from yike.sources.pack import Pack
from yike.studies.streets import Joined

MOST_NAMED = 5


def study_faults(pack: Pack, joined: Joined) -> tuple[Fault, ...]:
    """Warnings of a run, each naming the file and the first few rows."""
    faults = []
    spec = pack.spec
    known = ~np.isnan(joined.places.x_m)
    lost_people = float(np.nansum(joined.places.people[~joined.place_attachments.is_attached]))
    faults += _unattached(
        "study.places.unattached", spec.places.file or spec.network.file, joined.place_attachments, known,
        joined.places.place_id, spec.walk.max_snap_m, lost_people,
    )  # fmt: skip
    known = ~np.isnan(joined.outlets.x_m)
    faults += _unattached(
        "study.outlets.unattached", spec.outlets.file or spec.network.file, joined.outlet_attachments, known,
        joined.outlets.outlet_id, spec.walk.max_snap_m, 0.0,
    )  # fmt: skip
    faults += _shut_in(spec.gates.file or spec.compounds.file, joined)
    small = joined.graph.component_size < spec.walk.min_component
    if small.any() and len(small) > 1:
        faults.append(
            Fault(
                "study.network.pieces",
                file=spec.network.file or spec.network.edges,
                level="note",
                facts={"count": int(small.sum()), "vertices": int(joined.graph.component_size[small].sum())},
            )
        )
    return tuple(faults)


def _shut_in(file: str, joined: Joined) -> list[Fault]:
    """Compounds that nobody can leave on foot."""
    walls = joined.streets.walls
    if walls is None:
        return []
    shut = np.array([state != "open" for state in walls.exit_state], bool)
    if not shut.any():
        return []
    home = joined.place_attachments.compound_idx
    people = float(np.nansum(joined.places.people[(home >= 0) & np.append(shut, False)[home]]))
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
