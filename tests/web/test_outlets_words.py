import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yike.web.outlets.models import Outlet
from yike.web.outlets.values import follow
from yike.web.outlets.word_index import ensure, with_word

NAMES = ("望京便利店", "便利蜂 A-12", "修鞋's摊%\"x", "店")


def names(word):
    return sorted(with_word(Outlet.objects.all(), word).values_list("name", flat=True))


def add(name):
    outlet = Outlet(name=name, area_code="411281001001")
    follow(outlet)
    outlet.save()
    return outlet


@pytest.fixture
def street(db):
    return [add(name) for name in NAMES]


@pytest.mark.parametrize(
    ("word", "wanted"),
    [
        ("便利", ["便利蜂 A-12", "望京便利店"]),
        ("京便利", ["望京便利店"]),
        ("店", ["店", "望京便利店"]),
        ("A-12", ["便利蜂 A-12"]),
        ("'S摊%\"X", ["修鞋's摊%\"x"]),
        ("京利", []),
        ("%", ["修鞋's摊%\"x"]),
        ("店望", []),
    ],
)
def test_a_word_is_found_wherever_it_stands(street, word, wanted):
    assert names(word) == wanted


def test_the_index_follows_every_way_of_writing(street):
    changed = street[3]
    changed.name = "望京"
    follow(changed)
    changed.save()
    assert names("望京") == ["望京", "望京便利店"]

    changed.name = "天水"
    follow(changed)
    Outlet.objects.bulk_create(
        [changed], update_conflicts=True, unique_fields=["id"], update_fields=["name", "search"]
    )
    assert (names("望京"), names("天水")) == (["望京便利店"], ["天水"])

    changed.delete()
    assert names("天水") == []


def test_an_index_whose_triggers_were_lost_is_made_anew(street):
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite keeps its index by triggers")
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER outlets_words_in")
    add("陇西")
    assert names("陇西") == []

    ensure("default")

    assert names("陇西") == ["陇西"]
    assert names("便利") == ["便利蜂 A-12", "望京便利店"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(
    told=st.lists(st.text("京便利店A1-.\"'*", min_size=1, max_size=6), min_size=1, max_size=4),
    word=st.text("京便利店A1-.\"'*", min_size=1, max_size=4),
)
def test_the_index_finds_what_looking_at_every_name_finds(db, told, word):
    Outlet.objects.all().delete()
    for name in told:
        add(name)

    found = with_word(Outlet.objects.all(), word).values_list("name", flat=True)

    assert sorted(found) == sorted(name for name in told if word in name)
