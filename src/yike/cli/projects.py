"""``yike projects``."""

from __future__ import annotations

import click


@click.group()
def projects() -> None:
    """项目清单。"""
