"""The demo's first page, from a summary made by hand."""

from yike.studies.demo import Step, first_page, parts_of

SUMMARY = {
    "sentence": "【虚构数据】小城：居住点 3 处、居民 90 人；缺口 1 项。",
    "files": {"report.html": "交互报告", "gaps.csv": "缺口清单 <甲>"},
}


def test_parts_split_at_semicolons_and_full_stops_and_open_trailing_brackets():
    assert parts_of("多 5 人；缺口 2 → 1 项。（只更新变动）") == ["多 5 人", "缺口 2 → 1 项", "只更新变动"]


def test_parts_keep_brackets_inside_a_part():
    assert parts_of("共 5 个（盘活 4 个）；补齐 1 项。") == ["共 5 个（盘活 4 个）", "补齐 1 项"]


def test_first_page_leads_to_every_file_and_marks_invented_packs():
    step = Step(
        "前后对比", "", ["多 5 人"], {"scenario/compare.html": "打开", "scenario/compare.json": "数据"}
    )

    page = first_page([("town", SUMMARY, [step])])

    for file in ("report.html", "gaps.csv", "scenario/compare.html", "scenario/compare.json"):
        assert f'href="town/{file}"' in page
    assert '<h2>小城<span class="badge">虚构数据</span></h2>' in page
    assert "<li>缺口 1 项</li>" in page
    assert "<li>多 5 人</li>" in page
    assert "&lt;甲&gt;" in page


def test_first_page_does_not_call_a_real_pack_invented():
    page = first_page([("town", {**SUMMARY, "sentence": "小城：缺口 1 项。"}, [])])

    assert 'class="badge"' not in page
