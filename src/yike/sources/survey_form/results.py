"""What a returned file says."""

from __future__ import annotations

from dataclasses import dataclass

from yike.errors import Fault
from yike.standards.survey_form import Value


@dataclass(frozen=True)
class CellFault:
    """A cell that cannot hold what stands in it; it is left out of the values."""

    key: str
    cell: str  # "工作表!D14"
    found: str
    reason: str
    cure: str


@dataclass(frozen=True)
class Question:
    """
    A cell that was read as it says, though it looks like a slip.

    ``suggested`` is what was probably meant. Needs no answer where the cell ``is_untouched``.
    """

    key: str
    cell: str
    found: str
    suggested: Value
    reason: str


@dataclass(frozen=True)
class ReadForm:
    """One form as read: a sheet of a workbook, or a table of a document."""

    values: dict[str, Value]  # None is blank; cells in ``faults`` are left out
    texts: dict[str, str]  # as it stands in the file
    cells: dict[str, str]  # key -> "工作表!D14"
    faults: tuple[CellFault, ...]
    questions: tuple[Question, ...]
    circle_name: str
    circle_code: str = ""
    code: str = ""  # page code, where the file carries one
    revision: int = 0  # 0 where the file carries none
    version: int | None = None  # of the return's cells when the file was written; None where it carries none


@dataclass(frozen=True)
class ReadForms:
    """Every form of a file; a sheet whose structure was changed is a fault and no form."""

    forms: tuple[ReadForm, ...]
    faults: tuple[Fault, ...]
