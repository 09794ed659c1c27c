"""What somebody outside, or inside with bad intent, must not reach."""

import io
import struct
import subprocess
import sys
import zlib

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from journey import environment
from yike.errors import RefusedError
from yike.web.accounts.sessions import sessions_of
from yike.web.audit.chain import Who
from yike.web.audit.models import Entry
from yike.web.outlets.actions import create_outlet
from yike.web.outlets.photos import read_shot
from yike.web.personal.export import workbook_of
from yike.web.personal.holdings import Found
from yike.web.units.actions import create_team, join_team
from yike.web.units.export import roster_workbook
from yike.web.units.queries import all_members

PROGRAM = Who(None)
SCRIPT = '"><script>alert(1)</script>'


def cells_of(content):
    return [
        (c.value, c.data_type) for row in load_workbook(io.BytesIO(content)).active.iter_rows() for c in row
    ]


def test_texts_in_workbooks_are_never_formulas(db, now):
    found = {"account": [Found("1", "账号", "411281", {"姓名": "=1+1"})]}
    copy = cells_of(workbook_of(found, "=HYPERLINK(1)", now.date()))
    team = create_team(who=PROGRAM, name="=2+2", area_code="411281", fields={}, now=now)
    member = {"part": "member", "person": "=3+3", "post": "=4+4", "unit": None, "begins_on": now.date()}
    join_team(who=PROGRAM, team=team, now=now, fields=member)
    roster = cells_of(roster_workbook(team, list(all_members(team)), now.date()))

    assert ("=1+1", "s") in copy
    assert ("=HYPERLINK(1)", "s") in copy
    assert {v for v, _ in roster} >= {"=3+3", "=4+4"}
    assert not [v for v, kind in (*copy, *roster) if kind == "f"]


def test_a_picture_that_would_fill_the_memory_is_refused():
    def part(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    png = b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", zlib.compress(b"0"))

    with pytest.raises(RefusedError, match="图片太大"):
        read_shot(io.BytesIO(png), len(png))


@pytest.mark.parametrize("path", ["/", "/s/abc/", "/desk/session/", "/f/abc/"])
def test_nobody_outside_sends_large_bodies(client, db, path):
    big = {"username": "a", "password": "x" * 70_000}

    assert client.post(path, big).status_code == 413


def test_a_body_without_an_honest_length_is_refused(client, db):
    assert client.post("/desk/outlets/", {}, CONTENT_LENGTH="ten").status_code == 413


def test_typed_texts_are_shown_and_never_run(client, make_account, now):
    client.force_login(make_account("jiedao", "411281", "city", must_change_password=False))
    shop = create_outlet(
        who=PROGRAM, now=now,
        values={"name": SCRIPT, "address": SCRIPT, "brand": SCRIPT, "area_code": "411281001001"},
    )  # fmt: skip

    for address in (
        f"/desk/outlets/{shop.pk}/", "/desk/outlets/", f"/desk/outlets/{shop.pk}/edit/", "/desk/audit/",
        f"/desk/outlets/?q={SCRIPT}", "/desk/outlets/visits/",
    ):  # fmt: skip
        page = client.get(address)
        assert page.status_code == 200, address
        assert "<script>alert" not in page.content.decode(), address
        assert "script-src 'self'" in page["Content-Security-Policy"]
        assert page["X-Frame-Options"] == "DENY"
        assert page["Cache-Control"] == "private, no-store"


def test_the_way_in_leads_to_no_other_host(client, make_account):
    make_account("zhang", must_change_password=False)
    told = {"username": "zhang", "password": "长城长城1234"}

    for wanted in ("https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"):
        assert client.post("/desk/session/", told | {"next": wanted}).url == "/desk/"


def test_signing_in_gives_a_new_session(client, make_account):
    make_account("zhang", must_change_password=False)
    client.get("/desk/session/")
    session = client.session
    session["planted"] = 1
    session.save()
    before = session.session_key

    client.post("/desk/session/", {"username": "zhang", "password": "长城长城1234"})

    assert client.session.session_key != before


def test_a_new_password_ends_the_other_sessions(client, make_account):
    account = make_account("zhang", must_change_password=False)
    other = type(client)()
    client.force_login(account)
    other.force_login(account)

    client.post(
        "/desk/me/password/",
        {"old": "长城长城1234", "new": "黄河黄河黄河-5678", "again": "黄河黄河黄河-5678"},
    )

    assert client.get("/desk/").status_code == 200
    assert other.get("/desk/").status_code == 302


def test_cookies_are_secure_behind_https(tmp_path):
    asked = (
        "from django.conf import settings as s;"
        "print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.CSRF_TRUSTED_ORIGINS)"
    )
    settings = {"YIKE_HTTPS": "1", "YIKE_HOSTS": "quan.example.cn", "YIKE_DATA": str(tmp_path),
                "DJANGO_SETTINGS_MODULE": "yike.web.config.settings"}  # fmt: skip
    run = subprocess.run([sys.executable, "-c", asked], env=environment() | settings, capture_output=True)

    assert run.stdout.decode().strip() == "True True ['https://quan.example.cn']", run.stderr.decode()


def test_ones_own_sessions_are_listed_and_ended(client, make_account):
    account = make_account("zhang", must_change_password=False)
    told = {"username": "zhang", "password": "长城长城1234"}
    other, stranger = type(client)(), type(client)()
    client.post("/desk/session/", told)
    other.post("/desk/session/", told, REMOTE_ADDR="10.0.0.7")
    stranger.force_login(make_account("lisi", must_change_password=False))

    page = client.get("/desk/me/").content.decode()
    assert "10.0.0.7" in page
    assert client.session.session_key not in page
    assert other.session.session_key not in page
    marks = [s.mark for s in sessions_of(account, client.session.session_key, timezone.now())]
    stranger.post("/desk/me/sessions/end/", {"session": marks[1]})
    assert other.get("/desk/").status_code == 200

    client.post("/desk/me/sessions/end/", {"session": marks[1]})

    assert other.get("/desk/").status_code == 302
    assert client.get("/desk/").status_code == 200
    assert stranger.get("/desk/").status_code == 200
    assert Entry.objects.get(action="account.end_sessions").after == {"count": 1}
