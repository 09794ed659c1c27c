"""``yike siting``."""

from __future__ import annotations

import click


@click.group()
def siting() -> None:
    """选址：在哪里补、服务多少人、离最优多远。"""
