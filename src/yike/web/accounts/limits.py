"""Limits of signing in, out of ``data/sign_in.toml``; read before the apps are there, so without Django."""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True)
class SignInLimits:
    """What signing in allows."""

    most_wrong: int  # tries in a row
    lock: dt.timedelta
    idle: dt.timedelta
    session: dt.timedelta
    password_least: int  # characters
    code_within: dt.timedelta
    code_step_s: int


@cache
def sign_in_limits() -> SignInLimits:
    """The limits as the file has them."""
    told = tomllib.loads((files("yike.web.accounts") / "data" / "sign_in.toml").read_text("utf-8"))
    return SignInLimits(
        most_wrong=told["lock"]["most_wrong"],
        lock=dt.timedelta(minutes=told["lock"]["minutes"]),
        idle=dt.timedelta(minutes=told["session"]["idle_minutes"]),
        session=dt.timedelta(hours=told["session"]["hours"]),
        password_least=told["password"]["least"],
        code_within=dt.timedelta(minutes=told["code"]["within_minutes"]),
        code_step_s=told["code"]["step_s"],
    )
