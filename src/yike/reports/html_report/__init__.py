"""
``report.html``: one self-contained page with the map, the gaps, the circles and the reasons.

In: ``ReportFacts``. Out: one file that opens offline and asks nothing of the network. May import brand,
core, standards, errors.

Example: ``from yike.reports.html_report.build import write_html``
"""
