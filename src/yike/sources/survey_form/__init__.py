"""
Returned survey forms (附件5): workbooks and documents, ours or made by hand, read back into cells.

In: a file. Out: ``ReadForms`` — values, faults at cells with their cure, questions with a suggestion; a
changed structure is a fault that names the place, and nothing is read from that sheet.
May import: standards, core, errors, and readers beside it. Example: ``read_forms(Path("返回.xlsx")).forms``
"""

from yike.sources.survey_form.read import read_forms
from yike.sources.survey_form.results import CellFault, Question, ReadForm, ReadForms

__all__ = ["CellFault", "Question", "ReadForm", "ReadForms", "read_forms"]
