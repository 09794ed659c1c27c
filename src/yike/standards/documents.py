"""What the documents behind the values are called, and how a source reads in one line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from yike.standards.data_files import DATA
from yike.standards.entry import Entry, read_toml
from yike.standards.packs import find_files
from yike.standards.types import Source

INFERRED = "推定"
"""What outputs say of every value that no document gives."""


@dataclass(frozen=True)
class Document:
    """A document that sources name: its code here, its number and title, who issued it."""

    code: str
    title: str
    issuer: str


@cache
def load_documents() -> dict[str, Document]:
    """All documents by code: the program's rule packs, and those of ``data/documents.toml``."""
    entry = read_toml(DATA / "documents.toml")
    found = [_read_document(item) for item in entry.tables("document")]
    entry.done()
    packs = find_files((DATA / "rule_packs",))
    found += [_read_head(read_toml(path)) for path in packs.values()]
    return {document.code: document for document in found}


def _read_document(item: Entry) -> Document:
    document = _read_head(item)
    item.done()
    return document


def _read_head(entry: Entry) -> Document:
    return Document(entry.need("code", str), entry.need("title", str), entry.need("issuer", str))


def source_words(source: Source, titles: Mapping[str, str] | None = None) -> str:
    """
    One line for a source: number, clause, a few words; 〔推定〕 where no document gives the value.

    ``titles`` (``RulePack.documents``) names documents that did not come with the program; a document
    nobody described is named by its code.
    """
    known = load_documents().get(source.document)
    title = (titles or {}).get(source.document) or (known.title if known else source.document)
    words = f"{title.split(' ')[0]} {source.clause}".strip()
    if source.text:
        quoted = source.text.replace("“", "‘").replace("”", "’")  # a quotation inside a quotation
        words = f"{words}“{quoted}”"
    marks = {"inferred": f"〔{INFERRED}〕", "press": "〔转引〕", "common": "〔待核〕"}
    return words + marks.get(source.mark, "")
