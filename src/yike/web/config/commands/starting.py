"""What must hold before the workbench starts; whatever does not is said, and nothing is started."""

from __future__ import annotations

import errno
import os
import shutil
import socket
import tempfile
import time
from pathlib import Path
from typing import IO

import click

from yike.errors import YikeError
from yike.web.config.commands.opening import is_migrated, migrate

PROBE_BYTES = 1 << 20
LITTLE_FREE_BYTES = 500_000_000
PORT_TRIES = 6
PORT_WAIT_S = 0.5  # processes of a killed server leave the port within a second or two
LOCK_NAME = "serve.lock"


def require_folder(data: Path) -> None:
    """
    Make sure that the folder exists, can be written and has room.

    Raises
    ------
    YikeError
        ``serve.disk_full``.
    OSError
        It may not be written, or its disk is read-only.
    """
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=data) as probe:
            probe.write(bytes(PROBE_BYTES))
            probe.flush()
            os.fsync(probe.fileno())
    except OSError as wrong:
        if wrong.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise YikeError("serve.disk_full", found=str(data)) from wrong
        wrong.filename, wrong.filename2 = str(data), None  # not the name of the probe
        raise
    free = shutil.disk_usage(data).free
    if free < LITTLE_FREE_BYTES:
        click.echo(f"! 磁盘只剩 {free / 1e6:.0f} MB，请尽快腾出空间。", err=True)


def hold_folder(data: Path, address: str) -> IO[str] | None:
    """
    Hold the folder for one server; keep what is returned, the hold ends with it or with the process.

    None where the system knows no such locks.

    Raises
    ------
    YikeError
        ``serve.held``: another server works on the folder.
    """
    try:
        import fcntl
    except ImportError:
        return None
    held = (data / LOCK_NAME).open("a+", encoding="utf-8")
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        with held:
            held.seek(0)
            raise YikeError("serve.held", found=str(data), holder=held.read().strip()) from None
    except OSError:  # a network disk without locks
        held.close()
        return None
    held.seek(0)
    held.truncate()
    held.write(f"{address}，进程 {os.getpid()}")
    held.flush()
    return held


def require_port(host: str, port: int) -> None:
    """
    Make sure that nobody listens there; waits a little for a server that is just ending.

    Raises
    ------
    YikeError
        ``serve.port_taken``, ``serve.port_low``, ``serve.host``.
    """
    for left in reversed(range(PORT_TRIES)):
        try:
            _bind(host, port)
            return
        except OSError as wrong:
            if wrong.errno != errno.EADDRINUSE:
                code = "serve.port_low" if wrong.errno == errno.EACCES else "serve.host"
                raise YikeError(code, host=host, port=port) from wrong
        if left:
            time.sleep(PORT_WAIT_S)
    raise YikeError("serve.port_taken", host=host, port=port, other=port + 1 if port < 65535 else port - 1)


def _bind(host: str, port: int) -> None:
    family, kind, proto, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind, proto) as probe:
        if (
            os.name == "posix"
        ):  # connections that are closing do not count; elsewhere this would steal the port
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(address)


def ready_database() -> None:
    """
    Bring the database to the shape this version needs, saying so when it is an old one.

    Raises
    ------
    YikeError
        ``serve.newer``: a later version has worked on it; and whatever ``database_error`` makes of others.
    """
    from django.db import DatabaseError

    from yike.web.config.backup.shape import shape_of, unknown_in

    try:
        shape = shape_of("default")
        if newer := unknown_in(shape):
            raise YikeError("serve.newer", found="、".join(newer[:3]), n=len(newer))
        if is_migrated():
            return
        if shape:
            click.echo("◔ 数据库是旧版本的结构，正在升级，请不要中断……", err=True)
        migrate()
    except DatabaseError as wrong:
        raise database_error(wrong) from wrong


def database_error(wrong: Exception) -> YikeError:
    """What a database says when it cannot be used, as an error of ours with a cure."""
    text = str(wrong).strip()
    signs = {
        "not a database": "serve.broken_file",
        "malformed": "serve.broken_file",
        "readonly": "serve.database_readonly",
        "read-only": "serve.database_readonly",
        "unable to open": "serve.database_readonly",
        "is full": "serve.database_full",
        "No space left": "serve.database_full",
        "disk I/O": "serve.database_full",
        "is locked": "serve.locked",
        "no such table": "serve.older",
        "no such column": "serve.older",
        "does not exist": "serve.older",
    }
    if "connection" in text and "failed" in text:
        return YikeError("serve.database_away", why=text.splitlines()[-1].strip()[:300])
    code = next((code for sign, code in signs.items() if sign in text), "serve.database")
    return YikeError(code, why=text.splitlines()[0][:300] if text else type(wrong).__name__)
