"""Opening a data folder: Django is set up for it, once, when a command runs and not before."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])


def data_option(command: F) -> F:
    """``--data``: the folder that holds everything of one installation."""
    option = click.option(
        "--data",
        type=click.Path(file_okay=False, path_type=Path),
        envvar="YIKE_DATA",
        default="data",
        show_default=True,
        help="数据文件夹：数据库、密钥、上传的文件都在其中。",
    )
    return option(command)


def open_data(data: Path) -> None:
    """Set Django up for a data folder; makes the folder and its keys when they are missing."""
    os.environ["YIKE_DATA"] = str(data.absolute())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yike.web.config.settings")
    import django

    django.setup()


def migrate() -> None:
    """Bring the database to the shape this version needs."""
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)


def is_migrated() -> bool:
    """Whether the database has the shape this version needs."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())
