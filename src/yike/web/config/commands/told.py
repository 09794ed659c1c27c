"""Progress on stderr: one line that moves on a terminal, one line per stage elsewhere."""

from __future__ import annotations

import sys

import click


class Told:
    """Give it to whatever asks for a ``Progress``."""

    def __init__(self, quiet: bool = False) -> None:
        self.quiet, self.moves, self.stage = quiet, sys.stderr.isatty(), ""

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Show a stage, on a terminal with its count."""
        if self.quiet:
            return
        if self.moves:
            share = f" {done:,}/{total:,}" if total > 1 else ""
            click.echo(f"\r\033[K◔ {stage}{share}", err=True, nl=False)
        elif stage != self.stage:
            click.echo(f"· {stage}", err=True)
        self.stage = stage

    def close(self) -> None:
        """End the moving line."""
        if self.moves and self.stage and not self.quiet:
            click.echo("\r\033[K", err=True, nl=False)
