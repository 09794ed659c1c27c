"""
Papers of a satisfaction survey: the poster with its QR code, and numbered questionnaires to fill by hand.

In: plain data. Out: PDF bytes. ``poster.typ`` and ``sheet.typ`` say how they look.
Example: ``poster_pdf(PosterFacts(title, circle, url, …))``.
"""
