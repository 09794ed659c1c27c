"""
Which business type is meant by a text: our code, a form row, a name, an alias, an Amap or GB/T 4754 code.

A text that may mean two types is not guessed: the outlet's name decides where it can, otherwise the match
has no type and names the candidates. Nothing here measures distance or reads outlets.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from yike.standards.match_index import MatchIndex, Term, build_match_index
from yike.standards.normal import bare, plain
from yike.standards.osm_tags import classify_osm
from yike.standards.types import BusinessTypes

_SEPARATORS = re.compile(r"[;；|/、,，>]+")
_INDUSTRY = re.compile(r"(?:[a-t]|零售业|批发业|服务业|行业)?(\d{3,4})")
_ROW = re.compile(r"^[bqfm]\d\d")
_BRACKETS = re.compile(r"[(\[【（][^)\]】）]*[)\]】）]")
_TAILS = (
    "服务中心",
    "服务网点",
    "服务部",
    "服务点",
    "服务站",
    "门店",
    "网点",
    "服务",
    "经营部",
    "店铺",
    "店",
    "铺",
    "点",
    "馆",
)
_HEADS = ("社区", "便民", "小区", "品牌", "连锁", "24小时", "个体", "家庭", "街道")
_MAX_WORD = 10
_NEAR = 0.75  # of 2: likeness of the strings plus share of the text's characters found
_END_BONUS = 2  # the head of a Chinese name stands last: 邻里中心菜店 is a greengrocer


@dataclass(frozen=True)
class Match:
    """
    What a text was taken for.

    ``how`` is ``code row label alias amap_name amap amap_group gbt4754 stem contains name`` for a match;
    ``ambiguous not_ours empty unknown`` without one (``type_idx`` -1). ``suggestions`` are labels, best
    first; ``reason`` says in Chinese why there is no type, empty otherwise.
    """

    type_idx: int
    how: str
    suggestions: tuple[str, ...] = ()
    reason: str = ""


class Classifier:
    """Matches texts against one catalogue and remembers every answer."""

    def __init__(self, types: BusinessTypes) -> None:
        self.types = types
        self._index: MatchIndex = build_match_index(types)
        self._known: dict[tuple[str, str], Match] = {}
        self._by_text: dict[str, Match] = {}

    def match(self, value: str, name: str = "") -> Match:
        """Match a type text, with the outlet's name as help where the text is too general."""
        key = (value, name)
        if key not in self._known:
            self._known[key] = self._with_name(value, name)
        return self._known[key]

    def _with_name(self, value: str, name: str) -> Match:
        text = bare(value)
        term = self._index.terms.get(text) if text else self._index.terms[bare("其他")]
        if term is None:
            term = self._generic_part(value)
        if term is not None:
            return self._decide_term(term, value, name)
        called = _called(name)
        if value not in self._by_text:
            self._by_text[value] = self._by_value(value, text)
        found = self._by_text[value]
        if called and (named := self._by_amap_name(value, text, called)) is not None:
            return named
        if called and found.how in ("contains", "unknown"):
            found = self._settle(found, value, called)
        return self._refine(found, called) if called and found.type_idx >= 0 else found

    def _settle(self, found: Match, value: str, called: str) -> Match:
        """The name decides between types that the text holds (早点小吃) or comes near to (汽车清洗)."""
        idx = self._best_word(called)
        if idx < 0:
            return found
        near = self._words_in(_called(value)) if found.type_idx >= 0 else frozenset()
        if idx in near or self.types.types[idx].label in found.suggestions:
            return Match(idx, "name")
        return found

    def _words_in(self, text: str) -> frozenset[int]:
        """Types of all known words in a text."""
        spans = ((s, e) for s in range(len(text)) for e in range(s + 2, min(len(text), s + _MAX_WORD) + 1))
        return frozenset(idx for s, e in spans if (idx := self._index.words.get(text[s:e], -1)) >= 0)

    def _generic_part(self, value: str) -> Term | None:
        """The term that Amap classes end in when nothing more special is said: 生活服务;生活服务场所."""
        parts = [bare(part) for part in _SEPARATORS.split(plain(value)) if part]
        if len(parts) < 2 or any(self._index.exact.get(part) for part in parts):
            return None
        terms = [self._index.terms.get(part) for part in parts]
        return terms[-1] if all(terms) else None

    def _decide_term(self, term: Term, value: str, name: str) -> Match:
        called = _called(name)
        for code, words in term.sure_words:
            if any(word in called for word in words):
                return Match(self.types.idx(code), "name")
        if called and term.is_generic:
            for kind in self._index.not_ours:
                if kind.holds(called):
                    return Match(-1, "not_ours", (), kind.reason)
            idx = self._best_word(called)
            if idx >= 0:
                return Match(idx, "name")
        if term.otherwise:
            return Match(self.types.idx(term.otherwise), "alias")
        labels = tuple(self.types.types[self.types.idx(code)].label for code in term.choices)
        return Match(-1, "ambiguous" if bare(value) else "empty", labels, term.reason)

    def _by_value(self, value: str, text: str) -> Match:
        for attempt in (self._by_exact(text), self._by_number(value), self._by_parts(value)):
            if attempt is not None:
                return attempt
        written = plain(value)
        for kind in self._index.not_ours:
            if kind.holds(written):
                return Match(-1, "not_ours", (), kind.reason)
        stem = self._by_stem(text)
        if stem is not None:
            return stem
        idx = self._best_word(_called(value))
        if idx >= 0:
            return Match(idx, "contains")
        return Match(-1, "unknown", self._nearest(text), "业态目录里没有这个说法。")

    def _by_exact(self, text: str) -> Match | None:
        found = self._index.exact.get(text)
        if found is not None:
            return Match(*found)
        row = self._index.row.get(text[:3].upper()) if _ROW.match(text) else None
        return None if row is None else self._by_row(row, text[3:])

    def _by_row(self, row: int, rest: str) -> Match:
        """B01便利店 is the row, B06修鞋 its sub-type, B01药店 a contradiction that a person must settle."""
        meant, _ = self._index.exact.get(rest, (row, ""))
        if row in self.types.with_parents(meant):
            return Match(meant, "row")
        labels = (self.types.types[row].label, self.types.types[meant].label)
        return Match(-1, "ambiguous", labels, "行次代码与业态名称不一致。")

    def _by_number(self, value: str) -> Match | None:
        parts = [part.strip() for part in _SEPARATORS.split(plain(value)) if part.strip()]
        for part in parts:
            if re.fullmatch(r"\d{6}", part):
                found = self._by_amap(part)
            elif code := _INDUSTRY.fullmatch(part):
                found = self._by_gbt(code.group(1))
            else:
                return None
            if found is not None:
                return found
        return None

    def _by_amap(self, code: str) -> Match | None:
        if code in self._index.amap:
            return Match(self._index.amap[code], "amap")
        for kind in self._index.not_ours:
            if code.startswith(kind.amap):
                return Match(-1, "not_ours", (), kind.reason)
        group = code[:4] + "00"
        if group in self._index.amap:
            return Match(self._index.amap[group], "amap_group")
        if code in self._index.amap_named or group in self._index.amap_named:
            named = self._index.amap_named.get(code) or self._index.amap_named[group]
            labels = tuple(self.types.types[idx].label for idx, _ in named)
            return Match(-1, "ambiguous", labels, "高德这一类别要结合名称才能判断。")
        return None

    def _by_gbt(self, code: str) -> Match | None:
        idx = self._index.gbt.get(code, self._index.gbt.get(code + "0") if len(code) == 3 else None)
        return None if idx is None else Match(idx, "gbt4754")

    def _by_parts(self, value: str) -> Match | None:
        """Amap writes the most special class last (``;``); people write the main one first (、/)."""
        written = plain(value)
        parts = [part for part in _SEPARATORS.split(written) if part]
        if len(parts) < 2:
            return None
        for part in reversed(parts) if ";" in written else parts:
            found = self._by_exact(bare(part))
            if found is not None:
                return found
        return None

    def _by_amap_name(self, value: str, text: str, called: str) -> Match | None:
        """Amap classes that mean one thing with a word in the name and another without."""
        codes = re.findall(r"\d{6}", plain(value))
        parts = [self._index.amap_code_of.get(bare(part)) for part in _SEPARATORS.split(plain(value))]
        codes += [code for code in [self._index.amap_code_of.get(text), *parts] if code]
        for code in codes:
            for key in (code, code[:4] + "00", code[:2] + "0000"):
                for idx, words in self._index.amap_named.get(key, []):
                    if any(word in called for word in words):
                        return self._refine(Match(idx, "name"), called)
        return None

    def _by_stem(self, text: str) -> Match | None:
        for stem in _stems(text):
            found = self._index.exact.get(stem)
            if found is not None:
                return Match(found[0], "stem")
        return None

    def _refine(self, found: Match, called: str) -> Match:
        """The sub-type that the name tells, inside the type already found."""
        children = self._index.family[found.type_idx]
        if not children:
            return found
        idx = self._best_word(called, children)
        return Match(idx, found.how) if idx >= 0 else found

    def _best_word(self, called: str, among: Iterable[int] | None = None) -> int:
        """Type of the longest known word in a text; a word at the end counts for more. -1 none."""
        allowed = None if among is None else frozenset(among)
        best, best_idx = 0.0, -1
        for start in range(len(called)):
            for end in range(start + 2, min(len(called), start + _MAX_WORD) + 1):
                idx = self._index.words.get(called[start:end], -1)
                if idx < 0 or (allowed is not None and idx not in allowed):
                    continue
                weight = end - start + (_END_BONUS if _stands_last(called, end) else 0) + start / 1000
                if weight > best:
                    best, best_idx = weight, idx
        return best_idx

    def _nearest(self, text: str) -> tuple[str, ...]:
        """Up to three labels whose names look most like the text."""
        scores: dict[int, float] = {}
        for word, idx in self._index.words.items():
            shared = len(set(word) & set(text))
            if shared:
                score = difflib.SequenceMatcher(None, word, text).ratio() + shared / len(set(text))
                scores[idx] = max(scores.get(idx, 0.0), score)
        near = [idx for idx in scores if scores[idx] >= _NEAR]
        ranked = sorted(near, key=lambda idx: (-scores[idx], idx))
        return tuple(self.types.types[idx].label for idx in ranked[:3])


def _called(name: str) -> str:
    """An outlet's name as it is searched: plain, without branch in brackets, without punctuation."""
    return bare(_BRACKETS.sub("", plain(name))) or bare(name)


def _stands_last(called: str, end: int) -> bool:
    return called[end:] in (
        "",
        "店",
        "铺",
        "部",
        "点",
        "行",
        "馆",
        "屋",
        "坊",
        "中心",
        "服务部",
        "经营部",
        "门市部",
    )


def _stems(text: str) -> Iterable[str]:
    """The text without a common head, tail, or both, longest first."""
    heads = [text] + [text.removeprefix(head) for head in _HEADS if text.startswith(head)]
    for body in heads:
        if body != text:
            yield body
        for tail in _TAILS:
            if body.endswith(tail) and len(body) - len(tail) >= 2:
                yield body.removesuffix(tail)


_CLASSIFIERS: dict[int, Classifier] = {}


def classifier(types: BusinessTypes) -> Classifier:
    """The catalogue's matcher; made once per catalogue."""
    found = _CLASSIFIERS.get(id(types))
    if found is None or found.types is not types:
        found = _CLASSIFIERS[id(types)] = Classifier(types)
    return found


def classify(value: str, types: BusinessTypes, *, name: str = "") -> Match:
    """
    Match a business-type text from a register, a map or a form.

    Parameters
    ----------
    value
        What stands in the type column: ``B01``, ``便利店``, ``convenience_store``, ``060200``, ``5213``,
        ``购物服务;便民商店/便利店`` … Width, case, traditional characters and punctuation do not matter.
    name
        The outlet's name; used only where the text alone is too general, and to find the sub-type.

    Returns
    -------
    Match
        ``type_idx`` -1 with suggestions and a reason where the text cannot be settled.

    Notes
    -----
    A sub-type serves its parents too: ``types.with_parents(match.type_idx)``.
    """
    return classifier(types).match(value, name)


__all__ = ["Classifier", "Match", "classifier", "classify", "classify_osm"]
