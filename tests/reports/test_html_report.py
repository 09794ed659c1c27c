"""The report page as a file: complete, self-contained, honest about what is unknown."""

import base64
import json
import re
import zlib
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import LineString, Polygon

from report_facts import make_facts, make_judged_facts
from yike.core.geo.projection import LocalProjection
from yike.core.tables import Gaps, GapState
from yike.reports.brand.tokens import contrast, load_tokens, mark_svg, minute_classes
from yike.reports.html_report import figures
from yike.reports.html_report.basemap import coded_areas, ground_layers, street_layers
from yike.reports.html_report.build import page_of, write_html
from yike.reports.html_report.coding import STEP_M, coded_points, varints
from yike.reports.html_report.labels import label
from yike.reports.html_report.markup import Html, tag
from yike.reports.html_report.packed import data_script
from yike.reports.html_report.payload import UNREACHABLE, _time_codes, as_script, numbers, payload_of
from yike.reports.html_report.policy import short_title
from yike.reports.html_report.script import joined_script, module_order, module_text
from yike.reports.html_report.summary import headline_of
from yike.reports.html_report.told import doubted_columns, untold_words
from yike.reports.map_picture.scale import CLASSES


class Outline(HTMLParser):
    """Tags, attributes and the text of every table row by the table's id."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.rows: dict[str, list[list[str]]] = {}
        self._table = ""
        self._cell = False
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        named = dict(attrs)
        self.tags.append((tag, named))
        if tag == "table":
            self._table = named.get("id") or ""
            self.rows.setdefault(self._table, [])
        if tag == "tr":
            self.rows[self._table].append([])
        if tag in ("td", "th"):
            self.rows[self._table][-1].append("")
            self._cell = True

    def handle_endtag(self, tag):
        if tag in ("td", "th"):
            self._cell = False

    def handle_data(self, data):
        if self._cell:
            self.rows[self._table][-1][-1] += data


@pytest.fixture(scope="module")
def page() -> str:
    return page_of(make_judged_facts())


@pytest.fixture(scope="module")
def outline(page) -> Outline:
    return Outline(page)


def decoded(text: str) -> list[int]:
    """Naive twin of the varints: one number after the other."""
    found, value, shift = [], 0, 0
    for byte in base64.b64decode(text):
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            found.append((value >> 1) ^ -(value & 1))
            value = shift = 0
    return found


# --- the file ---------------------------------------------------------------------------------------------


def test_page_asks_nothing_of_the_network(page, outline):
    fetching = {
        "script": "src",
        "img": "src",
        "link": "href",
        "iframe": "src",
        "source": "src",
        "object": "data",
    }
    asked = [a[fetching[t]] for t, a in outline.tags if t in fetching and a.get(fetching[t])]
    assert [a for a in asked if not a.startswith("data:")] == []
    assert "@import" not in page
    assert "url(" not in page
    assert "default-src 'none'" in page


def test_page_is_the_same_twice_and_small(tmp_path):
    write_html(make_facts(), tmp_path / "one.html")
    write_html(make_facts(), tmp_path / "two.html")
    one = (tmp_path / "one.html").read_bytes()
    assert one == (tmp_path / "two.html").read_bytes()
    assert len(one) < 5_000_000


def test_page_of_invented_data_says_so_in_every_section(page):
    heads = re.findall(r"<section[^>]*>.*?</h2>", page, re.S)
    assert len(heads) == 7
    assert all("虚构" in head for head in heads)
    foot = re.search(r"@bottom-center\{content:\"([^\"]*)\"", page)
    assert foot is not None
    assert "虚构" in foot[1]
    assert "2026年11月22日" in foot[1]


def test_page_of_real_data_says_nothing_of_invention():
    facts = make_facts()
    origin = replace(facts.provenance, is_invented=False, sources=facts.provenance.sources[1:])
    body = page_of(replace(facts, provenance=origin)).split("<body>")[1].split("<script>")[0]
    assert 'class="invented"' not in body
    assert 'class="badge"' not in body
    assert json.loads(_data(body))["meta"]["invented"] is False


def test_page_shows_the_map_review_number_or_its_absence():
    facts = make_facts()
    assert "无审图号：示意图，仅供内部分析使用" in page_of(facts)
    approved = replace(facts.provenance, map_review_no="GS(2026)1234号")
    assert "审图号：GS(2026)1234号" in page_of(replace(facts, provenance=approved))


def test_names_cannot_become_markup():
    facts = make_facts()
    evil = "</script><img src=x onerror=alert(1)>"
    outlets = replace(facts.outlets, name=(evil, *facts.outlets.name[1:]))
    outline = Outline(page_of(replace(facts, outlets=outlets)))
    assert not [a for t, a in outline.tags if t == "img" and a.get("src") == "x"]
    assert evil in [row[0] for row in outline.rows["outlet-table"]]


def _data(page: str) -> str:
    found = re.search(r'<script type="application/json" id="yike-data">(.*?)</script>', page, re.S)
    assert found is not None
    return found[1]


def test_large_data_is_packed_and_comes_back_whole():
    body = as_script({"names": ["甲乙丙"] * 1000})
    plain, packed = data_script(body, len(body) + 1), data_script(body, len(body))
    letters = re.search(r'data-packed="deflate"[^>]*>([^<]*)</script>', packed)

    assert plain == f'<script type="application/json" id="yike-data">{body}</script>'
    assert letters is not None
    assert zlib.decompress(base64.b64decode(letters[1])).decode("utf-8") == body
    assert len(packed) < len(plain) / 10


# --- the words --------------------------------------------------------------------------------------------


def test_gap_table_lists_gaps_in_rank_order(outline):
    gaps = make_judged_facts().gaps
    ranks = [row[0] for row in outline.rows["gap-table"][1:]]
    n_gaps = int((gaps.state == GapState.GAP).sum())
    assert ranks[:n_gaps] == [str(k + 1) for k in range(n_gaps)]
    assert set(ranks[n_gaps:]) <= {"–"}


def test_data_missing_is_a_word_and_not_a_number():
    rows = Outline(page_of(make_facts())).rows["gap-table"]
    row = next(r for r in rows if "新式书店" in r[1])
    assert row[2] == "未知"
    assert row[3] == "数据缺失"


def test_unattached_places_are_said_and_not_counted_as_zero(outline):
    lost = [row for row in outline.rows["place-table"] if row[3] == "未接入"]
    assert len(lost) == 3  # the three homes beyond any street
    assert {row[5] for row in lost} == {"–"}


def test_inferred_values_are_marked(outline):
    rules = outline.rows["rule-types"][1:]
    assert all("（推定）" in row[5] for row in rules)  # the share of 80% is ours


def test_faults_are_grouped_with_their_number(outline):
    rows = outline.rows["fault-table"][1:]
    assert [row[2] for row in rows] == ["1", "3", "1"]
    assert [row[0] for row in rows] == ["提醒", "提醒", "说明"]


def test_headline_counts_each_resident_once():
    facts = make_facts()
    # Two gaps share place 0; place 1 is in one gap, place 2 in a row that is no gap.
    people = facts.places.people.copy()
    people[:3] = (100, 20, 3)
    gaps = _gaps(states=(1, 1, 0), places=((0,), (0, 1), (2,)))
    places = replace(facts.places, people=people)
    headline = headline_of(replace(facts, gaps=gaps, places=places))
    assert headline.people_affected == 120
    assert headline.n_gaps == 2


def _gaps(states, places) -> Gaps:
    n = len(states)
    some = np.ones(n)
    return Gaps(
        circle_idx=np.zeros(n, np.int32),
        type_idx=np.arange(n, dtype=np.int32),
        state=np.array(states, np.uint8),
        norm_s=600 * some,
        share_in_norm=0.5 * some,
        share_required=0.8 * some,
        shortfall=0.3 * some,
        people_unserved=some,
        person_minutes=some,
        bands=(),
        unserved_by_band=np.zeros((n, 0)),
        rank=np.arange(1, n + 1, dtype=np.int32),
        place_ptr=np.cumsum([0, *map(len, places)]).astype(np.int64),
        place_idx=np.concatenate(places).astype(np.int32),
    )


def test_circle_cards_show_bundles_levels_and_options(page):
    facts = make_judged_facts()
    assert page.count('class="card"') == 4
    assert page.count("一老一小") >= 4
    options = json.loads(_data(page))["extras"]["options"]
    ranked = np.flatnonzero(facts.gaps.rank > 0)
    assert all(options[str(i)][0]["text"] for i in ranked)


def test_page_without_extras_still_has_its_cards():
    page = page_of(replace(make_facts(), extras={}))
    assert page.count('class="card"') == 4
    assert 'class="bundles"' not in page


def test_page_without_circles_says_why_there_is_no_list():
    facts = make_facts()
    none = np.full(len(facts.places), -1, np.int32)
    coverage = replace(
        facts.circle_coverage,
        area_ids=(),
        people=np.empty(0),
        people_attached=np.empty(0),
        **{
            n: getattr(facts.circle_coverage, n)[:0] for n in ("people_within", "people_in_norm", "n_outlets")
        },
        **{n: getattr(facts.circle_coverage, n)[:0] for n in ("share_in_norm", "mean_nearest_s")},
    )
    bare = replace(
        facts,
        circle_coverage=coverage,
        gaps=_gaps(states=(), places=((),)),
        places=replace(facts.places, circle_idx=none, community_idx=none),
        outlets=replace(facts.outlets, circle_idx=np.full(len(facts.outlets), -1, np.int32)),
        circles=replace(
            facts.circles, **dict.fromkeys(("circle_id", "name", "lead_community", "polygons"), ())
        ),
        isochrones=(),
        extras={},
    )
    page = page_of(bare)
    assert label("gaps.none_circles") in page
    assert 'id="place-table"' in page


def test_page_of_an_unsurveyed_place_says_so_and_never_zero():
    facts = make_facts()
    nothing = slice(0, 0)
    outlets = replace(
        facts.outlets,
        **{
            f: getattr(facts.outlets, f)[nothing]
            for f in facts.outlets.__dataclass_fields__
            if f not in ("service_ptr",)
        },
        service_ptr=np.zeros(1, np.int64),
    )
    n = len(facts.places), len(facts.types)
    access = replace(
        facts.access,
        nearest_s=np.full(n, np.inf, np.float32),
        nearest_outlet_idx=np.full(n, -1, np.int32),
        count=np.zeros((*n, 3), np.int32),
    )
    attachments = replace(facts.outlet_attachments, is_attached=np.zeros(0, bool))
    states = np.full(len(facts.gaps), GapState.NOT_SURVEYED, np.uint8)
    nan = np.full(len(facts.gaps), np.nan)
    gaps = replace(
        facts.gaps, state=states, share_in_norm=nan, people_unserved=nan, rank=np.zeros_like(facts.gaps.rank)
    )
    bare = replace(
        facts, outlets=outlets, access=access, outlet_attachments=attachments, gaps=gaps, extras={}
    )
    empty = Outline(page_of(bare))
    assert {row[3] for row in empty.rows["gap-table"][1:]} == {"未调查"}
    # Three homes lie beyond any street; of the others nobody knows how far they walk.
    assert sorted({row[3] for row in empty.rows["place-table"][1:]}) == ["未接入", "未调查"]
    assert untold_words(bare) == ["未调查"] * len(facts.types)
    assert not headline_of(bare).can_tell
    assert "outlet-table" not in empty.rows


def test_types_hardly_mapped_have_words_or_a_warning():
    facts = make_facts()
    n = len(facts.types)
    states = ["met"] * n
    states[0] = states[14] = "data_missing"  # convenience stores are known, bookshops are not
    judged = replace(facts, extras={"data_state": states})
    assert untold_words(judged)[14] == "数据缺失"
    assert doubted_columns(judged)[0]
    assert not doubted_columns(judged)[14]
    assert [w for i, w in enumerate(untold_words(judged)) if i != 14 and w] == []


# --- figures ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0, "0"),
        (9_999, "9999"),
        (10_000, "10\u202f000"),
        (1_234_567.5, "1\u202f234\u202f568"),
        (np.nan, "未知"),
    ],
)
def test_count_groups_from_ten_thousand(value, words):
    assert figures.count(value) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [(0.0, "0%"), (0.0004, "0.1%"), (0.615, "61.5%"), (0.9996, "99.9%"), (1.0, "100%"), (np.nan, "未知")],
)
def test_share_never_rounds_to_all_or_nothing(value, words):
    assert figures.share(value) == words


def test_minutes_say_unreachable_and_unknown():
    assert figures.minutes(750.0) == "12.5"
    assert figures.minutes(np.inf) == "走不到"
    assert figures.minutes(np.nan) == "未知"


def test_dates_and_ten_thousands():
    assert figures.date_words("2026-01-05") == "2026年1月5日"
    assert figures.date_words("2026年春") == "2026年春"
    assert figures.date_words("") == "未注明"
    assert figures.wan(26_049) == "2.60 万"


def test_short_title_keeps_the_number_of_a_document():
    assert short_title("洪政办函〔2024〕8号 洪江市实施方案") == "洪政办函〔2024〕8号"
    assert short_title("一刻默认评分表（推定）") == "一刻默认评分表（推定）"


def test_markup_escapes_text_and_attributes():
    made = tag("b", "<&>", Html("<i>x</i>"), title='"', data_a=1, hidden=True, lang=None)
    assert made == '<b title="&quot;" data-a="1" hidden>&lt;&amp;&gt;<i>x</i></b>'


# --- coding -----------------------------------------------------------------------------------------------


@given(st.lists(st.integers(-(2**40), 2**40), max_size=50))
def test_varints_come_back(values):
    assert decoded(varints(np.array(values, np.int64))) == values


def test_points_are_within_half_a_grid_step():
    x_m, y_m = np.array([0.0, 1234.56, -987.65]), np.array([5.05, -0.1, 22_000.0])
    steps = np.array(decoded(coded_points(x_m, y_m)["xy"])).reshape(-1, 2)
    back = np.cumsum(steps, axis=0) * STEP_M
    assert np.abs(back - np.column_stack([x_m, y_m])).max() <= STEP_M / 2


def test_time_codes_keep_what_is_over_a_norm_over_it():
    times = np.array([[600.0, 600.01, 599.9, 0.0, np.inf, np.nan]], np.float32)
    fine, coarse = _time_codes(times, 1)[0], _time_codes(times, 30)[0]
    assert fine.tolist() == [600, 601, 600, 0, UNREACHABLE, 65_535]
    assert coarse.tolist() == [20, 21, 20, 0, 254, 255]  # half minutes


def test_streets_of_one_way_become_one_line():
    network = make_facts().network
    # Every piece of the fixture is a way of its own: as many lines as pieces, of two points each.
    layers = street_layers(network)
    lengths = [n for name in ("main", "side", "path") for n in decoded(layers[name]["lines"])]
    assert lengths == [2] * network.n_pieces
    joined = street_layers(replace(network, piece_way_id=np.zeros(network.n_pieces, np.int64)))
    n_joined = sum(len(decoded(joined[name]["lines"])) for name in ("main", "side", "path"))
    assert n_joined < network.n_pieces


def test_areas_keep_their_holes():
    whole = Polygon(
        [(0, 0), (0.01, 0), (0.01, 0.01), (0, 0.01)], [[(0.004, 0.004), (0.006, 0.004), (0.006, 0.006)]]
    )
    coded = coded_areas([whole, whole], LocalProjection(0, 0))
    assert coded["owner"] == [0, 0, 1, 1]
    xy = np.cumsum(np.array(decoded(coded["xy"])).reshape(-1, 2), axis=0) * STEP_M
    shell, hole = np.split(xy, np.cumsum(decoded(coded["lines"])))[:2]
    assert _turn(shell) > 0 > _turn(hole)


def _turn(ring) -> float:
    x, y = ring[:-1].T
    return float(x @ np.roll(y, -1) - y @ np.roll(x, -1))


def test_ground_keeps_lines_and_areas_apart():
    pond = Polygon([(0, 0), (0.001, 0), (0.001, 0.001)])
    brook = LineString([(0, 0), (0.002, 0.002)])
    layers = ground_layers({"water": (pond, brook), "rail": (brook,)}, LocalProjection(0, 0))
    assert set(layers) == {"water", "stream", "rail"}
    assert decoded(layers["stream"]["lines"]) == [2]


def test_numbers_have_no_nan_and_no_needless_digits():
    assert numbers(np.array([[1.0, np.nan], [np.inf, 0.123456]])) == [[1, None], [None, 0.1235]]


def test_payload_is_strict_json():
    payload = payload_of(make_judged_facts())
    again = json.loads(as_script(payload))
    assert again["places"]["id"] == list(make_facts().places.place_id)
    assert again["gaps"]["rank"][0] == 1


# --- look and script --------------------------------------------------------------------------------------


def test_every_token_pair_has_enough_contrast():
    tokens = load_tokens()
    colours = {**tokens["colour"], **{c.code: c.colour for c in minute_classes()}}
    poor = [
        (pair["text"], ground)
        for pair in tokens["pair"]
        for ground in pair["on"]
        if contrast(colours[pair["text"]], colours[ground]) < pair["at_least"]
    ]
    assert poor == []


def test_contrast_of_black_on_white_is_the_largest():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21.0)
    assert contrast("#777777", "#777777") == 1.0


def test_minute_classes_differ_in_more_than_colour():
    beyond_norm = [c.shape for c in minute_classes() if c.up_to_s > 900]
    assert len(set(beyond_norm)) == len(beyond_norm)
    assert "circle" not in beyond_norm


def test_mark_takes_the_colour_of_its_text():
    assert "currentColor" in mark_svg()
    assert "<script" not in mark_svg()


def test_script_orders_modules_before_their_users():
    order = module_order()
    assert order[-1] == "main"
    for name in order:
        used = re.findall(r"from '\./([a-z_]+)\.js'", module_text(name))
        assert all(order.index(other) < order.index(name) for other in used)


def test_script_stays_within_what_older_browsers_know():
    script = joined_script()
    newer = re.compile(
        r"\?\.[a-zA-Z(\[]|\?\?|\.flat\(|\.flatMap\(|fromEntries|replaceAll|matchAll|\.at\(|catch \{"
    )
    assert newer.findall(script) == []
    assert "import " not in script
    assert "export " not in script
    for call in ("fetch(", "XMLHttpRequest", "WebSocket", "EventSource", "innerHTML", "eval("):
        assert call not in script


def test_all_maps_of_the_project_share_one_scale():
    on_paper = [(c.colour, c.limit_s) for c in CLASSES]
    on_screen = [(c.colour, c.up_to_s) for c in minute_classes()]
    assert [c for c, _ in on_paper] == [c for c, _ in on_screen]
    assert [s for _, s in on_paper[:-1]] == [s for _, s in on_screen[:-1]]
