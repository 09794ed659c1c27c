import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from photo_maker import a_photo_file
from yike.errors import RefusedError
from yike.web.audit.chain import Who
from yike.web.outlets import photos
from yike.web.outlets.actions import create_outlet
from yike.web.outlets.models import Outlet, OutletPhoto
from yike.web.regions.divisions import load_divisions
from yike.web.regions.models import Area

BRANCH = "411281001005"


def shot_of(content):
    return photos.read_shot(io.BytesIO(content), len(content))


@pytest.fixture
def community(db, now):
    load_divisions("411281", who=Who(None), now=now)
    return Area.objects.get(branch=BRANCH)


@pytest.fixture
def shop(community, now):
    values = {"name": "老店（虚构）", "type_code": "pharmacy", "area_code": BRANCH, "is_invented": True}
    return create_outlet(who=Who(None), now=now, values=values | {"community_id": community.pk})


@pytest.fixture
def worker(client, make_account):
    client.force_login(make_account("shequ", BRANCH, "community", must_change_password=False))
    return client


def file_of(**told):
    return SimpleUploadedFile("IMG_1.jpg", a_photo_file(**told), content_type="image/jpeg")


def test_a_photo_is_made_small_and_loses_what_the_camera_wrote():
    shot = shot_of(a_photo_file(size=(2400, 1800), noisy=True))  # noise is what JPEG packs worst

    kept = Image.open(io.BytesIO(shot.content))
    assert len(shot.content) <= 300_000
    assert dict(kept.getexif()) == {}
    assert b"Invented Camera" not in shot.content
    assert kept.size == (shot.width_px, shot.height_px)
    assert max(kept.size) <= 1600


def test_place_and_day_are_read_before_they_go():
    shot = shot_of(a_photo_file(place=(-46.6333, -23.5505), taken="2026:11:20 08:30:00"))

    assert (shot.lon, shot.lat) == (pytest.approx(-46.6333, abs=1e-6), pytest.approx(-23.5505, abs=1e-6))
    assert shot.taken_on.isoformat() == "2026-11-20"


def test_a_photo_on_its_side_is_put_upright():
    shot = shot_of(a_photo_file(size=(400, 300), turned=6))

    assert (shot.width_px, shot.height_px) == (300, 400)


@pytest.mark.parametrize("place", [None, (0.0, 0.0)])
def test_no_place_stays_unknown(place):
    assert shot_of(a_photo_file(place=place)).lon is None


@pytest.mark.parametrize("content", [b"", b"not a picture", a_photo_file()[:300], b"<svg xmlns='x'/>"])
def test_what_is_no_photo_is_refused(content):
    with pytest.raises(RefusedError) as refused:
        shot_of(content)

    assert refused.value.code == "register.photo.unreadable"


def test_a_picture_that_would_fill_the_memory_is_refused():
    bomb = io.BytesIO()
    Image.new("1", (12_000, 6_000)).save(bomb, "PNG")
    with pytest.raises(RefusedError) as refused:
        shot_of(bomb.getvalue())

    assert refused.value.code == "register.photo.size"


def test_a_worker_takes_an_outlet_with_three_taps(worker, community):
    told = {
        "photo": file_of(),
        "type_code": "repair",
        "name": "东门修鞋摊（虚构）",
        "community": community.pk,
    }
    page = worker.post("/desk/outlets/photo/", told, follow=True).content.decode()

    made = Outlet.objects.get()
    photo = OutletPhoto.objects.get()
    assert (made.name, made.form_row, made.area_code) == ("东门修鞋摊（虚构）", "B06", BRANCH)
    assert (made.lon, made.lat) == (pytest.approx(111.8831, abs=1e-6), pytest.approx(34.7405, abs=1e-6))
    assert f"/desk/outlets/{made.pk}/photos/{photo.pk}/" in page
    picture = worker.get(f"/desk/outlets/{made.pk}/photos/{photo.pk}/")
    assert (picture["Content-Type"], picture.content[:3]) == ("image/jpeg", b"\xff\xd8\xff")


def test_a_pin_on_the_map_is_believed_before_the_camera(worker, community):
    told = {"photo": file_of(), "type_code": "repair", "name": "摊", "community": community.pk,
            "lon": "111.9", "lat": "34.75"}  # fmt: skip
    worker.post("/desk/outlets/photo/", told)

    assert (Outlet.objects.get().lon, Outlet.objects.get().lat) == (111.9, 34.75)


def test_without_any_place_the_page_says_so(worker, community):
    told = {"photo": file_of(place=None), "type_code": "repair", "name": "摊", "community": community.pk}
    page = worker.post("/desk/outlets/photo/", told, follow=True).content.decode()

    assert Outlet.objects.get().lon is None
    assert "请在修改页补上位置" in page


def test_a_file_that_is_no_photo_keeps_what_was_typed(worker, community):
    file = SimpleUploadedFile("x.jpg", b"no picture")
    told = {"photo": file, "type_code": "repair", "name": "东门摊", "community": community.pk}
    page = worker.post("/desk/outlets/photo/", told).content.decode()

    assert "不是能读的照片" in page
    assert 'value="东门摊"' in page
    assert Outlet.objects.count() == 0


def test_another_photo_gives_the_place_that_was_missing_and_is_taken_off_again(worker, shop):
    worker.post(f"/desk/outlets/{shop.pk}/photos/", {"photo": file_of()})
    worker.post(f"/desk/outlets/{shop.pk}/photos/", {"photo": file_of()})  # the same once more
    shop.refresh_from_db()
    photo = OutletPhoto.objects.get()
    path = photos.file_of(photo)
    assert (round(shop.lon, 4), shop.source_datum, path.exists()) == (111.8831, "wgs84", True)

    worker.post(f"/desk/outlets/{shop.pk}/photos/{photo.pk}/removal/")
    assert worker.get(f"/desk/outlets/{shop.pk}/photos/{photo.pk}/").status_code == 404
    assert "还没有照片" in worker.get(f"/desk/outlets/{shop.pk}/").content.decode()
