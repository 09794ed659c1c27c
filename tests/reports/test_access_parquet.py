"""access.parquet: rows, nulls, infinities, metadata, the same bytes."""

import dataclasses

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from circle_tables import make_access
from drawn_facts import drawn_facts
from yike.reports.access_parquet.build import access_notes, write_access, write_access_parquet
from yike.standards.loader import load_types

NAMES = [
    "place_id",
    "form_row",
    "type_code",
    "nearest_s",
    "nearest_outlet_id",
    "n_300s",
    "n_600s",
    "n_900s",
]


def written(tmp_path, facts=None):
    path = tmp_path / "access.parquet"
    write_access_parquet(facts or drawn_facts(), path)
    return pq.read_table(path)


def row(table, place, form_row):
    found = [r for r in table.to_pylist() if (r["place_id"], r["form_row"]) == (place, form_row)]
    assert len(found) == 1
    return found[0]


def test_columns_and_types_are_as_documented(tmp_path):
    table = written(tmp_path)
    assert table.column_names == NAMES
    assert [str(t) for t in table.schema.types] == [
        "string",
        "string",
        "string",
        "float",
        "string",
        "int32",
        "int32",
        "int32",
    ]


def test_one_row_per_place_and_type(tmp_path):
    table, facts = written(tmp_path), drawn_facts()
    assert table.num_rows == len(facts.places) * len(facts.access.type_rows)
    pairs = set(zip(table["place_id"].to_pylist(), table["form_row"].to_pylist(), strict=True))
    assert len(pairs) == table.num_rows
    assert {"B01", "B05", "Q01", "Q03.bakery"} <= {form_row for _, form_row in pairs}


def test_values_are_those_of_the_drawn_town(tmp_path):
    table = written(tmp_path)
    # home h to the breakfast shop b: 10 cells of 50 m at 1 m/s
    got = row(table, "p0", "B05")
    assert (got["nearest_s"], got["nearest_outlet_id"]) == (500.0, "b")
    assert [got[n] for n in NAMES[5:]] == [0, 1, 1]


def test_none_in_reach_is_infinite_and_unattached_is_null(tmp_path):
    table = written(tmp_path)
    none = row(table, "p0", "B07")
    assert (none["nearest_s"], none["nearest_outlet_id"], none["n_900s"]) == (float("inf"), None, 0)
    off = row(table, "p3", "B01")
    assert [off[n] for n in NAMES[3:]] == [None] * 5


def test_metadata_says_what_the_file_is(tmp_path):
    path = tmp_path / "access.parquet"
    write_access_parquet(drawn_facts(), path)
    notes = {k.decode(): v.decode() for k, v in pq.read_metadata(path).metadata.items()}
    assert notes["yike.pack"] == "drawn"
    assert notes["yike.as_of"] == "2026-01-01"
    assert notes["yike.rule_pack"] == "mofcom-2023-401"
    assert notes["yike.profile"] == "adult"
    assert notes["yike.invented"] == "true"
    assert "ODbL-1.0" in notes["yike.sources"]


def test_same_facts_give_the_same_bytes(tmp_path):
    paths = [tmp_path / name for name in ("a.parquet", "b.parquet")]
    for path in paths:
        write_access_parquet(drawn_facts(), path)
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_a_table_without_places_is_still_a_table(tmp_path):
    types = load_types()
    access = make_access(np.empty((0, 2)), type_rows=[0, 1])
    notes = access_notes(drawn_facts().provenance, "r", "adult", access)
    write_access(access, (), (), types, tmp_path / "a.parquet", notes)
    table = pq.read_table(tmp_path / "a.parquet")
    assert (table.num_rows, table.column_names) == (0, NAMES)
    assert table.schema.field("place_id").type == pa.string()


def test_cutoffs_name_their_columns(tmp_path):
    facts = drawn_facts()
    access = dataclasses.replace(facts.access, cutoffs_s=(300.0, 600.0, 1200.0))
    assert written(tmp_path, dataclasses.replace(facts, access=access)).column_names[-1] == "n_1200s"
