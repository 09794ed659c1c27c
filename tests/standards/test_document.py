"""The reference pages say what the data says, and the guide's own example works."""

import re
from pathlib import Path

import pytest

from yike.core.circle.measures import EXTERNAL, MEASURES
from yike.standards.check import check_standards
from yike.standards.document import PAGES
from yike.standards.documents import source_words
from yike.standards.loader import list_rule_packs, load_rule_pack, load_types
from yike.standards.types import Source

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("name", PAGES)
def test_reference_page_is_up_to_date(name):
    page = (DOCS / "reference" / name).read_text("utf-8")
    assert page == PAGES[name](), "run: python -m yike.standards.document docs/reference"


def test_every_type_and_pack_has_its_line():
    types_page = (DOCS / "reference" / "business-types.md").read_text("utf-8")
    packs_page = (DOCS / "reference" / "rule-packs.md").read_text("utf-8")
    assert [t.code for t in load_types() if f"| {t.code} |" not in types_page] == []
    assert [code for code in list_rule_packs() if f"\n## {code}\n" not in packs_page] == []


def guide_pack(folder: Path) -> str:
    guide = (DOCS / "guides" / "add-a-rule-pack.md").read_text("utf-8")
    text = "\n".join(re.findall(r"```toml\n(.*?)```", guide, re.DOTALL))
    code = re.search(r'code = "([^"]+)"', text).group(1)
    (folder / f"{code}.toml").write_text(text, "utf-8")
    return code


def test_the_guides_example_is_a_clean_pack(tmp_path):
    code = guide_pack(tmp_path)
    assert [f.message for f in check_standards((tmp_path,)) if f.level != "note"] == []
    rules = load_rule_pack(code, (tmp_path,))
    chain = next(i for i in rules.indicators if i.code == "chain_share")
    assert (chain.at_least, chain.points, chain.points_full) == (0.35, 12, 0.35)
    assert rules.rule("pharmacy").share == 0.85
    assert [g.label for g in rules.grades] == ["基础型", "提升型"]
    assert rules.rule("laundry").source.document == "mofcom-2021-247"  # what it does not say comes from below


def test_every_measure_a_pack_uses_exists():
    used = {i.measure for code in list_rule_packs() for i in load_rule_pack(code).indicators}
    assert used <= set(MEASURES) | set(EXTERNAL)


def test_a_source_says_what_is_inferred_and_what_is_second_hand():
    official = Source("tianshui-2023-54", "附件5", "便利店")
    assert source_words(official) == "天政办发〔2023〕54号 附件5“便利店”"
    assert source_words(Source("yike-inference", "", "八成", "inferred")) == "一刻项目推定“八成”〔推定〕"
    assert source_words(Source("mofcom-2021-247", "", "便利店", "press")).endswith("〔转引〕")
    assert source_words(Source("x-1", "二"), {"x-1": "某政发〔2026〕1号 办法"}) == "某政发〔2026〕1号 二"
