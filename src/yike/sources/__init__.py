"""
Readers: messy files in, clean tables and an ``IntakeReport`` out. Also makers of city packs.

In: a city pack (folder or zip) and the files it names. Out: ``Pack`` with the core tables.
May import: ``standards``, ``core``, ``errors``. Bad rows are reported, never dropped in silence.
"""
