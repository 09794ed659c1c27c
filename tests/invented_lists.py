"""
Invented lists (虚构) for real packs, which have none: idle premises, moving vendors, stops.

Streets and homes stay as they are; every row and the source of each list say 虚构. The pack itself stays
what it is, since ``[pack] invented`` speaks of all its data.
"""

from pathlib import Path

import numpy as np

from yike.sources.synth.files import PREMISES_COLUMNS, STOP_COLUMNS, VENDOR_COLUMNS, write_rows
from yike.sources.synth.moving import GATE_RULES, SQUARE_RULES, VENDORS
from yike.sources.synth.rooms import describe_rooms
from yike.standards.loader import load_types
from yike.studies.pipeline import base_of
from yike.studies.study import StudySpec, silent
from yike.studies.watch import Watch

NEAR_HOME_DEGREES = 2e-4  # some 20 m


def invented_premises(pack_dir: Path, n: int, seed: int) -> Path:
    """
    Add ``[premises]`` with so many invented rooms, each near a home of the pack; returns the pack's folder.

    The same seed gives the same list.
    """
    lon, lat = _near_homes(pack_dir, n, np.random.default_rng([seed, 1]))
    areas = np.random.default_rng([seed, 2]).integers(15, 160, n).astype(np.int32)
    rooms, labels = (
        describe_rooms(areas, (), seed),
        {t.form_row: t.label for t in load_types() if not t.parent},
    )
    rows = [
        (
            f"X{k + 1:03d}", f"虚构{rooms.kind[k]}{k + 1}", rooms.kind[k], lon[k], lat[k], rooms.area_m2[k],
            rooms.owner[k], rooms.state[k], "、".join(labels[r] for r in rooms.allowed_rows[k]),
            rooms.cost_wan[k], rooms.hours[k],
        )
        for k in range(n)
    ]  # fmt: skip
    write_rows(pack_dir / "invented_premises.csv", ("编号", "名称", *PREMISES_COLUMNS), rows)
    return _add(pack_dir, {"premises": "invented_premises.csv"}, "虚构闲置空间清单", seed)


def invented_vendors(pack_dir: Path, n_stops: int, seed: int) -> Path:
    """Add ``[vendors]`` (six) and ``[stops]`` (so many, near homes); returns the pack's folder."""
    lon, lat = _near_homes(pack_dir, n_stops, np.random.default_rng([seed, 3]))
    rules = (*SQUARE_RULES, *GATE_RULES)
    stops = [
        (f"P{k + 1:02d}", f"虚构停靠点{k + 1}", "", lon[k], lat[k], *rules[k % len(rules)])
        for k in range(n_stops)
    ]
    write_rows(pack_dir / "invented_stops.csv", STOP_COLUMNS, stops)
    write_rows(pack_dir / "invented_vendors.csv", VENDOR_COLUMNS, [(*row, "") for row in VENDORS])
    files = {"vendors": "invented_vendors.csv", "stops": "invented_stops.csv"}
    return _add(pack_dir, files, "虚构流动服务者和停靠点清单", seed)


def _near_homes(pack_dir: Path, n: int, rng: np.random.Generator) -> tuple[list[float], list[float]]:
    joined = base_of(StudySpec(pack_dir), Watch(silent)).joined
    homes = rng.choice(np.flatnonzero(joined.place_attachments.is_attached), n, replace=False)
    off = rng.uniform(-NEAR_HOME_DEGREES, NEAR_HOME_DEGREES, (2, n))
    places = joined.places
    return np.round(places.lon[homes] + off[0], 7).tolist(), np.round(places.lat[homes] + off[1], 7).tolist()


def _add(pack_dir: Path, files: dict[str, str], name: str, seed: int) -> Path:
    path = pack_dir / "pack.toml"
    head, mark, sources = path.read_text("utf-8").partition("[[source]]")
    for section, file in files.items():
        datum = "" if section == "vendors" else 'datum = "wgs84"\n'
        head += f'[{section}]\nfile = "{file}"\n{datum}\n'
    covers = ", ".join(f'"{section}"' for section in files)
    source = (
        f'\n[[source]]\nname = "{name}（种子 {seed}）"\nlicence = "CC0-1.0"\n'
        f'attribution = "虚构数据，仅供测试"\ncovers = [{covers}]\n'
    )
    path.write_text(head + mark + sources.rstrip("\n") + "\n" + source, "utf-8")
    return pack_dir
