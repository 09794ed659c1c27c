"""Checks of the task tables, project ways, cost bands and programmes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from yike.errors import Fault
from yike.standards.project_policy import DEFAULT, SITES, load_costs, load_modes, load_programmes
from yike.standards.tasks import WAYS, TaskTable, load_tasks
from yike.standards.types import BusinessTypes, Source


def check_projects(types: BusinessTypes, documents: frozenset[str]) -> Iterator[Fault]:
    """
    Every fault of the files that project lists are drafted from.

    Raises
    ------
    PolicyFileError
        A file cannot be read at all.
    """
    known = frozenset(t.code for t in types)
    programmes = {p.code for p in load_programmes()}
    for table in load_tasks().values():
        yield from check_table(table, known, documents, programmes)
    for mode in load_modes():
        at = f"mode[{mode.code}]"
        yield from _check_named("project_modes.toml", at, mode.types, known, mode.sites)
        yield from _check_source("project_modes.toml", at, mode.source, documents)
    yield from _check_costs(known, documents)
    for programme in load_programmes():
        at = f"programme[{programme.code}]"
        yield from _check_named("programmes.toml", at, programme.types, known)
        yield from _check_source("programmes.toml", at, programme.source, documents)


def _check_costs(known: frozenset[str], documents: frozenset[str]) -> Iterator[Fault]:
    file, costs = "project_costs.toml", load_costs()
    for section, bands in (("site", costs.sites), ("type", costs.types)):
        for k, band in enumerate(bands, 1):
            at = f"{section}[{k}]"
            if section == "type":
                yield from _check_named(file, at, band.codes, known | {DEFAULT})
            yield from _check_source(file, at, band.source, documents)
            if not band.source.is_inferred:
                yield _fault("not_marked", file, at)


def check_table(
    table: TaskTable, known: frozenset[str], documents: frozenset[str], programmes: set[str]
) -> Iterator[Fault]:
    """Faults of one task table: numbers, types, ways, programmes, leads."""
    file = f"{table.document}.toml"
    if table.document not in documents:
        yield _fault("document_unknown", file, "code", table.document)
    numbers = Counter((t.list_code, t.no) for t in table.tasks)
    for name, count in table.counts.items():
        found = sorted(no for (list_code, no), times in numbers.items() if list_code == name and times == 1)
        if found != list(range(1, count + 1)):
            yield _fault("task_numbers", file, f"list[{name}]", "、".join(map(str, found)), str(count))
    for task in table.tasks:
        at = f"{task.list_code}[{task.no}]"
        yield from _check_named(file, at, task.types, known)
        if not task.lead:
            yield _fault("no_lead", file, at)
        if task.programme and task.programme not in programmes:
            yield _fault("programme_unknown", file, at, task.programme)
        for way in task.ways:
            if way not in WAYS:
                yield _fault("way_unknown", file, at, way, "、".join(WAYS))


def _check_named(
    file: str, at: str, types: Iterable[str], known: frozenset[str], sites: Iterable[str] = ()
) -> Iterator[Fault]:
    for code in types:
        if code not in known:
            yield _fault("type_unknown", file, at, code)
    for site in sites:
        if site not in SITES:
            yield _fault("site_unknown", file, at, site, "、".join(SITES))


def _check_source(file: str, at: str, source: Source, documents: frozenset[str]) -> Iterator[Fault]:
    if source.document not in documents:
        yield _fault("document_unknown", file, at, source.document)
    if not source.text:
        yield _fault("source_missing", file, at)


def _fault(code: str, file: str, key: str, found: str = "", expected: str = "") -> Fault:
    return Fault(
        f"standards.check.{code}",
        file=file,
        found=found,
        expected=expected,
        level="error",
        facts={"key": key},
    )
