import pytest, datetime as dt
from yike.web.outlets.models import Outlet
from yike.web.outlets.values import follow
from yike.web.outlets.word_index import with_word

def names(w): return sorted(with_word(Outlet.objects.all(), w).values_list("name", flat=True))

def test_it(db):
    for n in ["望京便利店", "便利蜂 A-12", "修鞋's摊%\"x", "店"]:
        o=Outlet(name=n, area_code="411281001001"); follow(o); o.save()
    assert names("便利")==["便利蜂 A-12","望京便利店"]
    assert names("京便利")==["望京便利店"]
    assert names("利店")==["望京便利店"]
    assert names("店")==["店","望京便利店"]
    assert names("A-12")==["便利蜂 A-12"]
    assert names("'S摊%\"X")==["修鞋's摊%\"x"]
    assert names("京利")==[]
    o=Outlet.objects.get(name="店"); o.name="望京"; follow(o); o.save()
    assert names("望京")==["望京","望京便利店"]
    Outlet.objects.bulk_create([o], update_conflicts=True, unique_fields=["id"], update_fields=["name","search"])
    o.delete()
    assert names("望京")==["望京便利店"]
