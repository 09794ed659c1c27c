"""
``compare.json``, ``compare.xlsx``, ``compare.html``: scenarios side by side, before and after.

In: ``ScenarioFacts``. Out: three files, the same bytes each time; the page opens offline.
May import ``brand``, ``html_report``'s parts, ``core``, ``standards``, ``errors``.

Example: ``from yike.reports.scenario_report.build import write_comparison``
"""
