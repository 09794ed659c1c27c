"""``yike timetable``."""

from __future__ import annotations

import click


@click.group()
def timetable() -> None:
    """流动服务排班。"""
