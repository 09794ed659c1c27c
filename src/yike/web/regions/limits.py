"""Floor area against what documents ask: ≥ 10 % in new communities, ≥ 30 m² per 100 households."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from yike.standards.documents import source_words
from yike.standards.loader import load_rule_pack
from yike.standards.types import RulePack
from yike.web.regions.models import CommunityProfile
from yike.web.regions.words import read


@dataclass(frozen=True)
class Check:
    """One figure against one limit; ``sign`` met, gap, standing (no demand on this one) or unknown."""

    label: str
    value: Decimal | None
    at_least: Decimal
    unit: str
    sign: str
    source: str
    note: str = ""


def pack_code_for(branch: str) -> str:
    """The rule pack of the document a branch works under: the longest code listed, else the national one."""
    told = read("packs")
    fits = [code for code in told["branch"] if branch.startswith(code)]
    return str(told["branch"][max(fits, key=len)] if fits else told["default"])


def pack_for(branch: str) -> RulePack:
    """The same as a rule pack."""
    return load_rule_pack(pack_code_for(branch))


def checks_of(profile: CommunityProfile | None, branch: str) -> list[Check]:
    """Both checks of a community; a figure that is missing makes a check unknown, never failed."""
    pack = pack_for(branch)
    return [c for c in (_area_share(profile, pack), _service_area(profile, pack)) if c]


def share_of(profile: CommunityProfile | None) -> Decimal | None:
    """(Commercial + service area) ÷ total floor area, in per cent."""
    if profile is None or not profile.floor_area_m2:
        return None
    parts = (profile.commercial_area_m2, profile.service_area_m2)
    if any(p is None for p in parts):
        return None
    return sum((_exact(p) for p in parts), Decimal(0)) / _exact(profile.floor_area_m2) * 100


def per_100_households(profile: CommunityProfile | None) -> Decimal | None:
    """Service area in m² per 100 households."""
    if profile is None or not profile.households or profile.service_area_m2 is None:
        return None
    return _exact(profile.service_area_m2) / profile.households * 100


def _area_share(profile: CommunityProfile | None, pack: RulePack) -> Check | None:
    is_new = profile.is_new if profile else None
    note = {True: "", False: "不是新建社区，只作参考", None: "是否新建社区未登记，只作参考"}[is_new]
    return _check(pack, "area_share", "商业和综合服务设施占总建筑面积", share_of(profile), 100, "%", note)


def _service_area(profile: CommunityProfile | None, pack: RulePack) -> Check | None:
    found = per_100_households(profile)
    return _check(pack, "service_area_per_100_households", "每百户综合服务设施面积", found, 1, "m²", "")


def _check(
    pack: RulePack, code: str, label: str, found: Decimal | None, times: int, unit: str, note: str
) -> Check | None:
    rule = next((i for i in pack.indicators if i.code == code), None)
    if rule is None or rule.at_least is None:
        return None
    limit = _exact(rule.at_least) * times
    sign = "unknown" if found is None else "met" if found >= limit else "standing" if note else "gap"
    return Check(label, found, limit, unit, sign, source_words(rule.source, pack.documents), note)


def _exact(value: float | None) -> Decimal:
    """Without the dust of binary fractions: 9.99 stays below 10, 10 is 10."""
    return Decimal(str(value))
