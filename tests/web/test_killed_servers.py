"""``yike serve`` killed in the middle of a submit, a check, a report, an import: nothing half done."""

import datetime as dt
import os
import signal
import threading

import pytest
from django.conf import settings
from django.utils import timezone

from desk_clerk import Clerk
from returns_town import PROGRAM, build_town, clerk, complete, open_town
from served_desk import PASSWORD, let_sign_in, seen, served
from yike.web.audit.chain import verify_chain
from yike.web.audit.models import Entry
from yike.web.jobs.models import Job
from yike.web.outlets.models import ImportBatch, OutletEvent, OutletVersion
from yike.web.outlets.queries import live_outlets
from yike.web.returns import actions
from yike.web.returns.models import BranchStep, Return, ReturnStep, Revision

EAST = "990101001"
BEFORE_THE_TRACE = "yike.web.audit.chain:digest_of"  # all rows of an action are written, its trace is not
BEFORE_THE_EVENTS = "yike.web.outlets.switch:_write_events"  # outlets are in, their events are not
ROWS = 30

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def wave(transactional_db):
    now = timezone.now()
    build_town(now)
    made = open_town(now)
    for code in ("C1", "C2"):
        complete(of(code), now)
    return made


def of(code):
    return Return.objects.select_related("wave", "circle").get(circle__code=code)


def signed_in(desk, who):
    made = Clerk(desk.base)
    assert made.sign_in(let_sign_in(who), PASSWORD).status == 200
    return made


def press(made, path, values):
    """Send a form on a thread of its own: the answer may never come."""
    answers = []

    def send():
        try:
            answers.append(made.post(path, values))
        except OSError as wrong:
            answers.append(wrong)

    thread = threading.Thread(target=send)
    thread.start()
    return thread, answers


def counts():
    return (
        ReturnStep.objects.count(), BranchStep.objects.count(), Entry.objects.count(),
        Revision.objects.exclude(token="").count(),
    )  # fmt: skip


def killed_while_pressing(desk, made, path, values, kill):
    """Press, wait until the rows are written, kill; what the person gets is no page."""
    made.get("/desk/")  # for the token of its forms
    before = counts()
    desk.arm()
    thread, answers = press(made, path, values)
    kill(desk.halted())
    thread.join()
    assert isinstance(answers[0], OSError)
    return before


def kill_one(pid):
    os.kill(pid, signal.SIGKILL)


def test_a_web_process_killed_during_a_submit_leaves_nothing_and_the_others_go_on(wave, tmp_path):
    form = of("C1")
    path = f"/desk/returns/{form.pk}/submission/"
    with served(settings.DATA, tmp_path, halt_at=BEFORE_THE_TRACE, workers=0) as desk:
        made = signed_in(desk, clerk("community", "990101001001"))

        before = killed_while_pressing(desk, made, path, {"note": "样本未齐"}, kill_one)

        assert (counts(), of("C1").state) == (before, form.state)
        page = made.post(path, {"note": "样本未齐"})  # another process, or the one started instead
        assert (page.status, of("C1").state) == (200, "submitted")
        assert ReturnStep.objects.filter(of=form, state="submitted").count() == 1
        assert list(verify_chain()) == []


def test_a_server_killed_during_a_check_and_a_report_leaves_nothing_and_starts_again(wave, tmp_path):
    now = timezone.now()
    for code in ("C1", "C2"):
        actions.submit(who=PROGRAM, of=of(code), now=now, samples_reason="样本未齐")
    actions.check(who=PROGRAM, of=of("C2"), now=now)
    check = f"/desk/returns/{of('C1').pk}/check/"
    report = f"/desk/returns/waves/{wave.pk}/branches/{EAST}/report/"
    with served(settings.DATA, tmp_path, halt_at=BEFORE_THE_TRACE, workers=0, processes=1) as desk:
        made = signed_in(desk, clerk("subdistrict", EAST))

        before = killed_while_pressing(desk, made, check, {"note": ""}, lambda pid: desk.kill_all())

        assert (counts(), of("C1").state) == (before, "submitted")
        desk.start()
        assert made.post(check, {"note": ""}).status == 200  # still signed in
        assert (of("C1").state, bool(Revision.objects.get(of=of("C1")).token)) == ("checked", True)

        before = killed_while_pressing(desk, made, report, {"note": ""}, lambda pid: desk.kill_all())

        assert (counts(), BranchStep.objects.count()) == (before, 0)
        desk.start()
        assert made.post(report, {"note": ""}).status == 200
        assert [s.state for s in BranchStep.objects.filter(area_code=EAST)] == ["reported"]
        assert list(verify_chain()) == []


def shops():
    head = "编号,名称,业态,经度,纬度,虚构\n"
    rows = (f"K{i},店{i}（虚构）,洗衣店,{111.8 + i / 1e4:.4f},34.74,是\n" for i in range(ROWS))
    return (head + "".join(rows)).encode()


def test_a_worker_killed_during_an_import_is_started_again_and_ends_it(wave, tmp_path):
    standing = live_outlets().count()
    with served(settings.DATA, tmp_path, halt_at=BEFORE_THE_EVENTS, processes=1) as desk:
        made = signed_in(desk, clerk("community", "990101001001"))
        made.get("/desk/outlets/imports/")
        told = {"area": "990101001001", "datum": "wgs84"}
        page = made.post("/desk/outlets/imports/", told, ("file", "网点.csv", shops()))
        where = page.url.removeprefix(made.base)
        seen("the preview", lambda: "application/" in made.get(where).text)

        desk.arm()
        made.post(f"{where}application/", {})
        kill_one(desk.halted())

        batch = ImportBatch.objects.get()
        assert (batch.state, live_outlets().count()) == ("previewed", standing)
        assert OutletVersion.objects.filter(outlet__code__startswith="K").count() == 0
        assert made.get(where).status == 200  # the web does not mind
        Job.objects.filter(kind="outlets.import").update(lease_until=timezone.now() - dt.timedelta(1))
        job = seen("the import", lambda: Job.objects.filter(kind="outlets.import", state="done").first())

        assert (job.attempts, job.result["new"]) == (2, ROWS)
        batch.refresh_from_db()
        assert (batch.state, live_outlets().count()) == ("applied", standing + ROWS)
        assert OutletEvent.objects.filter(outlet__code__startswith="K").count() == ROWS
        assert "已重新启动" in desk.log.read_text("utf-8")
        told = desk.run("audit", "verify")
        assert (told.returncode, list(verify_chain())) == (0, []), told.stderr
