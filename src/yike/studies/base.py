"""What a study knows before it judges: the pack, the rules, the streets and who reaches what."""

from __future__ import annotations

from dataclasses import dataclass

from yike.core.network.profile import WalkProfile
from yike.core.tables import AccessTable, IntArray, LongArray
from yike.sources.pack import Pack
from yike.standards.types import BusinessTypes, RulePack
from yike.studies.streets import Joined
from yike.studies.study import StudySpec


@dataclass(frozen=True, eq=False)
class Base:
    """One pack under one rule pack and one walking profile; siting and scenarios start from it."""

    spec: StudySpec
    pack: Pack
    rules: RulePack
    profile: WalkProfile
    types: BusinessTypes
    joined: Joined
    access: AccessTable
    services: tuple[LongArray, IntArray]  # access columns that each outlet serves: ptr, column
