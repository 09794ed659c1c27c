"""
Annex 5 (试点便民生活圈建设情况调查表): the official survey form on paper, one page per circle.

In: ``FormDoc`` (standards), or ``ReportFacts`` through ``from_facts``. Out: ``sheet`` xlsx,
``document`` docx, ``print`` PDF, with the form's own structure, merges, order and arithmetic.
Source: 天政办发〔2023〕54号 附件5. May import: standards, core, errors.
Example: ``write_forms([doc], Path("调查表.xlsx"))``
"""
