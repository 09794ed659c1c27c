"""What analyses are called on screen."""

from __future__ import annotations

REPORT = "report.html"
REPORT_WORDS = "交互报告"
FIRST_SECTION = "缺什么：评价报告"
STATE_SIGNS = {"gap": "gap", "met": "met"}
PAPER_KINDS = {
    ".html": "网页",
    ".docx": "Word",
    ".xlsx": "Excel",
    ".pdf": "PDF",
    ".csv": "CSV",
    ".json": "JSON",
    ".geojson": "GeoJSON",
    ".parquet": "Parquet",
    ".toml": "情景文件",
    ".ics": "日历",
    ".png": "图片",
}
