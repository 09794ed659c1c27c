"""
The checklist of new estates as a workbook to fill in: four steps with dates, business types, areas.

In: the record of ``studies.estate``. Out: one xlsx, one sheet an estate, A4 landscape.
"""
