"""
What ``pack.toml`` says, as frozen objects: one dataclass per section, one attribute per key.

``pack_parse.py`` reads the file into these; every key is described in ``docs/reference/city-pack.md``.
Paths are as written, relative to the pack's folder; an empty string means the key is not there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from yike.core.tables import SourceNote

DATUMS = ("wgs84", "cgcs2000", "gcj02", "bd09")


@dataclass(frozen=True)
class FileSpec:
    """One data file of the pack: where it is and how its coordinates are meant."""

    file: str = ""
    datum: str = ""  # one of DATUMS, "" not declared
    sheet: str = ""  # sheet of a workbook or layer of a GeoPackage, "" the first that fits
    columns: Mapping[str, str] = field(default_factory=dict)  # our field name -> header in the file
    crs: str = ""  # "EPSG:4547" for plane coordinates that do not say so themselves

    @property
    def is_given(self) -> bool:
        """Whether the pack has this file."""
        return bool(self.file)


@dataclass(frozen=True)
class HeadSpec:
    """``[pack]``: what district this is and of which date."""

    code: str
    name: str
    as_of: str  # ISO date
    is_invented: bool
    division: str = ""  # 6, 9 or 12 digits, "" outside China
    map_review_no: str = ""  # 审图号
    note: str = ""


@dataclass(frozen=True)
class StandardsSpec:
    """``[standards]``: by which rule pack to assess."""

    rule_pack: str = "mofcom-2021-247"
    dir: str = ""  # folder of the pack with further rule packs


@dataclass(frozen=True)
class NetworkSpec:
    """``[network]``: the streets, as one file or as nodes and edges."""

    file: str = ""
    nodes: str = ""
    edges: str = ""
    datum: str = ""
    crs: str = ""  # "EPSG:4547" for planar layers that do not say so themselves
    origin: tuple[float, float] | None = None  # longitude, latitude of local (0, 0) for x_m, y_m
    sheet: str = ""  # layer of a GeoPackage
    walls: bool = False
    gates: bool = False
    snap_m: float = 0.5
    split: bool = True

    @property
    def is_osm(self) -> bool:
        """Whether the network is an OpenStreetMap file."""
        return self.file.lower().endswith((".osm.pbf", ".pbf", ".osm", ".osm.gz", ".osm.bz2"))


@dataclass(frozen=True)
class OutletsSpec(FileSpec):
    """``[outlets]``: shops and service points."""

    source: str = "file"  # "file" | "osm" | "none" (no such section)
    is_surveyed: bool = False  # the list claims to be complete, for every type
    surveyed_types: tuple[str, ...] = ()  # or for these only, as written
    services_count: str = "once_per_type"  # or "main_type_only"
    breakfast_by_hours: bool = True  # dining places that open before 08:00 serve breakfast too


@dataclass(frozen=True)
class PlacesSpec(FileSpec):
    """``[places]``: where people live."""

    source: str = "file"  # "file" | "osm" | "none" (no such section)
    kind: str = ""  # "points" | "polygons" | "grid", "" by the file itself
    people_per_m2: float | None = None  # persons per m2 of floor, where no total is known
    default_levels: float | None = None  # storeys where a building names none
    min_area_m2: float | None = None  # smaller buildings are sheds
    address_is_home: bool = False  # building=yes with a house number and no other use counts as a home
    total: float | None = None  # residents of the whole area
    cell_m: float | None = None  # side of a grid cell
    band: int = 1  # band of a GeoTIFF


@dataclass(frozen=True)
class CommunitiesSpec(FileSpec):
    """``[communities]``: polygons or points in a file, a column of places, or OSM residential areas."""

    source: str = "none"  # "file" | "column" | "osm_residential" | "none"
    column: str = ""


@dataclass(frozen=True)
class CirclesSpec(FileSpec):
    """``[circles]``: the list of living circles, or a column of communities or places."""

    source: str = "none"  # "file" | "column" | "none"
    column: str = ""
    lead_counts: bool = True  # the community in brackets belongs to the circle


@dataclass(frozen=True)
class WalkSpec:
    """``[walk]``: how people walk and join the streets."""

    profile: str = "adult"
    detour: float = 1.3
    max_snap_m: float = 200.0
    min_component: int = 50
    at_minute: int | None = 600  # minute of the day for gates and closures ("10:00"), None any time


@dataclass(frozen=True)
class StudySpecKeys:
    """``[study]``: cutoffs and search limit (written in minutes)."""

    cutoffs_s: tuple[float, ...] = (300.0, 600.0, 900.0)
    limit_s: float = 3600.0


@dataclass(frozen=True)
class PackSpec:
    """The whole ``pack.toml``."""

    pack: HeadSpec
    network: NetworkSpec
    standards: StandardsSpec = field(default_factory=StandardsSpec)
    outlets: OutletsSpec = field(default_factory=lambda: OutletsSpec(source="none"))
    places: PlacesSpec = field(default_factory=lambda: PlacesSpec(source="none"))
    communities: CommunitiesSpec = field(default_factory=CommunitiesSpec)
    circles: CirclesSpec = field(default_factory=CirclesSpec)
    compounds: FileSpec = field(default_factory=FileSpec)
    gates: FileSpec = field(default_factory=FileSpec)
    overlay: FileSpec = field(default_factory=FileSpec)
    premises: FileSpec = field(default_factory=FileSpec)
    survey: FileSpec = field(default_factory=FileSpec)
    vendors: FileSpec = field(default_factory=FileSpec)
    stops: FileSpec = field(default_factory=FileSpec)
    walk: WalkSpec = field(default_factory=WalkSpec)
    study: StudySpecKeys = field(default_factory=StudySpecKeys)
    sources: tuple[SourceNote, ...] = ()
