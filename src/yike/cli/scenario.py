"""``yike scenario``."""

from __future__ import annotations

import click


@click.group()
def scenario() -> None:
    """情景：前后对比。"""
