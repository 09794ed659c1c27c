"""Share of residents whom instant retail (即时零售) reaches, by circle (H01); straight lines, an estimate."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from yike.core.circle.delivery import within_radius
from yike.core.circle.plain import number
from yike.core.tables import BoolArray, IntArray, OutletStatus, Places, Tri
from yike.errors import message_of
from yike.reports import words
from yike.sources.delivery import Delivery
from yike.sources.pack import Pack, read_pack
from yike.standards.documents import source_words
from yike.standards.instant_retail import load_promise
from yike.studies.study import Progress, StudySpec, silent
from yike.studies.watch import Watch


def instant_from_pack(
    study: StudySpec, within_s: float | None, progress: Progress = silent
) -> dict[str, Any]:
    """Read a pack and tell; ``within_s`` None takes the document's longest promise."""
    with Watch(progress).stage("读取城市包"):
        pack = read_pack(study.pack)
    return instant_of(pack, within_s)


def instant_of(pack: Pack, within_s: float | None = None) -> dict[str, Any]:
    """
    Residents within the radius of an open outlet that promises to deliver in time.

    An outlet without a promise counts by its radius; one without a radius reaches nobody for certain, so
    the share is then "at least". A list without any of the columns leaves everything unknown.
    """
    limit_s, source = load_promise()
    own = within_s is not None
    limit_s = within_s if within_s is not None else limit_s
    delivery: Delivery | None = pack.settled.get("delivery")
    is_told = delivery is not None and bool((delivery.is_instant == Tri.YES).any())
    places = pack.places
    reached = np.zeros(len(places), np.bool_)
    counts = {"instant": 0, "without_radius": 0, "without_promise": 0, "too_slow": 0}
    if delivery is not None:
        reached, counts = _reached(pack, delivery, limit_s)
    whole, rows = _share(places, reached, np.zeros(len(places), np.int32), 1, is_told), []
    by_circle = _share(places, reached, places.circle_idx, len(pack.circles), is_told)
    for c, name in enumerate(pack.circles.name):
        rows.append({"id": pack.circles.circle_id[c], "name": name, **by_circle[c]})
    told = {
        "minutes": f"{limit_s / 60:g}", "share": words.share(_nan(whole[0]["share"]), 1), **counts,
        "people": words.count(_nan(whole[0]["people_reached"])),
    }  # fmt: skip
    code = "unknown" if not is_told else "at_least" if counts["without_radius"] else "told"
    return {
        "pack": pack.provenance.code,
        "name": pack.provenance.name,
        "as_of": pack.provenance.as_of,
        "invented": pack.provenance.is_invented,
        "within_s": limit_s,
        "is_at_least": counts["without_radius"] > 0,
        **whole[0],
        "outlets": counts,
        "circles": rows,
        "sentence": message_of(f"circle_words.instant.{code}", told),
        "clause": "自定" if own else source_words(source),
        "notes": _notes(counts, places, is_told),
    }


def _reached(pack: Pack, delivery: Delivery, limit_s: float) -> tuple[BoolArray, dict[str, int]]:
    outlets, places = pack.outlets, pack.places
    serves = (delivery.is_instant == Tri.YES) & (outlets.status == OutletStatus.OPEN)
    slow = serves & (delivery.promise_s > limit_s)
    use = serves & ~slow
    reached = within_radius(
        places.x_m, places.y_m, outlets.x_m[use], outlets.y_m[use], delivery.radius_m[use]
    )
    return reached, {
        "instant": int(serves.sum()),
        "without_radius": int((use & np.isnan(delivery.radius_m)).sum()),
        "without_promise": int((use & np.isnan(delivery.promise_s)).sum()),
        "too_slow": int(slow.sum()),
    }


def _share(
    places: Places, reached: BoolArray, area_of: IntArray, n: int, is_told: bool
) -> list[dict[str, float | None]]:
    """People, people reached and their share in each area; all unknown where nobody told."""
    out = []
    for area in range(n):
        mine = (area_of == area) & ~np.isnan(places.people)
        people = math.fsum(places.people[mine]) if mine.any() else math.nan
        within = math.fsum(places.people[mine & reached]) if is_told and mine.any() else math.nan
        share = within / people if people > 0 else math.nan
        out.append({"people": number(people), "people_reached": number(within), "share": number(share)})
    return out


def _nan(value: float | None) -> float:
    return math.nan if value is None else value


def _notes(counts: dict[str, int], places: Places, is_told: bool) -> list[str]:
    said = {
        "straight": is_told,
        "at_least": counts["without_radius"] > 0,
        "promise_unknown": counts["without_promise"] > 0,
        "estimated": bool(places.is_estimated.any()),
    }
    return [message_of(f"circle_words.instant.note_{k}", counts) for k, is_true in said.items() if is_true]
