"""The door to policy: business types, rule packs, walking profiles, supply norms, age bands."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from yike.core.network.profile import WalkProfile
from yike.errors import PolicyFileError
from yike.standards.catalogue import read_types
from yike.standards.data_files import DATA
from yike.standards.entry import Entry, read_toml
from yike.standards.packs import build_pack, find_files
from yike.standards.types import BusinessTypes, RulePack, Source, SupplyNorm

AGE_BANDS: dict[str, tuple[int, int | None]] = {
    "under_3": (0, 3),
    "3_5": (3, 6),
    "6_14": (6, 15),
    "15_59": (15, 60),
    "60_79": (60, 80),
    "80_over": (80, None),
    "60_over": (60, None),
    "65_over": (65, None),
}
"""
Age bands of residents, [from, to) in years: 托育 under 3, school ages, 60 and 80 of elderly policy.

The last two are how lists of communities usually give the old; they overlap others, so bands are not summed.
"""

AGE_LABELS = {
    "under_3": "3岁以下",
    "3_5": "3～5岁",
    "6_14": "6～14岁",
    "15_59": "15～59岁",
    "60_79": "60～79岁",
    "80_over": "80岁及以上",
    "60_over": "60岁及以上",
    "65_over": "65岁及以上",
}
"""What people read for each age band."""


@cache
def load_types() -> BusinessTypes:
    """The catalogue of business types, in form order; raises PolicyFileError when a file is wrong."""
    return read_types(DATA / "business_types")


def list_rule_packs(extra_dirs: tuple[Path, ...] = ()) -> tuple[str, ...]:
    """Codes of all rule packs, the program's and those of the extra folders, sorted."""
    return tuple(find_files(_folders(extra_dirs)))


def load_rule_pack(code: str, extra_dirs: tuple[Path, ...] = ()) -> RulePack:
    """
    One rule pack with everything of its bases merged in.

    Parameters
    ----------
    code
        Code of the pack, such as ``"tianshui-2023-54"``.
    extra_dirs
        Folders with packs of a person's own; their files win over the program's of the same code.

    Raises
    ------
    PolicyFileError
        No such pack, or a file is wrong: file, key, why.
    """
    # Only the program's own files are remembered: a person edits the extra ones while trying them out.
    return build_pack(code, find_files(_folders(extra_dirs)), load_types()) if extra_dirs else _own_pack(code)


@cache
def _own_pack(code: str) -> RulePack:
    return build_pack(code, find_files(_folders(())), load_types())


def _folders(extra_dirs: tuple[Path, ...]) -> tuple[Path, ...]:
    return (DATA / "rule_packs", *extra_dirs)


@cache
def load_profiles() -> dict[str, WalkProfile]:
    """Walking profiles by code: adult, elder, wheelchair."""
    entry = read_toml(DATA / "profiles.toml")
    profiles = [_read_profile(item) for item in entry.tables("profile")]
    entry.done()
    return {profile.code: profile for profile in profiles}


def _read_profile(item: Entry) -> WalkProfile:
    speed_km_h = item.need("speed_km_h", float)
    if not 0 < speed_km_h <= 10:
        raise item.fault("standards.profile.speed", "speed_km_h", found=speed_km_h)
    source = item.source("yike-profiles", "inferred")
    profile = WalkProfile(
        code=item.need("code", str),
        label=item.need("label", str),
        speed_m_s=speed_km_h / 3.6,
        avoid_steps=item.get("avoid_steps", bool, False),
        steps_factor=item.get("steps_factor", float, 1.0),
        uses_private=item.get("uses_private", bool, False),
        source=("推定：" if source.is_inferred else "") + source.text,
    )
    item.done()
    return profile


@cache
def load_supply() -> tuple[SupplyNorm, ...]:
    """Outlets per 1,000 residents usually seen, by type; types without a figure are absent."""
    entry = read_toml(DATA / "supply.toml")
    norms = tuple(_read_supply(item) for item in entry.tables("supply"))
    entry.done()
    return norms


def _read_supply(item: Entry) -> SupplyNorm:
    outlets, people = item.need("outlets", float), item.need("people", float)
    if people <= 0:
        raise PolicyFileError(
            "standards.key.kind", file=item.file, key=item.key("people"), found=people, expected="正数"
        )
    norm = SupplyNorm(
        item.need("code", str), 1000 * outlets / people, item.source("nantong-2023", "inferred")
    )
    item.done()
    return norm


__all__ = [
    "AGE_BANDS",
    "AGE_LABELS",
    "DATA",
    "Source",
    "list_rule_packs",
    "load_profiles",
    "load_rule_pack",
    "load_supply",
    "load_types",
]
