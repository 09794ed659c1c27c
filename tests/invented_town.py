"""A small invented town for report tests: a river, two bridges, 300 homes, 130 shops, four circles."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from shapely.geometry import LineString, Polygon, box

from yike.core.tables import (
    Attachments,
    Circles,
    Communities,
    Outlets,
    Places,
    StreetGraph,
    WalkNetwork,
)
from yike.standards.types import BusinessTypes

LON0, LAT0 = 113.6, 34.5
M_PER_LAT = 111_194.93
M_PER_LON = M_PER_LAT * np.cos(np.radians(LAT0))
COLUMNS, ROWS, STEP_M = 18, 15, 100.0
RIVER_ROW = 6  # no street crosses between rows 6 and 7 except at two bridges
BRIDGES = (4, 13)
SPEED_M_S = 4.0 / 3.6
OFF = 40.0  # metres from a home or shop to its corner, at most about this


def to_lonlat(x_m, y_m):
    """Plane metres to degrees, near enough for a drawing."""
    return LON0 + np.asarray(x_m) / M_PER_LON, LAT0 + np.asarray(y_m) / M_PER_LAT


def town_network(rng: np.random.Generator) -> WalkNetwork:
    """A jittered grid of streets, a tenth of its pieces left out."""
    col, row = np.meshgrid(np.arange(COLUMNS), np.arange(ROWS))
    jitter = rng.uniform(-14, 14, (2, COLUMNS * ROWS))
    x_m = col.ravel() * STEP_M - 850 + jitter[0]
    y_m = row.ravel() * STEP_M - 700 + jitter[1]
    pieces = _grid_pieces(rng)
    length = np.hypot(*(a[pieces[:, 0]] - a[pieces[:, 1]] for a in (x_m, y_m)))
    lon, lat = to_lonlat(x_m, y_m)
    n = len(pieces)
    main = (pieces[:, 0] // COLUMNS == 3) & (pieces[:, 1] // COLUMNS == 3)
    main |= (pieces[:, 0] % COLUMNS == 4) & (pieces[:, 1] % COLUMNS == 4)
    network = WalkNetwork(
        vertex_id=np.arange(1, len(x_m) + 1, dtype=np.int64),
        vertex_lon=lon,
        vertex_lat=lat,
        vertex_x_m=x_m,
        vertex_y_m=y_m,
        piece_from_idx=pieces[:, 0].astype(np.int32),
        piece_to_idx=pieces[:, 1].astype(np.int32),
        piece_length_m=length,
        piece_flags=np.zeros(n, np.uint8),
        piece_kind_idx=np.where(main, 0, 1).astype(np.uint8),
        piece_way_id=np.arange(n, dtype=np.int64),
        piece_name_idx=np.where(main, pieces[:, 0] % COLUMNS == 4, -1).astype(np.int32),
        kinds=("primary", "residential"),
        names=("人民路", "解放街"),
        origin_lon=LON0,
        origin_lat=LAT0,
    )
    network.validate()
    return network


def _grid_pieces(rng: np.random.Generator) -> np.ndarray:
    found = []
    for v in range(COLUMNS * ROWS):
        c, r = v % COLUMNS, v // COLUMNS
        crosses = r == RIVER_ROW and c not in BRIDGES
        keep = rng.random(2) > 0.1
        if c + 1 < COLUMNS and (keep[0] or r == 3):
            found.append((v, v + 1))
        if r + 1 < ROWS and not crosses and (keep[1] or c in BRIDGES):
            found.append((v, v + COLUMNS))
    return np.array(found)


def whole_graph(network: WalkNetwork) -> StreetGraph:
    """The network with every vertex a junction: enough for documents, which never search."""
    n, m = network.n_vertices, network.n_pieces
    ticks = np.rint(network.piece_length_m / SPEED_M_S * 65_536).astype(np.int32)
    ends = np.r_[network.piece_from_idx, network.piece_to_idx]
    others = np.r_[network.piece_to_idx, network.piece_from_idx]
    order = np.lexsort((others, ends))
    chain = np.c_[network.piece_from_idx, network.piece_to_idx].astype(np.int32)
    return StreetGraph(
        junction_vertex_idx=np.arange(n, dtype=np.int32),
        indptr=np.r_[0, np.cumsum(np.bincount(ends, minlength=n))].astype(np.int32),
        neighbour_idx=others[order].astype(np.int32),
        neighbour_ticks=np.r_[ticks, ticks][order].astype(np.int32),
        edge_from_idx=network.piece_from_idx,
        edge_to_idx=network.piece_to_idx,
        edge_ticks=ticks,
        chain_ptr=np.arange(0, 2 * m + 1, 2, dtype=np.int64),
        chain_vertex_idx=chain.ravel(),
        chain_ticks=np.c_[np.zeros(m, np.int32), ticks].astype(np.int32).ravel(),
        piece_edge_idx=np.arange(m, dtype=np.int32),
        piece_start_ticks=np.zeros(m, np.int32),
        piece_is_reversed=np.zeros(m, bool),
        piece_ticks=ticks,
        component_idx=np.zeros(n, np.int32),
        component_size=np.array([n], np.int32),
        speed_m_s=SPEED_M_S,
        profile="adult",
    )


def corner_attachments(network: WalkNetwork, x_m, y_m) -> tuple[Attachments, np.ndarray]:
    """Join each point to its nearest corner within 200 m; returns the corner too, -1 none."""
    away = np.hypot(x_m[:, None] - network.vertex_x_m, y_m[:, None] - network.vertex_y_m)
    corner, dist = away.argmin(1), away.min(1)
    ok = dist <= 200
    n = len(x_m)
    ticks = np.rint(dist / SPEED_M_S * 65_536).astype(np.int32)
    attachments = Attachments(
        is_attached=ok,
        piece_idx=np.full(n, -1, np.int32),
        edge_idx=np.full(n, -1, np.int32),
        edge_offset_ticks=np.zeros(n, np.int32),
        access_ticks=np.where(ok, ticks, 0).astype(np.int32),
        distance_m=np.where(ok, dist, np.nan),
        foot_x_m=np.where(ok, network.vertex_x_m[corner], np.nan),
        foot_y_m=np.where(ok, network.vertex_y_m[corner], np.nan),
        end_ptr=np.r_[0, np.cumsum(ok)].astype(np.int64),
        end_junction_idx=corner[ok].astype(np.int32),
        end_ticks=ticks[ok],
        compound_idx=np.full(n, -1, np.int32),
        rule=ok.astype(np.uint8),
    )
    return attachments, np.where(ok, corner, -1)


def circle_polygons() -> tuple[Polygon, ...]:
    """Four quarters of the town, meeting near the east bridge and the river."""
    split = (-60.0, -50.0)
    corners = ((-900, -750), (900, -750), (-900, 760), (900, 760))
    planes = [box(min(split[0], x), min(split[1], y), max(split[0], x), max(split[1], y)) for x, y in corners]
    return tuple(Polygon(np.c_[to_lonlat(*np.array(p.exterior.coords).T)]) for p in planes)


def circle_of(x_m, y_m) -> np.ndarray:
    """Circle of each point, by the quarters of ``circle_polygons``; -1 outside."""
    inside = (np.abs(x_m) <= 900) & (y_m >= -750) & (y_m <= 760)
    return np.where(inside, (x_m > -60).astype(int) + 2 * (y_m > -50), -1).astype(np.int32)


def town_places(rng: np.random.Generator, n: int = 300) -> Places:
    """Homes in the blocks; three lie beyond any street, one has unknown people."""
    x_m, y_m = rng.uniform(-840, 840, n), rng.uniform(-690, 690, n)
    at_river = (y_m > -95) & (y_m < -5)
    y_m = np.where(at_river, y_m + 110, y_m)
    x_m[:3], y_m[:3] = (1150, 1190, 1130), (300, 340, 380)
    people = np.rint(rng.gamma(4, 22, n)) + 4
    people[7] = np.nan
    lon, lat = to_lonlat(x_m, y_m)
    circle = circle_of(x_m, y_m)
    bands = np.c_[np.rint(people * 0.04), np.rint(people * rng.uniform(0.1, 0.3, n))]
    return Places(
        place_id=tuple(f"P{i + 1:04d}" for i in range(n)),
        name=tuple(f"{'东西南北'[i % 4]}苑小区 {i + 1} 号楼" for i in range(n)),
        lon=lon,
        lat=lat,
        x_m=x_m,
        y_m=y_m,
        people=people,
        households=np.rint(people / 2.6),
        bands=("under_3", "60_over"),
        people_by_band=bands,
        community_idx=circle,
        circle_idx=circle,
        compound_idx=np.full(n, -1, np.int32),
        is_estimated=np.ones(n, bool),
        people_method="floor_area",
        source_row=np.arange(2, n + 2, dtype=np.int32),
    )


SHOPS = {  # how many of each type; the north-east quarter (circle 4) gets none of NOT_NORTH_EAST
    "convenience_store": 16, "supermarket": 4, "food_market": 3, "fresh_store": 8, "breakfast": 11,
    "repair": 5, "laundry": 4, "hairdresser": 13, "copy_photo": 3, "pharmacy": 8, "housekeeping": 3,
    "parcel_point": 12, "recycling_point": 5, "basic_other": 2, "fitness": 3, "dining": 14,
    "elderly_care": 2, "childcare": 1, "wellness": 3, "training": 5, "leisure": 2, "quality_other": 1,
    "health_station": 3, "culture_station": 2,
}  # fmt: skip
NOT_NORTH_EAST = ("repair", "food_market", "elderly_care", "childcare", "laundry", "copy_photo")
BRANDS = ("惠邻", "乐家", "百顺", "和记", "小满", "晨光里", "老街口")


@dataclass(frozen=True)
class _Shop:
    type_idx: int
    label: str
    is_unstaffed: bool
    x_m: float
    y_m: float


def _shops(rng: np.random.Generator, types: BusinessTypes) -> list[_Shop]:
    found = []
    for code, n in SHOPS.items():
        kind = types.idx(code)
        t = types.types[kind]
        for _ in range(n):
            x_m, y_m = rng.normal(-150, 380), rng.normal(40, 360)
            x_m, y_m = np.clip(x_m, -820, 820), np.clip(y_m, -670, 700)
            if code in NOT_NORTH_EAST and x_m > -60 and y_m > -50:
                x_m, y_m = -x_m - 120, y_m
            if -95 < y_m < -5:
                y_m -= 100
            found.append(_Shop(kind, t.label, t.is_unstaffed, x_m, y_m))
    return found


def town_outlets(rng: np.random.Generator, types: BusinessTypes) -> Outlets:
    """Shops thicker in the west; one stall is closed and every eleventh shop serves a second type."""
    shops = _shops(rng, types)
    n = len(shops)
    x_m, y_m = np.array([s.x_m for s in shops]), np.array([s.y_m for s in shops])
    lon, lat = to_lonlat(x_m, y_m)
    parcel = types.idx("parcel_point")
    services = [sorted({s.type_idx, parcel} if i % 11 == 0 else {s.type_idx}) for i, s in enumerate(shops)]
    unstaffed = np.array([s.is_unstaffed for s in shops])
    status = np.zeros(n, np.uint8)
    status[5] = 3
    chain = np.where(rng.random(n) < 0.28, 1, 0).astype(np.int8)
    chain[10:14] = -1
    outlets = Outlets(
        outlet_id=tuple(f"W{i + 1:04d}" for i in range(n)),
        name=tuple(f"{BRANDS[i % 7]}{s.label.split('（')[0]}" for i, s in enumerate(shops)),
        lon=lon,
        lat=lat,
        x_m=x_m,
        y_m=y_m,
        type_idx=np.array([s.type_idx for s in shops], np.int32),
        service_ptr=np.r_[0, np.cumsum([len(s) for s in services])].astype(np.int64),
        service_type_idx=np.concatenate(services).astype(np.int32),
        status=status,
        is_chain=chain,
        is_movable=np.zeros(n, bool),
        is_unstaffed=unstaffed,
        staff=np.where(unstaffed, 0, rng.integers(1, 9, n)).astype(float),
        area_m2=np.where(rng.random(n) < 0.2, np.nan, np.rint(rng.uniform(12, 400, n))),
        capacity=np.full(n, np.nan),
        hours=tuple("07:00-21:00" if i % 3 else "" for i in range(n)),
        source_row=np.arange(2, n + 2, dtype=np.int32),
        community_idx=circle_of(x_m, y_m),
        circle_idx=circle_of(x_m, y_m),
    )
    outlets.validate()
    return outlets


NAMES = ("河西南社区", "桥南社区", "光明社区", "东苑社区")


def town_communities(places: Places) -> Communities:
    """One community per circle; the last one's floor areas are unknown."""
    nan = np.nan
    return Communities(
        community_id=tuple(f"99998100100{i + 1}" for i in range(4)),
        name=NAMES,
        street=("城关街道", "城关街道", "河北街道", "河北街道"),
        kind=("old", "old", "new", "new"),
        people=np.array([np.nansum(places.people[places.circle_idx == c]) for c in range(4)]),
        households=np.array([nan if c == 3 else 2500.0 for c in range(4)]),
        total_floor_m2=np.array([210_000.0, 240_000.0, 190_000.0, nan]),
        commercial_floor_m2=np.array([24_000.0, 20_500.0, 15_100.0, nan]),
        service_floor_m2=np.array([900.0, 640.0, 1100.0, nan]),
        polygons=circle_polygons(),
        circle_idx=np.arange(4, dtype=np.int32),
        delineation="polygons",
    )


def town_circles() -> Circles:
    """The four circles; only the first says much about itself."""
    return Circles(
        circle_id=("C1", "C2", "C3", "C4"),
        name=("河西南圈", "桥南圈", "光明圈", "东苑圈"),
        lead_community=NAMES,
        build_year=np.array([2025, 2025, 2026, -1], np.int32),
        polygons=circle_polygons(),
        n_centres=np.array([1, 0, 1, -1], np.int32),
        operator_kinds=(("街道(社区)", "网点各自经营"), (), ("专业运营商",), ()),
        layout_form=("街坊式为主", "", "集聚式为主", ""),
        has_platform=np.array([1, 0, -1, -1], np.int8),
    )


def town_ground(places: Places) -> dict[str, list]:
    """The quiet base map: the river, a park, a house at every home."""
    river = box(-1100, -88, 1250, -14)
    park = Polygon([(200, 300), (420, 310), (400, 470), (190, 440)])
    houses = [box(x - 14, y - 9, x + 14, y + 9) for x, y in zip(places.x_m, places.y_m, strict=True)]
    degrees = {"water": [river], "green": [park], "building": houses}
    return {
        name: [Polygon(np.c_[to_lonlat(*np.array(s.exterior.coords).T)]) for s in shapes]
        for name, shapes in degrees.items()
    }


def street_lines(network: WalkNetwork, pieces: np.ndarray) -> list[LineString]:
    """Street pieces as lines in plane metres."""
    a, b = network.piece_from_idx[pieces], network.piece_to_idx[pieces]
    x_m, y_m = network.vertex_x_m, network.vertex_y_m
    return [LineString([(x_m[i], y_m[i]), (x_m[j], y_m[j])]) for i, j in zip(a, b, strict=True)]
