"""The tiny pack with moving vendors and stops: a straight street of 85 m steps, walked at 4 km/h."""

from pathlib import Path

from tiny_pack import PACK_TOML, write_tiny_pack

VENDORS = "编号,名称,业态,可服务时段,每周最多半天,电话\n"
STOPS = "编号,名称,地址,经度,纬度,同时容量,允许业态,可用时段\n"
SECTIONS = """
[vendors]
file = "vendors.csv"

[stops]
file = "stops.csv"
datum = "wgs84"

[[source]]"""

# Homes of the tiny pack: p1 (100) at 116.301, p2 (200) at 116.305, p3 (300) at 116.320; ten minutes are
# 667 m, so a stop reaches homes at most 7 steps of 85 m away.
USUAL_VENDORS = ["v1,王师傅,修鞋,周一上午；周三下午,1,000-0001", "v2,李师傅,磨刀；修鞋,周末,,"]
USUAL_STOPS = [
    "a,东头,一号,116.303,40.0,1,,",  # reaches p1 (2 steps), p2 (2)
    "b,西头,二号,116.318,40.0,1,,周六上午",  # reaches p3 (2)
    "c,远处,三号,116.355,40.0,2,,",  # reaches nobody
]


def write_timetable_pack(folder: Path, vendors=USUAL_VENDORS, stops=USUAL_STOPS) -> Path:
    write_tiny_pack(folder)
    (folder / "pack.toml").write_text(PACK_TOML.replace("\n[[source]]", SECTIONS, 1), "utf-8")
    (folder / "vendors.csv").write_text(VENDORS + "\n".join(vendors) + "\n", "utf-8")
    (folder / "stops.csv").write_text(STOPS + "\n".join(stops) + "\n", "utf-8")
    return folder
