"""How a project is done, what it may cost, which programme it belongs to: proposals, as data."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from yike.standards.data_files import DATA
from yike.standards.entry import Entry, read_toml
from yike.standards.types import Source

SITES = ("premises", "outlet", "stop", "street_point")
"""Kinds of places that a project may stand on."""

FEN_PER_WAN = 1_000_000
DEFAULT = "default"


@dataclass(frozen=True)
class ProjectMode:
    """A way to carry out a project (建设方式), for some kinds of sites and types."""

    code: str
    label: str
    kind: str  # "reuse" 盘活存量 | "new" 新建 | "movable" 流动
    sites: tuple[str, ...]
    types: tuple[str, ...]  # empty: any
    owners: tuple[str, ...]  # words in the owner's name, empty: any
    text: str
    source: Source


@dataclass(frozen=True)
class CostBand:
    """What setting up costs, from and to, in fen; always inferred."""

    codes: tuple[str, ...]  # kinds of sites, or codes of types
    low_fen: int
    high_fen: int
    source: Source

    @property
    def middle_fen(self) -> int:
        """The middle of the band: what plans reckon with."""
        return (self.low_fen + self.high_fen) // 2


@dataclass(frozen=True)
class Costs:
    """Bands of sites (paid once a site) and of types (paid for each type)."""

    sites: tuple[CostBand, ...]
    types: tuple[CostBand, ...]

    def of_site(self, kind: str) -> CostBand:
        """Making a site fit for use; raises KeyError for an unknown kind."""
        return self._first(self.sites, kind)

    def of_type(self, code: str) -> CostBand:
        """Equipping one type; the default's band where the type has none."""
        try:
            return self._first(self.types, code)
        except KeyError:
            return self._first(self.types, DEFAULT)

    @staticmethod
    def _first(bands: tuple[CostBand, ...], code: str) -> CostBand:
        for band in bands:
            if code in band.codes:
                return band
        raise KeyError(code)


@dataclass(frozen=True)
class Programme:
    """One of the key projects (重点实施项目) with the types that belong to it."""

    code: str
    label: str
    types: tuple[str, ...]
    source: Source


@cache
def load_modes() -> tuple[ProjectMode, ...]:
    """The ways of ``data/project_modes.toml``, first match first; raises PolicyFileError."""
    entry = read_toml(DATA / "project_modes.toml")
    modes = tuple(_read_mode(item) for item in entry.tables("mode"))
    entry.done()
    return modes


def _read_mode(item: Entry) -> ProjectMode:
    mode = ProjectMode(
        code=item.need("code", str),
        label=item.need("label", str),
        kind=item.one_of("kind", ("reuse", "new", "movable")),
        sites=item.words("sites"),
        types=item.words("types"),
        owners=item.words("owners"),
        text=item.need("text", str),
        source=item.source("yike-projects", "inferred"),
    )
    item.done()
    return mode


@cache
def load_costs() -> Costs:
    """The bands of ``data/project_costs.toml``; raises PolicyFileError when the file is wrong."""
    entry = read_toml(DATA / "project_costs.toml")
    sites = tuple(_read_cost(item, (item.one_of("kind", SITES),)) for item in entry.tables("site"))
    types = tuple(_read_cost(item, item.words("types")) for item in entry.tables("type"))
    entry.done()
    return Costs(sites, types)


def _read_cost(item: Entry, codes: tuple[str, ...]) -> CostBand:
    low, high = item.need("low_wan", float), item.need("high_wan", float)
    if not 0 <= low <= high:
        raise item.fault("standards.costs.band", "low_wan", found=f"{low:g}–{high:g}")
    source = item.source("yike-projects", "inferred")
    item.done()
    return CostBand(codes, round(low * FEN_PER_WAN), round(high * FEN_PER_WAN), source)


@cache
def load_programmes() -> tuple[Programme, ...]:
    """The key projects of ``data/programmes.toml``; raises PolicyFileError when the file is wrong."""
    entry = read_toml(DATA / "programmes.toml")
    programmes = tuple(_read_programme(item) for item in entry.tables("programme"))
    entry.done()
    return programmes


def _read_programme(item: Entry) -> Programme:
    programme = Programme(
        item.need("code", str),
        item.need("label", str),
        item.words("types"),
        item.source("yike-projects", "inferred"),
    )
    item.done()
    return programme


def mode_for(site: str, type_codes: tuple[str, ...], owner: str = "") -> ProjectMode:
    """The first way that fits the site, one of the types, and the owner."""
    for mode in load_modes():
        fits_type = not mode.types or any(code in mode.types for code in type_codes)
        fits_owner = not mode.owners or any(word in owner for word in mode.owners)
        if site in mode.sites and fits_type and fits_owner:
            return mode
    raise KeyError(site)


def programme_of(type_code: str) -> Programme | None:
    """The key project that a type belongs to, None when none."""
    return next((p for p in load_programmes() if type_code in p.types), None)


def cost_of(site: str, type_code: str) -> CostBand:
    """What one type on a site of its own takes in all: making the site fit, and equipping the type."""
    costs = load_costs()
    at, own = costs.of_site(site), costs.of_type(type_code)
    return CostBand((type_code,), at.low_fen + own.low_fen, at.high_fen + own.high_fen, own.source)
