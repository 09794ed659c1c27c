"""
The project list (项目清单) as papers: a workbook to fill in, an official text, a map layer, plain data.

In: ``ProjectFacts``. Out: ``projects.xlsx``, ``projects.docx``, ``projects.geojson``, ``projects.json`` and
``projects_scenario.toml``, which opens every proposed outlet in ``yike scenario``.
``rows.py`` says what stands in a cell; ``sheet.py``, ``paper.py`` and ``plain.py`` lay it out.
"""
