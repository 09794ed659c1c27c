"""
The use-cases: ``pipeline.py`` is the main street, ``study.py`` names what goes in and comes out.

In: ``StudySpec`` (pack, date, rule pack, profile). Out: ``StudyResult`` and the files of a run.
May import: everything below the doors (``cli``, ``web``).
"""
