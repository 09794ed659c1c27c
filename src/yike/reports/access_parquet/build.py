"""The access table as Parquet: one row per place and business type, place by place in the pack's order."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from yike.core.tables import AccessTable, Provenance
from yike.reports.facts import ReportFacts
from yike.reports.rows import form_rows
from yike.standards.types import BusinessTypes

ROW_GROUP = 1 << 18
"""Rows of a row group: 262,144, fixed so that the same table gives the same file."""


def write_access_parquet(facts: ReportFacts, path: Path) -> None:
    """Write ``access.parquet`` of a study."""
    notes = access_notes(facts.provenance, facts.rules.code, facts.profile.code, facts.access)
    write_access(facts.access, facts.places.place_id, facts.outlets.outlet_id, facts.types, path, notes)


def write_access(
    access: AccessTable,
    place_id: Sequence[str],
    outlet_id: Sequence[str],
    types: BusinessTypes,
    path: Path,
    notes: Mapping[str, str],
) -> None:
    """
    Write an access table alone, without a whole study around it.

    Parameters
    ----------
    place_id, outlet_id
        Keys of the access table's rows and of its nearest outlets.
    notes
        Key-value metadata of the file, all strings (``access_notes``).
    """
    table = access_rows(access, place_id, outlet_id, types)
    # without Arrow's own schema note the ids read back as plain strings everywhere
    with pq.ParquetWriter(
        path,
        table.schema,
        compression="zstd",
        use_dictionary=["place_id", "form_row", "type_code", "nearest_outlet_id"],
        write_statistics=["nearest_s"],
        store_schema=False,
    ) as writer:
        writer.write_table(table, row_group_size=ROW_GROUP)
        writer.add_key_value_metadata({k: notes[k] for k in sorted(notes)})


def access_notes(provenance: Provenance, rule_pack: str, profile: str, access: AccessTable) -> dict[str, str]:
    """Metadata of the file: origin, licence, date, whether invented, and how it was computed."""
    notes: dict[str, Any] = {
        "yike.pack": provenance.code,
        "yike.pack_name": provenance.name,
        "yike.as_of": provenance.as_of,
        "yike.rule_pack": rule_pack,
        "yike.profile": profile,
        "yike.invented": "true" if provenance.is_invented else "false",
        "yike.limit_s": f"{access.limit_s:g}",
        "yike.outlets_source": provenance.settings.get("outlets_source", ""),
        "yike.estimates": json.dumps(list(provenance.estimates), ensure_ascii=False),
        "yike.sources": json.dumps(
            [
                {"name": s.name, "licence": s.licence, "url": s.url, "attribution": s.attribution}
                for s in provenance.sources
            ],
            ensure_ascii=False,
        ),
    }
    return {k: str(v) for k, v in notes.items()}


def access_rows(
    access: AccessTable, place_id: Sequence[str], outlet_id: Sequence[str], types: BusinessTypes
) -> pa.Table:
    """
    The rows: ``place_id, form_row, type_code, nearest_s, nearest_outlet_id, n_300s, n_600s, n_900s``.

    ``nearest_s`` is float32 seconds: ``+inf`` where none lies within the search limit, null where the place
    is 未接入; the counts are null there too. ``nearest_outlet_id`` is null where there is none.
    """
    n_places, n_types = access.nearest_s.shape
    rows = form_rows(types, access.type_rows)
    codes = [types.types[int(i)].code for i in access.type_rows]
    unattached = np.repeat(~access.is_attached, n_types)
    columns: dict[str, pa.Array] = {
        "place_id": _words(np.repeat(np.arange(n_places, dtype=np.int32), n_types), place_id),
        "form_row": _words(np.tile(np.arange(n_types, dtype=np.int32), n_places), rows),
        "type_code": _words(np.tile(np.arange(n_types, dtype=np.int32), n_places), codes),
        "nearest_s": pa.array(access.nearest_s.ravel(), mask=unattached),
        "nearest_outlet_id": _words(access.nearest_outlet_idx.ravel(), outlet_id),
    }
    for k, cutoff_s in enumerate(access.cutoffs_s):
        counts = np.ascontiguousarray(access.count[:, :, k]).ravel()
        columns[f"n_{cutoff_s:g}s"] = pa.array(counts, mask=unattached)
    return pa.table(columns)


def _words(idx: np.ndarray, words: Sequence[str]) -> pa.DictionaryArray:
    """Strings by row number, -1 null, each string stored once."""
    return pa.DictionaryArray.from_arrays(
        pa.array(idx, mask=idx < 0), pa.array(list(words), type=pa.string())
    )
