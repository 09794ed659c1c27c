"""
Words in outlets, found at once among 220,000: the database keeps an index of pairs of characters by itself.

Chinese words are mostly two characters, which neither trigrams (SQLite's, PostgreSQL's) nor word parsers
find. So ``search`` is cut into overlapping pairs, and a word is found by its pairs standing in a row:
on SQLite in a full-text table that triggers keep, on PostgreSQL in an index on the set of pairs, whose finds
are then compared with the text itself.
"""

from __future__ import annotations

from typing import Any

from django.db import connections
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from yike.web.outlets.models import Outlet

PUNCTUATION = "".join(c for c in map(chr, range(33, 127)) if not c.isalnum())
_PAIRS = """(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < length({row}.search))
SELECT group_concat(substr({row}.search || ' ', i, 2), ' ') FROM n)"""
_NEW, _OLD = _PAIRS.format(row="new"), _PAIRS.format(row="old")
_OUT = f"INSERT INTO outlets_words(outlets_words, rowid, pairs) VALUES ('delete', old.id, {_OLD});"  # noqa: S608
_IN = f"INSERT INTO outlets_words(rowid, pairs) VALUES (new.id, {_NEW});"  # noqa: S608
TRIGGERS = {
    "outlets_words_in": f"AFTER INSERT ON outlets_outlet BEGIN {_IN} END",
    "outlets_words_out": f"AFTER DELETE ON outlets_outlet BEGIN {_OUT} END",
    "outlets_words_change": "AFTER UPDATE OF search ON outlets_outlet "
    f"WHEN old.search IS NOT new.search BEGIN {_OUT} {_IN} END",
}
POSTGRES = (
    """CREATE OR REPLACE FUNCTION outlets_pairs(told text) RETURNS text[] LANGUAGE sql
    IMMUTABLE PARALLEL SAFE AS $$
    SELECT array_agg(DISTINCT substr(told, i, 2)) FROM generate_series(1, length(told) - 1) i $$""",
    "CREATE INDEX IF NOT EXISTS outlet_words ON outlets_outlet USING gin (outlets_pairs(search))",
)


def ensure(using: str) -> None:
    """Make the index where it is missing; a table that a migration made anew has lost its triggers."""
    connection = connections[using]
    if Outlet._meta.db_table not in connection.introspection.table_names():
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for statement in POSTGRES:
                cursor.execute(statement)
        elif connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            if not set(TRIGGERS) <= {name for (name,) in cursor.fetchall()}:
                _build(cursor)


def _build(cursor: Any) -> None:
    cursor.execute("DROP TABLE IF EXISTS outlets_words")
    # detail and positions are needed for pairs in a row; nothing of the text is kept twice.
    cursor.execute(
        "CREATE VIRTUAL TABLE outlets_words USING fts5(pairs, content='', columnsize=0, "
        f"tokenize=\"ascii tokenchars '{_tokenchars()}'\")"
    )
    cursor.execute(
        "INSERT INTO outlets_words(rowid, pairs) SELECT id, "  # noqa: S608 - only our own words
        + _PAIRS.format(row="o")
        + " FROM outlets_outlet o"
    )
    for name, body in TRIGGERS.items():
        cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
        cursor.execute(f"CREATE TRIGGER {name} {body}")


def _tokenchars() -> str:
    """Every sign of ASCII belongs to its pair; quotes are doubled for the two readers they pass."""
    return PUNCTUATION.replace("'", "''").replace('"', '""')


def with_word(outlets: QuerySet[Outlet], word: str) -> QuerySet[Outlet]:
    """Outlets whose words contain ``word`` (in capitals, without blanks)."""
    vendor = connections[outlets.db].vendor
    if vendor == "sqlite":
        sql = "SELECT rowid FROM outlets_words WHERE outlets_words MATCH %s"
        return outlets.filter(pk__in=RawSQL(sql, [_phrase(word)]))  # noqa: S611 - the word is a parameter
    if vendor == "postgresql" and len(word) > 1:
        pairs = sorted({word[i : i + 2] for i in range(len(word) - 1)})
        sql = "SELECT id FROM outlets_outlet WHERE outlets_pairs(search) @> %s"
        outlets = outlets.filter(pk__in=RawSQL(sql, [pairs]))  # noqa: S611 - the pairs are parameters
    return outlets.filter(search__contains=word)


def _phrase(word: str) -> str:
    """A word as FTS5 asks for it: its pairs in a row, or one character that begins a pair."""
    told = word.replace('"', '""')
    if len(word) == 1:
        return f'"{told}" *'
    pairs = (word[i : i + 2].replace('"', '""') for i in range(len(word) - 1))
    return '"' + " ".join(pairs) + '"'
