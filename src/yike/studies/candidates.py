"""Where a type could be added: premises, outlets that take it on, points along the streets, stops."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from yike.core.access.pairs import take_rows
from yike.core.network.compound import STREET_FRONT_M
from yike.core.siting.candidates import Candidates
from yike.core.tables import Attachments, BoolArray, FloatArray, LongArray
from yike.errors import InputError, cure_of, message_of
from yike.standards.documents import source_words
from yike.standards.site_rules import load_site_rules
from yike.standards.types import Source
from yike.studies.base import Base
from yike.studies.candidate_rows import KINDS, candidate_rows
from yike.studies.option_walks import allowed_for, idle_ones
from yike.studies.site_nearness import near_score
from yike.studies.site_places import circle_of_points
from yike.studies.site_rating import apart_m, unsuited_source


@dataclass(frozen=True)
class Rejected:
    """A place that cannot be chosen, and why."""

    candidate_id: str
    name: str
    kind: str
    code: str  # "site.reject.area" and so on
    reason: str  # in Chinese
    cure: str = ""
    source_row: int = -1


@dataclass(frozen=True, eq=False)
class CandidateList:
    """What a siting model may choose from; rejected places are not in ``candidates``."""

    candidates: Candidates
    attachments: Attachments
    rejected: tuple[Rejected, ...]
    score: FloatArray | None  # 0 to 1: nearness to public facilities, None where nobody asked
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.candidates)


def find_candidates(
    base: Base,
    type_code: str,
    kinds: tuple[str, ...] = ("premises",),
    *,
    spacing_m: float = 100.0,
    near: bool = False,
    circle_ids: tuple[str, ...] = (),
    strict: bool = False,
    spaces: tuple[str, ...] = (),
) -> CandidateList:
    """
    Places where one type could be added, and those that cannot be, with the reason.

    Parameters
    ----------
    type_code
        Code of the catalogue.
    kinds
        Any of "premises" (the pack's list), "outlet" (open ones that may take the type on), "street_point"
        (generated, every ``spacing_m``) and "stop" (of moving vendors).
    near
        Also score nearness to public facilities, see ``near_score``.
    circle_ids
        Only inside these circles; empty: anywhere.
    strict
        Reject by every site rule. Otherwise only by a smallest area that the rule pack's own documents
        give; what we infer is a warning.
    spaces
        Of the premises only these kinds of idle space, by code, label or alias; empty: all.

    Returns
    -------
    CandidateList
        Premises that are let, too small, closed to the type, outside the circles or too far from a street
        are in ``rejected``, one entry each: the first reason of these in this order.

    Raises
    ------
    InputError
        Nobody knows the kind or the circle.
    """
    for kind in kinds:
        if kind not in KINDS:
            raise InputError("site.kind.unknown", found=kind, expected="、".join(KINDS))
    wanted = circle_rows_of(base, circle_ids)
    type_idx = base.types.idx(type_code)
    candidates, notes = candidate_rows(base, type_idx, kinds, spacing_m)
    at = base.joined.streets.attach(candidates.x_m, candidates.y_m, STREET_FRONT_M)
    judge = _Judge(base, type_idx, candidates, at, strict)
    judge.check_spaces(_space_codes(spaces))
    judge.check_types()
    judge.check_states()
    judge.check_areas()
    judge.check_circles(wanted)
    judge.check_attached()
    if strict:
        judge.check_apart()
        judge.check_kinds()
    keep = np.flatnonzero(judge.is_left)
    kept, kept_at = _take(candidates, keep), take_rows(at, keep)
    score = None
    if near:
        score, more = near_score(base, kept_at)
        notes = [*notes, *more]
    return CandidateList(kept, kept_at, tuple(judge.rejected), score, tuple(notes))


def circle_rows_of(base: Base, circle_ids: tuple[str, ...]) -> frozenset[int]:
    """Rows of circles named by id or name; raises InputError for an unknown one."""
    circles, wanted = base.joined.circles, set[int]()
    for text in circle_ids:
        named = zip(circles.circle_id, circles.name, strict=True)
        hits = [i for i, both in enumerate(named) if text in both]
        if not hits:
            raise InputError("site.circle.unknown", found=text, expected="、".join(circles.name[:8]))
        wanted.update(hits)
    return frozenset(wanted)


def _space_codes(spaces: tuple[str, ...]) -> frozenset[str]:
    rules, found = load_site_rules(), set[str]()
    for words in spaces:
        kind = rules.kind_of(words)
        if kind is None:
            raise InputError(
                "site.space.unknown", found=words, expected="、".join(k.label for k in rules.kinds)
            )
        found.add(kind.code)
    return frozenset(found)


@dataclass(eq=False)
class _Judge:
    """Goes through the rules one by one; the first that a candidate breaks is its reason."""

    base: Base
    type_idx: int
    candidates: Candidates
    at: Attachments
    strict: bool
    rejected: list[Rejected] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.is_left: BoolArray = np.ones(len(self.candidates), bool)
        self.label = self.base.types.types[self.type_idx].label
        self.rules = load_site_rules()
        self.rule = self.rules.rule(self.base.types, self.type_idx)
        self.is_premises = np.array([k == "premises" for k in self.candidates.kind], bool)

    def _reject(self, i: int, why: str, **facts: str) -> None:
        c, code = self.candidates, f"site.reject.{why}"
        self.is_left[i] = False
        told = {"type": self.label, **facts}
        reason, cure = message_of(code, told), cure_of(code, told)
        self.rejected.append(
            Rejected(c.candidate_id[i], c.name[i], c.kind[i], code, reason, cure, int(c.source_row[i]))
        )

    def _left(self, among: BoolArray) -> list[int]:
        return np.flatnonzero(self.is_left & among).tolist()

    def check_spaces(self, wanted: frozenset[str]) -> None:
        """Only the kinds of idle space asked for."""
        premises, labels = self.base.pack.premises, {k.code: k.label for k in self.rules.kinds}
        is_wanted = np.array([not wanted or code in wanted for code in premises.kind_code], bool)
        asked = "、".join(labels[code] for code in sorted(wanted))
        for i in self._left(self.is_premises & ~self._of_premises(is_wanted)):
            found = premises.kind[int(self.candidates.origin_idx[i])]
            self._reject(i, "space", found=found or "种类未知", expected=asked)

    def check_types(self) -> None:
        """What the owner allows."""
        types, listed = self.base.types, self.candidates.allowed_types
        labels = {t.code: t.label for t in types}
        for i in self._left(~allowed_for(listed, types, self.type_idx)):
            names = "、".join(labels.get(code, code) for code in self.candidates.allowed_types[i])
            self._reject(i, "type", allowed=names)

    def check_states(self) -> None:
        """Only premises that stand idle, as far as the list says."""
        premises = self.base.pack.premises
        for i in self._left(self.is_premises & ~self._of_premises(idle_ones(premises))):
            self._reject(i, "state", found=premises.state[int(self.candidates.origin_idx[i])])

    def _of_premises(self, values: BoolArray) -> BoolArray:
        """A column of the premises for every candidate, True where it is none."""
        return np.append(values, True)[np.where(self.is_premises, self.candidates.origin_idx, -1)]

    def check_areas(self) -> None:
        """The smallest area, where a document of the rule pack gives it or every rule is to bind."""
        least = self.rule.area_min_m2
        if least is None or not (self.strict or self._binds(least.source)):
            return
        for i in self._left(self.is_premises & (self.candidates.area_m2 < least.value)):
            found, clause = f"{self.candidates.area_m2[i]:g}", self._clause(least.source)
            self._reject(i, "area", found=found, expected=f"{least.value:g}", clause=clause)

    def _binds(self, source: Source) -> bool:
        return source.mark == "official" and source.document in self.base.rules.lineage

    def _clause(self, source: Source) -> str:
        return source_words(source, self.base.rules.documents)

    def check_circles(self, wanted: frozenset[int]) -> None:
        """Generated points lie inside the pack's circles, all others inside those asked for."""
        is_point = np.array([k == "street_point" for k in self.candidates.kind], bool)
        rows = np.flatnonzero(self.is_left & (is_point | bool(wanted)))
        if not len(rows):
            return
        c = self.candidates
        circle = circle_of_points(self.base, c.lon[rows], c.lat[rows], c.x_m[rows], c.y_m[rows])
        outside = circle < 0
        if wanted:
            outside = ~np.isin(circle, sorted(wanted))
        names = "、".join(self.base.joined.circles.name[i] for i in sorted(wanted))
        for i in rows[outside].tolist():
            if is_point[i]:
                self.is_left[i] = False  # generated ones are just not made there
            else:
                self._reject(i, "circle", circles=names)

    def check_attached(self) -> None:
        """Nobody can walk to a place that joins no street."""
        max_m = self.base.joined.streets.walk.max_snap_m
        for i in self._left(~self.at.is_attached):
            away = self._metres_to_street(i)
            self._reject(i, "not_attached", found=away, expected=f"{max_m:g}")

    def _metres_to_street(self, i: int) -> str:
        """How far the nearest street is, whatever its component."""
        network, c = self.base.joined.network, self.candidates
        apart = np.hypot(network.vertex_x_m - c.x_m[i], network.vertex_y_m - c.y_m[i])
        return f"{apart.min():,.0f}" if len(apart) and np.isfinite(apart.min()) else "？"

    def check_apart(self) -> None:
        """错位发展: not beside an open outlet of the same type."""
        rule = self.rule.apart_m
        if rule is None:
            return
        near_m = apart_m(self.base, self.type_idx, self.at, rule.value)
        for i in self._left(near_m < rule.value):
            self._reject(
                i, "too_near", found=f"{near_m[i]:.0f}", expected=f"{rule.value:g}",
                clause=self._clause(rule.source),
            )  # fmt: skip

    def check_kinds(self) -> None:
        """Kinds of idle space that do not suit the type."""
        for i in self._left(self.is_premises):
            found = unsuited_source(self.base, self.rule, int(self.candidates.origin_idx[i]))
            if found is not None:
                label, source = found
                self._reject(i, "kind", found=label, clause=self._clause(source))


def _take(candidates: Candidates, rows: LongArray) -> Candidates:
    if len(rows) == len(candidates):
        return candidates
    columns: dict[str, Any] = {
        name: value[rows] if isinstance(value, np.ndarray) else tuple(value[i] for i in rows.tolist())
        for name, value in vars(candidates).items()
    }
    return Candidates(**columns)


def take_candidates(found: CandidateList, rows: LongArray) -> CandidateList:
    """Some of the candidates, in the order given."""
    score = None if found.score is None else found.score[rows]
    return CandidateList(
        _take(found.candidates, rows), take_rows(found.attachments, rows), found.rejected, score, found.notes
    )
