"""
Task tables of the documents (任务清单): who leads, who co-operates, by when, and about which types.

A document that names only 责任单位 does not say who leads: the first unit named is taken as the lead and
``lead_is_inferred`` says so (推定).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from yike.standards.data_files import DATA
from yike.standards.due_dates import NOT_SAID, Due, parse_due
from yike.standards.entry import MARKS, Entry, read_toml
from yike.standards.types import BusinessTypes, RulePack, Source

NATIONAL = "yike-national"
"""Table of our own for what a document does not say; always inferred."""

WAYS = ("movable", "reuse", "add_function", "extend_hours", "public_benefit", "new_estate")
"""Ways of filling a gap that a task may be about, whatever the type."""


@dataclass(frozen=True)
class Task:
    """One row of a task table, units by their full names."""

    document: str
    list_code: str  # "annex3", "annex4", "plan", "annex2"
    no: int
    group: str
    text: str  # in short, not the document's sentence
    lead: tuple[str, ...]
    supporting: tuple[str, ...]
    lead_is_inferred: bool
    due: Due
    types: tuple[str, ...]  # codes of the catalogue, empty when it is about none
    ways: tuple[str, ...]
    programme: str
    note: str
    source: Source


@dataclass(frozen=True)
class TaskTable:
    """The task lists of one document."""

    document: str
    is_inferred: bool  # a table of our own
    labels: Mapping[str, str]  # list code -> what the document calls the list
    counts: Mapping[str, int]  # list code -> how many tasks the document prints
    tasks: tuple[Task, ...]


@dataclass(frozen=True)
class Agencies:
    """Who leads and who co-operates on one type, by when, and where that is said."""

    lead: tuple[str, ...]
    supporting: tuple[str, ...]
    due: Due
    task: Task | None  # the task that names the units
    due_task: Task | None  # the task that sets the deadline
    is_inferred: bool  # the document does not say it so: 推定
    also: tuple[Task, ...] = ()  # tasks on the way the gap is filled, whose units co-operate too


@cache
def load_tasks() -> dict[str, TaskTable]:
    """All task tables by document, in order of the code; raises PolicyFileError when a file is wrong."""
    files = sorted((DATA / "tasks").glob("*.toml"), key=lambda path: path.name)
    tables = [_read_table(read_toml(path)) for path in files]
    return {table.document: table for table in tables}


def _read_table(entry: Entry) -> TaskTable:
    code = entry.need("code", str)
    mark = entry.one_of("mark", MARKS)
    units_as = entry.one_of("units_as", ("lead_coop", "responsible"))
    units = _read_units(entry.table("units"))
    lists: dict[str, tuple[str, str, int]] = {}
    for item in entry.tables("list"):
        row = (
            item.need("code", str),
            item.need("label", str),
            item.need("clause", str),
            item.need("count", int),
        )
        lists[row[0]] = row[1:]
        item.done()
    clauses = {name: clause for name, (_, clause, _) in lists.items()}
    tasks = tuple(_read_task(t, code, mark, units_as, units, clauses) for t in entry.tables("task"))
    entry.done()
    return TaskTable(
        code,
        mark == "inferred",
        {name: label for name, (label, _, _) in lists.items()},
        {name: count for name, (_, _, count) in lists.items()},
        tasks,
    )


def _read_units(entry: Entry) -> dict[str, str]:
    units = {name: entry.need(name, str) for name in entry.raw}
    entry.done()
    return units


def _read_task(
    item: Entry, document: str, mark: str, units_as: str, units: dict[str, str], clauses: dict[str, str]
) -> Task:
    list_code, no, text = item.need("list", str), item.need("no", int), item.need("text", str)
    if list_code not in clauses:
        raise item.fault("standards.key.choice", "list", found=list_code, expected="、".join(clauses))
    if units_as == "responsible":
        named = _full(item, "units", units)
        lead, supporting = named[:1], named[1:]
    else:
        lead, supporting = _full(item, "lead", units), _full(item, "coop", units)
    clause = clauses[list_code].format(no=no, part=item.get("part", str, ""))
    task = Task(
        document=document,
        list_code=list_code,
        no=no,
        group=item.get("group", str, ""),
        text=text,
        lead=lead,
        supporting=supporting,
        lead_is_inferred=units_as == "responsible",
        due=_read_due(item),
        types=item.words("types"),
        ways=item.words("ways"),
        programme=item.get("programme", str, ""),
        note=item.get("note", str, ""),
        source=Source(document, clause, text, mark),
    )
    item.done()
    return task


def _full(item: Entry, name: str, units: dict[str, str]) -> tuple[str, ...]:
    words = item.words(name)
    for word in words:
        if word not in units:
            raise item.fault("standards.key.choice", name, found=word, expected="、".join(units))
    return tuple(units[word] for word in words)


def _read_due(item: Entry) -> Due:
    text = item.get("due", str, "")
    try:
        return parse_due(text)
    except ValueError:
        raise item.fault("standards.tasks.due", "due", found=text) from None


def agencies_for(type_code: str, rules: RulePack, types: BusinessTypes, way: str = "") -> Agencies:
    """
    Who should lead and co-operate on filling a gap of one type under a rule pack.

    The task that names the fewest types is the nearest to the matter; among equals the list that comes
    first. The rule pack's own table goes before those of its bases, the national proposal is last and
    always inferred. Units of the tasks on the way of filling (``way``) join the co-operating ones. Where
    that task is standing, the deadline is that of the next nearest task with a date.

    Parameters
    ----------
    way
        One of ``WAYS`` or "".
    """
    line = _with_parents(type_code, types)
    for document in (*reversed(rules.lineage), NATIONAL):
        table = load_tasks().get(document)
        named = _nearest_first(table, line) if table else []
        if table and named:
            also = tuple(t for t in table.tasks if way and way in t.ways and t is not named[0])
            return _agencies(table, named, also)
    return Agencies((), (), NOT_SAID, None, None, True)


def _with_parents(type_code: str, types: BusinessTypes) -> tuple[str, ...]:
    return tuple(types.types[i].code for i in types.with_parents(types.idx(type_code)))


def _nearest_first(table: TaskTable, line: tuple[str, ...]) -> list[Task]:
    """Tasks that name the type, or the type it refines, the nearest to the matter first."""
    for code in line:
        named = [t for t in table.tasks if code in t.types]
        if named:
            lists = list(table.labels)
            return sorted(named, key=lambda t: (len(t.types), lists.index(t.list_code), t.no))
    return []


def _agencies(table: TaskTable, named: list[Task], also: tuple[Task, ...]) -> Agencies:
    task = named[0]
    due_task = next((t for t in named if t.due.on is not None), task)
    units = [*task.supporting, *(u for t in also for u in (*t.lead, *t.supporting))]
    return Agencies(
        lead=task.lead,
        supporting=tuple(u for u in dict.fromkeys(units) if u not in task.lead),
        due=due_task.due,
        task=task,
        due_task=due_task,
        is_inferred=table.is_inferred or task.lead_is_inferred,
        also=also,
    )
