"""Siting for the command line: words into a question, the record, and a map file."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from yike.core.circle.plain import number
from yike.errors import InputError
from yike.reports.whole_file import write_whole
from yike.standards.classify import classify
from yike.standards.types import BusinessTypes
from yike.studies.base import Base
from yike.studies.pipeline import base_of
from yike.studies.siting import SitingOutcome, site
from yike.studies.siting_problem import SitingSpec
from yike.studies.study import Progress, StudySpec, silent
from yike.studies.watch import Watch


def type_code_of(types: BusinessTypes, text: str) -> str:
    """Code of a type by form row, code, label or alias; raises InputError with near ones."""
    match = classify(text, types)
    if match.type_idx < 0:
        raise InputError(
            "site.type.unknown", found=text, expected="、".join(match.suggestions) or "B10、药店"
        )
    return types.types[match.type_idx].code


def siting_spec_of(base: Base, ask: dict[str, Any]) -> SitingSpec:
    """The question of a command's words; ``type_texts`` are form rows, codes or labels."""
    codes = tuple(dict.fromkeys(type_code_of(base.types, t) for t in ask["type_texts"]))
    rest = {name: value for name, value in ask.items() if name != "type_texts"}
    return SitingSpec(codes[0], type_codes=codes, **rest)


def solve_and_write(
    study: StudySpec, ask: dict[str, Any], geojson: Path | None = None, progress: Progress = silent
) -> dict[str, Any]:
    """
    Answer a siting question over a pack.

    Returns
    -------
    dict
        The record of ``studies.siting.site``; with ``geojson`` also the file of sites and homes served.
    """
    base = base_of(study, Watch(progress))
    outcome = site(base, siting_spec_of(base, ask), progress)
    if geojson is not None:
        text = json.dumps(layer_of(base, outcome), ensure_ascii=False) + "\n"
        write_whole(geojson, lambda half: half.write_text(text, "utf-8"))
        outcome.record["files"] = {geojson.name: "选点与所服务的居住点"}
    return outcome.record


def curve_of(
    study: StudySpec, ask: dict[str, Any], k_max: int, progress: Progress = silent
) -> dict[str, Any]:
    """The coverage curve up to ``k_max`` sites, as a record."""
    base = base_of(study, Watch(progress))
    spec = replace(siting_spec_of(base, ask), k=1, k_max=k_max)
    if len(spec.type_codes) > 1:
        raise InputError("site.model.one_type", found="curve")
    record = site(base, spec, progress).record
    kept = (
        "type_code", "form_row", "label", "cutoff_s", "profile", "weights", "unit", "candidates", "rejected",
        "people_total", "people_not_reached", "coverage_before", "answer", "reason", "cure", "curve",
        "is_estimate", "is_invented", "notes",
    )  # fmt: skip
    return {name: record[name] for name in kept}


def layer_of(base: Base, outcome: SitingOutcome) -> dict[str, Any]:
    """GeoJSON of the chosen sites and of the homes that each newly serves, with the walk in seconds."""
    places, reach, features = base.joined.places, outcome.reach, list[dict[str, Any]]()
    cutoff_s = outcome.record["cutoff_s"]
    near = reach.within(cutoff_s) if cutoff_s is not None else reach
    left = outcome.weight.copy()
    for row, j in zip(outcome.record["sites"], outcome.plan.site_idx.tolist(), strict=True):
        plain = {k: v for k, v in row.items() if not isinstance(v, list | dict)}
        features.append(_point(row["lon"], row["lat"], {"layer": "site", **plain}))
        pairs = np.arange(near.ptr[j], near.ptr[j + 1])
        for p in pairs[left[near.demand_idx[pairs]] > 0].tolist():
            i = int(near.demand_idx[p])
            told = {
                "layer": "home", "site_id": row["id"], "place_id": places.place_id[i], "name": places.name[i],
                "weight": number(float(left[i])), "walk_s": number(float(near.walk_s[p])),
            }  # fmt: skip
            features.append(_point(float(places.lon[i]), float(places.lat[i]), told))
            left[i] = 0.0
    head = {"invented": base.pack.provenance.is_invented, "pack": base.pack.provenance.code}
    return {"type": "FeatureCollection", **head, "features": features}


def _point(lon: float, lat: float, properties: dict[str, Any]) -> dict[str, Any]:
    at = [round(lon, 7), round(lat, 7)]
    return {"type": "Feature", "geometry": {"type": "Point", "coordinates": at}, "properties": properties}
