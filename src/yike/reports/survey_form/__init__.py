"""
Annex 5 (试点便民生活圈建设情况调查表): the official survey form, one sheet per circle.

In: ``ReportFacts``. Out: ``annex5.xlsx`` with the form's own structure, merges, order and arithmetic.
``values.py`` works the numbers out, ``sheet.py`` lays them into cells. Source: 天政办发〔2023〕54号 附件5.
"""
