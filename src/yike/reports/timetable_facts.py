"""What the papers of a timetable of moving vendors are given."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass, field

from yike.core.tables import Provenance


@dataclass(frozen=True)
class Stop:
    """A place where vendors may stand."""

    stop_id: str
    name: str
    address: str  # "" unknown
    lon: float
    lat: float
    community: str  # name, "" none


@dataclass(frozen=True)
class Vendor:
    """A craftsman, cart or truck (流动服务者)."""

    vendor_id: str
    name: str
    trades: tuple[str, ...]  # codes of business types
    phone: str = ""


@dataclass(frozen=True)
class Visit:
    """One vendor at one stop for one half-day, every week."""

    vendor_id: str
    stop_id: str
    day: int  # 0 Monday .. 6 Sunday
    half: str  # "am" | "pm"
    begins: str  # "08:00"
    ends: str  # "11:30"
    people: float  # residents within the walk of the stop, NaN unknown


@dataclass(frozen=True)
class TradeReach:
    """How many residents meet a trade within 7 days, in one community or (``community = ""``) in all."""

    trade: str
    community: str
    people: float  # all who count, NaN unknown
    before: float  # of these, people who reach a fixed outlet of the trade on foot, NaN unknown
    after_once: float  # with the timetable, at least once a week; at least so many where before is unknown
    after_twice: float  # at least twice a week
    before_least: float = math.nan  # people who surely do, where before is unknown
    before_words: str = ""  # why before is unknown, in Chinese

    @property
    def gained(self) -> float:
        """People whom the timetable adds to those who surely have an outlet; at most, where unknown."""
        return self.after_once - (self.before_least if math.isnan(self.before) else self.before)


@dataclass(frozen=True)
class TimetableFacts:
    """One weekly timetable with what proves it."""

    provenance: Provenance
    title: str
    first_day: dt.date  # a Monday
    last_day: dt.date | None  # None: until further notice
    walk_s: float  # the residents' reach, 600 for ten minutes
    vendors: tuple[Vendor, ...]
    stops: tuple[Stop, ...]
    trades: tuple[tuple[str, str], ...]  # code, label
    visits: tuple[Visit, ...]  # by day, half, stop, vendor
    reach: tuple[TradeReach, ...]
    objective: float
    bound: float
    gap: float
    status: str  # "optimal" | "bounded"
    method: str
    seconds: float
    seed: int
    notes: tuple[str, ...] = ()  # Chinese sentences: estimates, what was left out and why
    public_url: str = ""  # page of the timetable, for the QR code; "" puts the plain text into the code
    visit_labels: tuple[tuple[str, str], ...] = ()  # code, residents' word for what comes, where it has one
    half_labels: tuple[tuple[str, str], ...] = field(default=(("am", "上午"), ("pm", "下午")))
