"""What a scenario does to homes: a new estate, in its community, circle and compound."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from yike.sources.names import match_name
from yike.sources.pack_join import polygon_of_points
from yike.sources.scenario_edits import Entry, NewEstate
from yike.studies.scenario_desk import Desk, WrongEditError
from yike.studies.scenario_tables import with_place


def new_estate(desk: Desk, edit: NewEstate, entry: Entry) -> str:
    """Add homes at one point; its community counts them in its totals."""
    lon, lat, x_m, y_m = desk.settle(edit.spot)
    n = len(desk.places)
    place_id = edit.place_id or f"新建{n - len(desk.base.pack.places) + 1}"
    if place_id in set(desk.places.place_id):
        raise WrongEditError("id_taken", "id", place_id)
    by_band = _bands(desk, edit)
    community = _community(desk, edit, lon, lat)
    compound = polygon_of_points(desk.base.pack.compounds.polygons, np.array([lon]), np.array([lat]))
    row = {
        "place_id": place_id, "name": edit.name, "lon": lon, "lat": lat, "x_m": x_m, "y_m": y_m,
        "people": edit.people, "households": edit.households, "people_by_band": by_band,
        "community_idx": community, "circle_idx": _circle(desk, community, lon, lat),
        "compound_idx": compound[0], "is_estimated": False, "source_row": -1,
    }  # fmt: skip
    desk.places = with_place(desk.places, row)
    if community >= 0:
        # who moves in belongs to the community's own totals
        more = {"people": edit.people, "households": edit.households}
        for name, value in more.items():
            total = getattr(desk.communities, name).copy()
            total[community] += value
            desk.communities = replace(desk.communities, **{name: total})
    return f"新建小区 {edit.name or place_id}，居民 {edit.people:g} 人"


def _bands(desk: Desk, edit: NewEstate) -> np.ndarray:
    known = desk.places.bands
    for code in edit.bands:
        if code not in known:
            raise WrongEditError("band_unknown", "bands", code, near="、".join(known) or "没有")
    if any(n > edit.people for n in edit.bands.values()):
        most = max(edit.bands.values())
        raise WrongEditError("bands_exceed", "bands", most, near=f"{edit.people:g}")
    return np.array([edit.bands.get(code, np.nan) for code in known], np.float64)


def _community(desk: Desk, edit: NewEstate, lon: float, lat: float) -> int:
    areas = desk.communities
    if edit.community:
        match = match_name(edit.community, areas.name, areas.community_id)
        if match.idx < 0:
            near = "、".join(match.suggestions) or "没有"
            raise WrongEditError("community_unknown", "community", edit.community, near=near)
        return match.idx
    if areas.delineation != "polygons":
        return -1
    return int(polygon_of_points(areas.polygons, np.array([lon]), np.array([lat]))[0])


def _circle(desk: Desk, community: int, lon: float, lat: float) -> int:
    pack = desk.base.pack
    if community >= 0:
        return int(desk.communities.circle_idx[community])
    if len(pack.circles) == 1 and not len(desk.communities):
        return 0
    return int(polygon_of_points(pack.circles.polygons, np.array([lon]), np.array([lat]))[0])
