"""
PDF papers by Typst: a template of a report, data as JSON, fonts of the package, the same bytes each time.

In: a template's name (``"vendor_poster/poster.typ"``) and plain data. Out: PDF bytes, or PNG pages.
Templates import ``/paper.typ`` (marks, colours, QR codes). May import: brand, errors. Data is never formatted
into a template's source, so ``#[...]`` in a name stays text.
Example: ``render_pdf("vendor_poster/poster.typ", {"stops": [...]})``.
"""
