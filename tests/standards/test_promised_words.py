"""Words of the documents that a list may hold: each finds its type, and breakfast comes from many sources."""

import pytest

from yike.standards.classify import classify
from yike.standards.judging import load_options
from yike.standards.loader import load_types


@pytest.mark.parametrize(("word", "code"), [
    # 义政办〔2023〕9号 item 2: commercial complexes and centres, markets, elderly centres; annex 4 item 6
    ("社区商业综合体", "service_centre"),
    ("社区商业中心", "service_centre"),
    ("邻里中心", "service_centre"),
    ("社区商业综合服务中心", "service_centre"),
    ("农贸市场", "food_market"),
    ("养老服务中心", "elderly_care"),
    # 一店多能: what a convenience store may take on
    ("打印复印", "photo_print"),
    ("代收代发", "parcel_point"),
    ("家政预约", "home_service"),
    ("旅游服务", "travel_service"),
    # movable facilities
    ("自动售货机", "vending_machine"),
    ("蔬菜直通车", "vegetable_van"),
    ("餐车", "meal_van"),
    ("箱式移动售卖车", "box_van"),
    ("智能生鲜自提柜", "fresh_locker"),
    ("快件箱", "parcel_locker"),
])  # fmt: skip
def test_words_of_the_documents_find_their_type(word, code):
    types = load_types()

    assert types.types[classify(word, types).type_idx].code == code


def test_breakfast_may_come_from_a_store_an_early_shop_or_a_van():
    ways = {o.kind: o for o in load_options() if "breakfast_shop" in o.functions}

    assert {"add_function", "extend_hours", "movable"} <= set(ways)
    types = load_types()
    store = types.idx("store_breakfast")
    assert types.types[store].form_row == types.types[types.idx("breakfast_shop")].form_row
