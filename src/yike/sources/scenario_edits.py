"""The edits a scenario is made of, as frozen records; ``scenario_file`` reads them, studies apply them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from yike.core.network import overlay


@dataclass(frozen=True)
class Spot:
    """Where something is: WGS-84 degrees, or the id of a premises or candidate (then ``lon`` is NaN)."""

    lon: float = float("nan")
    lat: float = float("nan")
    at: str = ""


@dataclass(frozen=True)
class AddOutlet:
    """A new outlet (新增网点), open from the first day."""

    type_idx: int  # row of the catalogue
    spot: Spot
    outlet_id: str = ""  # "" lets the study number it
    name: str = ""
    services: tuple[int, ...] = ()  # further business types (一店多能)
    hours: str = ""
    is_chain: bool | None = None
    area_m2: float = float("nan")
    staff: float = float("nan")


@dataclass(frozen=True)
class CloseOutlet:
    """An outlet that closes (关闭网点), with all its stops."""

    outlet_id: str


@dataclass(frozen=True)
class MoveOutlet:
    """An outlet that moves (迁移网点) and keeps all else."""

    outlet_id: str
    spot: Spot


@dataclass(frozen=True)
class AddFunction:
    """An outlet that takes on further business types (增加功能)."""

    outlet_id: str
    types: tuple[int, ...]


@dataclass(frozen=True)
class ExtendHours:
    """An outlet with new opening hours (延长营业); early ones may make it serve breakfast."""

    outlet_id: str
    hours: str


@dataclass(frozen=True)
class StreetEdit:
    """A path, a gate or a closure (补路、开门、封路)."""

    edit: overlay.Edit
    hours: str = ""  # of a gate in the wall of a compound, "" always open


@dataclass(frozen=True)
class NewEstate:
    """New homes at one point (新建小区)."""

    spot: Spot
    people: float
    place_id: str = ""
    name: str = ""
    households: float = float("nan")
    bands: Mapping[str, float] = field(default_factory=dict)  # codes of ``AGE_BANDS``
    community: str = ""  # name or code, "" by position


@dataclass(frozen=True)
class SetNorm:
    """Another norm walk for a business type (改时限)."""

    type_idx: int
    within_s: float


@dataclass(frozen=True)
class SetProfile:
    """Another walker (换步行者)."""

    profile: str


@dataclass(frozen=True)
class SetTime:
    """Another time of day for gates and closures (换时刻)."""

    at_minute: int


ScenarioEdit = (
    AddOutlet
    | CloseOutlet
    | MoveOutlet
    | AddFunction
    | ExtendHours
    | StreetEdit
    | NewEstate
    | SetNorm
    | SetProfile
    | SetTime
)


@dataclass(frozen=True)
class Entry:
    """One edit and where it stands: number of the entry and line of the file, for faults."""

    edit: ScenarioEdit
    number: int
    line: int
    kind: str  # as this module's readers call it, "add_outlet"


@dataclass(frozen=True)
class Scenario:
    """A named list of edits over a pack."""

    name: str
    entries: tuple[Entry, ...] = ()
    note: str = ""
    file: str = ""

    @property
    def edits(self) -> tuple[ScenarioEdit, ...]:
        """The edits alone, in the order of the file."""
        return tuple(entry.edit for entry in self.entries)
