"""``yike demo``: the bundled real district and the made-up 义马, computed and opened on this machine."""

from __future__ import annotations

import functools
import http.server
import threading
import webbrowser
from pathlib import Path

import click

from yike.cli.talk import ProgressLine


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    """Serves the demo's folder without logging each request."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", "default-src 'self' 'unsafe-inline' data: blob:")
        self.send_header("X-Content-Type-Options", "nosniff")
        super().end_headers()


@click.command()
@click.option(
    "-o",
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default="out/demo",
    show_default=True,
    help="成果目录",
)
@click.option("--pack", type=click.Path(exists=True, path_type=Path), help="演示这个城市包，而不是自带的两个")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8315, show_default=True, help="本机端口，0 为任选"
)
@click.option("--serve/--no-serve", default=True, show_default=True, help="算完后在本机提供浏览")
@click.option("--browser/--no-browser", default=True, help="自动打开浏览器")
@click.option("--quiet", is_flag=True, help="不显示进度")
def demo(out: Path, pack: Path | None, port: int, serve: bool, browser: bool, quiet: bool) -> None:
    """
    演示：自带的真实片区（赫尔辛基市中心）与虚构的义马，算完后在本机打开。

    \b
    示例：
      yike demo -o out/demo --no-serve
    """
    from yike.studies.demo import make_demo

    line = ProgressLine(quiet)
    sentences = make_demo(out, pack, line)
    line.close()
    for sentence in sentences:
        click.echo(sentence)
    if serve:
        _serve(out, port, browser)


def _serve(out: Path, port: int, browser: bool) -> None:
    handler = functools.partial(QuietHandler, directory=str(out))
    with http.server.ThreadingHTTPServer(("127.0.0.1", port), handler) as server:
        address = f"http://127.0.0.1:{server.server_address[1]}/"
        click.echo(f"请在浏览器打开 {address}（按 Ctrl-C 结束）")
        if browser:
            threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            click.echo("已结束。", err=True)
