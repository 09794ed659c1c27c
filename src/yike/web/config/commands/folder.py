"""A folder of results, served on this machine: the user's own pack in ``yike demo --pack``."""

from __future__ import annotations

import functools
import http.server
import threading
import webbrowser
from pathlib import Path

import click


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    """Serves a folder without logging each request."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def end_headers(self) -> None:
        """Let pages load nothing from elsewhere."""
        self.send_header("Content-Security-Policy", "default-src 'self' 'unsafe-inline' data: blob:")
        self.send_header("X-Content-Type-Options", "nosniff")
        super().end_headers()


def serve_folder(folder: Path, host: str, port: int, browser: bool) -> None:
    """Serve until Ctrl-C."""
    handler = functools.partial(QuietHandler, directory=str(folder))
    with http.server.ThreadingHTTPServer((host, port), handler) as server:
        address = f"http://{host}:{server.server_address[1]}/"
        click.echo(f"请在浏览器打开 {address}（按 Ctrl-C 结束）")
        if browser:
            threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            click.echo("已结束。", err=True)
