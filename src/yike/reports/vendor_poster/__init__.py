"""
Posters of moving vendors (点位海报): one A4 sheet per stop, to hang up for residents, old ones too.

In: ``TimetableFacts``. Out: ``<stop id>.pdf`` for every stop with visits, and ``posters.pdf`` of all.
``content.py`` says what stands on a poster, ``qr.py`` what the code holds, ``poster.typ`` how it looks.
"""
