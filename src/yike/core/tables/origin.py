"""Where data came from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class SourceNote:
    """One data source of a pack: who made it, under which licence, of which date."""

    name: str
    licence: str
    url: str = ""
    as_of: str = ""  # ISO date, "" unknown
    attribution: str = ""
    covers: tuple[str, ...] = ()  # "network", "outlets", "places", ...


@dataclass(frozen=True)
class Provenance:
    """What every output says of its origin."""

    code: str
    name: str
    division: str
    as_of: str  # ISO date of the data
    is_invented: bool  # 虚构 on every page when true
    sources: tuple[SourceNote, ...]
    estimates: tuple[str, ...] = ()  # sentences on what was estimated (估算) and how
    map_review_no: str = ""  # 审图号
    is_surveyed: bool = False  # the outlet list claims to be complete
    settings: dict[str, Any] = field(default_factory=dict)
