"""What the command line says while it works: progress and faults, on stderr."""

from __future__ import annotations

import errno
import json
import sys
import time
from collections.abc import Sequence
from typing import Any

import click

from yike.errors import Fault, YikeError, has_text

LEVELS = {"error": "错误", "warning": "提醒", "note": "说明"}
COLOURS = {"error": "red", "warning": "yellow", "note": None}


class ProgressLine:
    """One line that moves on a terminal, one line per stage elsewhere; silent when asked."""

    def __init__(self, quiet: bool = False) -> None:
        self.quiet = quiet
        self.moves = sys.stderr.isatty()
        self.stage = ""
        self.began = time.monotonic()
        self.drawn = 0.0

    def __call__(self, stage: str, done: int, total: int) -> None:
        if self.quiet:
            return
        now = time.monotonic()
        if stage != self.stage:
            self._end_stage()
            self.stage, self.began, self.drawn = stage, now, 0.0
            if not self.moves:
                click.echo(f"· {stage}", err=True)
        if self.moves and (now - self.drawn > 0.1 or done >= total):
            self.drawn = now
            share = f" {done:,}/{total:,}" if total > 1 else ""
            click.echo(f"\r\033[K◔ {stage}{share}", err=True, nl=False)

    def _end_stage(self) -> None:
        if self.moves and self.stage:
            click.echo(f"\r\033[K● {self.stage} {time.monotonic() - self.began:.1f} 秒", err=True)

    def close(self) -> None:
        """End the last line."""
        if not self.quiet:
            self._end_stage()
        self.stage = ""


def show_faults(faults: Sequence[Fault], most: int = 30) -> None:
    """Print faults with place, message and cure, worst level first."""
    order = {"error": 0, "warning": 1, "note": 2}
    ranked = sorted(faults, key=lambda f: order.get(f.level, 3))
    for fault in ranked[:most]:
        head = click.style(LEVELS.get(fault.level, fault.level), fg=COLOURS.get(fault.level))
        where = f"{fault.where}：" if fault.where else ""
        click.echo(
            f"{head} {where}{fault.message}" + (f" 办法：{fault.cure}" if fault.cure else ""), err=True
        )
    if len(ranked) > most:
        click.echo(f"…… 另有 {len(ranked) - most} 条，用 --json 看全部", err=True)


def show_error(wrong: YikeError, as_json: bool = False) -> None:
    """Print an error, its faults and the cure; as JSON too where the reader is a program."""
    faults = getattr(wrong, "faults", ())
    click.echo(f"错误：{wrong}", err=True)
    show_faults(faults)
    if wrong.hint:
        click.echo(f"办法：{wrong.hint}", err=True)
    if as_json:
        told = {"code": wrong.code, "message": str(wrong), "cure": wrong.hint}
        show_json({"error": told, "faults": [f.record for f in faults]})


def file_error(wrong: OSError) -> YikeError:
    """What the system says of a file, as an error of ours with a Chinese reason."""
    code = f"cli.file.{errno.errorcode.get(wrong.errno or 0, 'other')}"
    why = wrong.strerror or str(wrong)
    return YikeError(code if has_text(code) else "cli.file.other", found=str(wrong.filename or ""), why=why)


def show_json(data: Any) -> None:
    """Print data as JSON on stdout; unknown (NaN) must already be null."""
    click.echo(json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False))
