"""The shape of the database: which migrations it has, and going to an earlier one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

Shape = Mapping[str, Sequence[str]]
"""App label → the migrations it has, sorted."""


def shape_of(using: str) -> dict[str, list[str]]:
    """The migrations a database has, of every app."""
    shape: dict[str, list[str]] = {}
    for app, name in MigrationRecorder(connections[using]).applied_migrations():
        shape.setdefault(app, []).append(name)
    return {app: sorted(names) for app, names in sorted(shape.items())}


def unknown_in(shape: Shape) -> list[str]:
    """Migrations this program does not have: the backup is of a newer version."""
    known = MigrationExecutor(connections["default"]).loader.graph.nodes
    return [f"{app}.{name}" for app, names in shape.items() for name in names if (app, name) not in known]


def take_shape(shape: Shape) -> Any:
    """Bring an empty database to a shape; the apps of that time, whose models fit it."""
    executor = MigrationExecutor(connections["default"])
    graph = executor.loader.graph
    named = {(app, name) for app, names in shape.items() for name in names}
    targets = [key for key in graph.nodes if key in named and not _followed(graph, key, named)]
    executor.migrate(targets)
    return executor.loader.project_state(targets).apps


def _followed(graph: Any, key: tuple[str, str], named: set[tuple[str, str]]) -> bool:
    """Whether a later migration of the same app is among those named."""
    children = {child.key for child in graph.node_map[key].children}
    return any(child in named and child[0] == key[0] for child in children)
