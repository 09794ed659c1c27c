"""
What the check of a city pack tells: lines to read, and a copy of the tables with red cells and a 原因 column.

In: counts found, faults, and the cells of the faulty tables. Out: text lines, an xlsx workbook.
Example: ``write_intake_workbook(grids, faults, Path("问题.xlsx"))``. May import: standards, core, errors.
"""
