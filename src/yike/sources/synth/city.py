"""The maker: streets, people, outlets, planting, files, in this order, from one seed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from yike.errors import InputError
from yike.sources.synth.files import PackWriter
from yike.sources.synth.kerb import Kerb
from yike.sources.synth.moving import invent_stops
from yike.sources.synth.people import Residents, settle
from yike.sources.synth.planting import (
    AskedRow,
    Planting,
    all_shares,
    best_sites,
    premises_spots,
)
from yike.sources.synth.rooms import describe_rooms
from yike.sources.synth.shops import Shops, furnish, join, open_shops
from yike.sources.synth.spec import SIZES, CitySpec
from yike.sources.synth.streets import draw_streets
from yike.sources.synth.truth import TrueWalks
from yike.standards.loader import load_profiles, load_rule_pack, load_types

FIRST_SHARE = 0.8  # of the outlets are placed before the planting, the rest fills up to the number
STORE_EXTRAS = (("B12", 0.35), ("B05", 0.2))  # functions a convenience store adds, and how often
FILLER_ROWS = ("Q03", "Q07", "Q08", "B99")


def make_city(
    city: str, seed: int, folder: Path, progress: Callable[[str, int, int], None] | None = None
) -> Path:
    """
    Make a synthetic city pack.

    Parameters
    ----------
    city
        Size: "yima" (35 communities, 170,900 people), "medium" (100, 600,000) or "large" (1,000, 5 million).
    seed
        The same seed gives the same files, byte for byte.
    folder
        Where the pack goes; made if missing.

    Returns
    -------
    Path
        The folder. ``truth.json`` in it holds the planted gaps and best sites.

    Raises
    ------
    InputError
        Unknown size.
    """
    if city not in SIZES:
        raise InputError("synth.city.unknown", found=city, expected="、".join(SIZES))
    spec, tell = SIZES[city], progress or (lambda stage, done, total: None)
    rng = np.random.default_rng(seed)
    tell("虚构街道", 0, 1)
    streets = draw_streets(spec, rng)
    residents = settle(spec, streets, rng)
    labels, asked = _labels(), _asked(spec)
    walks = TrueWalks(streets, load_profiles()["adult"].speed_m_s)
    kerb = Kerb(streets)
    planting = Planting(spec, kerb, residents, walks, labels, rng)
    shops = open_shops(_first(spec), streets, kerb, labels, rng)
    shops = _with_extras(shops, rng)
    n_empty = planting.rows_to_empty(asked)
    empty: dict[str, list[int]] = {}
    for done, row in enumerate(asked):
        tell("虚构网点和缺口", done, len(asked))
        shops, emptied = planting.plant(shops, row, n_empty.get(row.row, 0))
        empty.update({row.row: emptied} if emptied else {})
    shops = _fill_up(spec, shops, asked, planting, labels)
    x_m, y_m, _ = premises_spots(planting, spec.n_premises_per_circle)
    tell("写出城市包", 0, 1)
    writer = PackWriter(folder, spec, seed)
    writer.head()
    writer.network(streets)
    writer.places(residents)
    writer.communities(streets, residents)
    writer.compounds(streets)
    writer.outlets(shops, labels)
    areas = rng.integers(15, 160, len(x_m)).astype(np.int32)
    truth = _truth(spec, planting, residents, shops, asked, empty, x_m, y_m)
    best = {int(gap["best_premises"].removeprefix("R")) - 1 for gap in truth["planted"]}
    writer.premises(x_m, y_m, describe_rooms(areas, best, seed), labels)
    if spec.n_stops:
        writer.moving(invent_stops(spec.n_stops, streets, kerb, residents, x_m, y_m, seed))
    writer.truth(truth)
    return folder


def _labels() -> dict[str, str]:
    types = load_types()
    return {
        t.form_row: t.label if t.form_row not in ("B99", "Q99") else t.form_row for t in types if not t.parent
    }


def _asked(spec: CitySpec) -> list[AskedRow]:
    types = load_types()
    rows = []
    for rule in load_rule_pack(spec.rule_pack).types:
        kind = types.types[types.idx(rule.code)]
        if rule.is_required and not kind.parent and np.isfinite(rule.within_s):
            rows.append(AskedRow(kind.form_row, rule.within_s, rule.share))
    return sorted(rows, key=lambda r: r.row)


def _first(spec: CitySpec) -> CitySpec:
    return replace(spec, n_outlets=int(spec.n_outlets * FIRST_SHARE))


def _with_extras(shops: Shops, rng: np.random.Generator) -> Shops:
    """Some convenience stores take parcels or sell breakfast (一店多能)."""
    extra = []
    for row in shops.row:
        adds = tuple(r for r, often in STORE_EXTRAS if row == "B01" and rng.random() < often)
        extra.append(adds)
    return replace(shops, extra=tuple(extra))


def _fill_up(
    spec: CitySpec, shops: Shops, asked: list[AskedRow], planting: Planting, labels: dict[str, str]
) -> Shops:
    """Reach the stated number of outlets with types that nobody requires; drop such types when too many."""
    required = {a.row for a in asked}
    n_short = spec.n_outlets - len(shops)
    if n_short < 0:
        spare = np.flatnonzero(
            [r not in required and not e for r, e in zip(shops.row, shops.extra, strict=True)]
        )
        drop = planting.rng.permutation(spare)[:-n_short]
        kept = np.ones(len(shops), bool)
        kept[drop] = False
        return shops.keep(kept)
    fillers = [r for r in FILLER_ROWS if r not in required] or ["B99"]
    rows = tuple(planting.rng.choice(fillers, n_short).tolist())
    at = planting.rng.integers(0, len(planting.people), n_short)
    r = planting.residents
    x_m, y_m = planting.kerb.beside(r.x_m[at], r.y_m[at], planting.rng)
    return join(shops, furnish(x_m, y_m, rows, planting.rng, len(shops), labels))


def _truth(
    spec: CitySpec,
    planting: Planting,
    residents: Residents,
    shops: Shops,
    asked: list[AskedRow],
    empty: dict[str, list[int]],
    x_m: Any,
    y_m: Any,
) -> dict[str, Any]:
    shares = all_shares(planting, shops, asked)
    by_row = {a.row: a for a in asked if a.row in empty}
    best_of = best_sites(planting, shops, by_row, x_m, y_m)
    gaps = []
    for row, circles in sorted(empty.items()):
        best, gain = best_of[row]
        for circle in circles:
            gaps.append({
                "circle_name": residents.circle_name[circle],
                "form_row": row,
                "share_in_norm": round(float(shares[row][circle]), 4),
                "share_required": by_row[row].share,
                "best_premises": f"R{best + 1:04d}",
                "people_gained": gain,
            })  # fmt: skip
    return {
        "rule_pack": spec.rule_pack,
        "n_outlets": len(shops),
        "people": int(residents.people.sum()),
        "planted": gaps,
        "circles": list(residents.circle_name),
        "share_in_norm": {row: [round(float(s), 4) for s in values] for row, values in shares.items()},
    }
