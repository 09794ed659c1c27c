"""Surveys: one answer a number, counted as the form counts, closed for good; links, paper, workbooks."""

import datetime as dt
import io
from urllib.parse import urlencode

import pytest
import zxingcpp
from django.test import Client
from django.utils import timezone
from openpyxl import Workbook, load_workbook
from PIL import Image
from pypdf import PdfReader

from yike.errors import RefusedError
from yike.web.audit.chain import Who
from yike.web.audit.models import Entry
from yike.web.regions.actions import create_area, create_circle
from yike.web.voices import pooling, queries
from yike.web.voices.actions.files import apply_file, take_file
from yike.web.voices.actions.needs import note_from_survey
from yike.web.voices.actions.surveys import (
    answer_link,
    close_survey,
    enter_answer,
    issue_number,
    open_survey,
    void_answer,
)
from yike.web.voices.exports import answer_headers
from yike.web.voices.models import Answer, Survey, SurveyNumber
from yike.web.voices.questions import questionnaire, settings
from yike.web.voices.rules import half_width
from yike.web.voices.totals import row_totals

PROGRAM = Who(None)
FORM = "application/x-www-form-urlencoded"


def a_circle(now, code, name):
    community = create_area(who=PROGRAM, code=code, name=f"{name}社区", now=now)
    return create_circle(
        who=PROGRAM, code=f"C{code}", name=f"{name}圈（虚构）", communities=[community], now=now
    )


@pytest.fixture
def circle(db, now):
    return a_circle(now, "411281001001", "银杏")


def a_survey(circle, now, **more):
    days = {"opens_on": now.date() - dt.timedelta(1), "closes_on": now.date() + dt.timedelta(9)} | more
    return open_survey(who=PROGRAM, circle=circle, title="满意度调查（虚构）", now=now, **days)


@pytest.fixture
def survey(circle, now):
    return a_survey(circle, now)


@pytest.fixture
def worker(make_account):
    return Who(make_account("shequ", "411281001001", "community", must_change_password=False))


def enter(survey, number, now, overall=None, **scores):
    values = {"satisfaction": scores, "overall": overall}
    return enter_answer(who=PROGRAM, survey=survey, number=number, channel="paper", values=values, now=now)


def test_half_width_is_8_3_points_at_45_of_50():
    assert round(half_width(45, 50), 1) == 8.3  # 1.96 · √(0.9 · 0.1 / 50) = 0.0832
    assert half_width(50, 50) == 6.0  # rule of three: 3 / 50
    assert half_width(0, 0) is None


def test_pooling_adds_counts_and_leaves_out_who_never_used(circle, survey, now):
    other = a_survey(a_circle(now, "411281001002", "连银"), now)
    enter(survey, "1", now, overall=5, B01=5, B06=2)
    enter(survey, "2", now, overall=3, B01=3)
    void_answer(who=PROGRAM, answer=enter(survey, "3", now, overall=5, B01=5), reason="重复", now=now)
    enter(other, "1", now, B01=4)

    both = queries.pooled([circle, other.circle])

    assert both.n_valid == 3
    assert both.by_row == {"B01": (2, 3), "B06": (0, 1)}  # 5 and 4 satisfied, 3 not
    assert (both.overall, both.is_overall_asked) == ((1, 2), True)
    assert both.samples_by_circle == {circle.pk: 2, other.circle.pk: 1}


def test_without_the_overall_question_the_types_are_pooled(circle, survey, now):
    enter(survey, "1", now, B01=5, B06=2)
    enter(survey, "2", now, B01=3)

    assert queries.pooled([circle]).overall == (1, 3)


def test_pooling_keeps_to_the_days_asked_for(circle, survey, now):
    enter(survey, "1", now - dt.timedelta(days=1), overall=5)
    enter(survey, "2", now, overall=5)

    assert queries.pooled([circle], since=now.date()).n_valid == 1
    assert queries.pooled([circle], until=now.date() - dt.timedelta(1)).n_valid == 1
    assert queries.pooled([circle], now.date() - dt.timedelta(1), now.date()).n_valid == 2


def test_a_number_counts_once(survey, now):
    enter(survey, "0001", now, overall=5)

    with pytest.raises(RefusedError) as refused:
        enter(survey, " 0001 ", now, overall=1)

    assert refused.value.code == "voices.number.used"
    assert list(Answer.objects.values_list("number", "overall")) == [("0001", 5)]


def test_an_empty_sheet_is_no_sample(survey, now):
    with pytest.raises(RefusedError) as refused:
        enter(survey, "0001", now)
    assert refused.value.code == "voices.answer.blank"


def test_a_closed_survey_never_changes(survey, now):
    answer = enter(survey, "0001", now, overall=5)
    drawn = issue_number(survey=survey, now=now)
    close_survey(who=PROGRAM, survey=survey, now=now)

    for attempt in (
        lambda: enter(survey, "0002", now, overall=5),
        lambda: void_answer(who=PROGRAM, answer=answer, reason="重复", now=now),
        lambda: close_survey(who=PROGRAM, survey=survey, now=now),
        lambda: answer_link(survey=Survey.objects.get(), number=drawn.number, values={"overall": 5}, now=now),
    ):
        with pytest.raises(RefusedError) as refused:
            attempt()
        assert refused.value.code == "voices.survey.closed"


def test_one_survey_of_a_circle_at_a_time(circle, survey, now):
    with pytest.raises(RefusedError) as refused:
        a_survey(circle, now)
    assert refused.value.code == "voices.survey.exists"


def test_numbers_go_out_no_faster_than_the_limit(survey, now):
    for _ in range(settings().numbers_per_minute):
        issue_number(survey=survey, now=now)

    with pytest.raises(RefusedError) as refused:
        issue_number(survey=survey, now=now)
    later = issue_number(survey=survey, now=now + dt.timedelta(minutes=1, seconds=1))

    assert (refused.value.code, len(later.number)) == ("voices.number.many", 11)


def test_groups_below_five_are_withheld_and_cannot_be_worked_out(survey, now):
    assert pooling.withheld({"18_34": 20, "35_59": 9, "75_up": 3}) == {"75_up", "35_59"}
    assert pooling.withheld({"18_34": 20, "35_59": 9}) == frozenset()
    for i in range(4):
        enter(survey, str(i), now, overall=5, B01=5)

    (first, *_) = row_totals(pooling.pool(Answer.objects.all()), {})

    assert (first.is_small, first.share) == (True, None)


def test_what_a_closed_survey_misses_becomes_one_need(survey, now):
    for i in range(6):
        values = {"overall": 4, "missing": ["B05"]}
        enter_answer(who=PROGRAM, survey=survey, number=str(i), channel="paper", values=values, now=now)
    with pytest.raises(RefusedError) as still_open:
        note_from_survey(who=PROGRAM, survey=survey, row="B05", voices=6, channel="paper", now=now)
    survey = close_survey(who=PROGRAM, survey=survey, now=now)

    need = note_from_survey(who=PROGRAM, survey=survey, row="B05", voices=6, channel="paper", now=now)
    with pytest.raises(RefusedError) as twice:
        note_from_survey(who=PROGRAM, survey=survey, row="B05", voices=6, channel="paper", now=now)

    assert (need.text, need.voices, need.form_row) == ("缺早餐店", 6, "B05")
    assert [e.value.code for e in (still_open, twice)] == ["voices.survey.not_closed", "voices.survey.noted"]


class Phone:
    """Somebody with the link, without an account, whose browser sends tokens as browsers do."""

    def __init__(self, survey):
        self.client = Client(enforce_csrf_checks=True)
        self.home = f"/s/{survey.token}/"

    def send(self, path, **fields):
        page = self.client.get(path)
        token = str(page.context["csrf_token"]) if page.context else ""
        body = urlencode(fields | {"csrfmiddlewaretoken": token})
        return self.client.post(path, body, content_type=FORM)

    def draw(self):
        return self.send(self.home).url


@pytest.fixture
def running(circle):
    return a_survey(circle, timezone.now(), opens_on=timezone.localdate(), closes_on=timezone.localdate())


def test_a_resident_answers_once_and_leaves_nothing_behind(running):
    phone = Phone(running)

    sheet = phone.draw()
    sent = phone.send(sheet, overall="5", s_B06="2", r_B06="no", missing="B06", s_B01="never", s_B02="9",
                      missing_text="13812345678", age_band="60_74")  # fmt: skip
    again = phone.send(sheet, overall="1")

    answer = Answer.objects.get()
    assert (sent.status_code, sent.url, again.status_code) == (302, sheet, 200)
    assert "已经收到" in phone.client.get(sheet).content.decode()
    assert (answer.overall, answer.satisfaction, answer.reach) == (5, {"B06": 2}, {"B06": "no"})
    assert (answer.channel, answer.entered_by, answer.missing_text) == ("link", None, "〔号码已略去〕")
    entry = Entry.objects.latest("number")
    assert (entry.action, entry.address, entry.actor_name) == ("survey.answer", "", "")
    assert "sessionid" not in phone.client.cookies


def test_the_link_wants_a_token_a_small_form_and_a_number_of_its_own(running):
    phone = Phone(running)
    sheet = phone.draw()

    assert phone.client.post(sheet, "overall=5", content_type=FORM).status_code == 403
    assert phone.client.post(sheet, "a=" + "b" * 40_000, content_type=FORM).status_code == 413
    assert phone.client.post(sheet, {"overall": "5"}).status_code == 413  # multipart
    assert phone.client.get(f"{phone.home}AAAAA-AAAAA/").status_code == 404
    assert phone.client.get("/s/nowhere/").status_code == 404
    assert Answer.objects.count() == 0


def test_opening_the_link_writes_nothing(running):
    phone = Phone(running)

    page = phone.client.get(phone.home)

    assert (page.status_code, SurveyNumber.objects.count()) == (200, 0)
    assert page["Content-Security-Policy"].startswith("default-src 'none'")
    assert "no-store" in page["Cache-Control"]


def test_a_link_that_is_over_says_so_politely(running, now):
    phone = Phone(running)
    sheet = phone.draw()
    close_survey(who=PROGRAM, survey=running, now=timezone.now())

    for path in (phone.home, sheet):
        page = phone.client.get(path)
        assert (page.status_code, "调查已经结束，谢谢您" in page.content.decode()) == (410, True)


def test_a_link_before_its_day_tells_the_day(circle, now):
    later = timezone.localdate() + dt.timedelta(3)
    survey = a_survey(circle, timezone.now(), opens_on=later, closes_on=later)

    page = Client().get(f"/s/{survey.token}/").content.decode()

    assert "调查还没有开始" in page
    assert f"{later.month}月{later.day}日" in page


def test_an_empty_sheet_from_a_phone_keeps_what_was_ticked(running):
    phone = Phone(running)
    sheet = phone.draw()

    page = phone.send(sheet, missing="B06", age_band="60_74")

    assert (page.status_code, Answer.objects.count()) == (422, 0)
    assert 'value="B06" checked' in page.content.decode()


def test_paper_is_typed_in_and_the_next_number_follows(client, running, worker):
    client.force_login(worker.account)
    path = f"/desk/voices/surveys/{running.pk}/entry/"

    kept = client.post(
        path, {"number": "gm-009", "channel": "paper", "s_B01": "4", "r_B01": "2", "overall": "5"}
    )
    page = client.get(path).content.decode()
    twice = client.post(path, {"number": "GM-009", "overall": "1", "missing": "B06"})

    answer = Answer.objects.get()
    assert (kept.status_code, answer.number, answer.reach) == (302, "GM-009", {"B01": "no"})
    assert 'value="GM-010"' in page
    assert "<b>1</b> / 50" in page
    assert (twice.status_code, "已经录入" in twice.content.decode()) == (422, True)


def workbook(*rows):
    book = Workbook()
    book.active.append(list(answer_headers()))
    for row in rows:
        book.active.append([row.get(h) for h in answer_headers()])
    stream = io.BytesIO()
    book.save(stream)
    stream.seek(0)
    return stream


def test_a_workbook_tells_its_faults_and_enters_the_rest(running, worker):
    now = timezone.now()
    stream = workbook(
        {"问卷编号": "０００1", "总体": "５", "便利店满意度": 4, "便利店走得到": "走得到",
         "年龄段": "60-74岁", "还缺什么": "早餐店、B06"},
        {"问卷编号": "0002", "总体": 8, "便利店走得到": "远"},
        {"问卷编号": "0001", "总体": 5},
        {"问卷编号": "0004"},
        {"问卷编号": "0005", "总体": "满意", "还缺什么": "飞机场"},
        {"问卷编号": "0006", "总体": "很满意", "便利店满意度": 0, "最急需": "修鞋铺、维修点"},
        {"总体": 3},
    )  # fmt: skip

    kept = take_file(who=worker, survey=running, stream=stream, name="录入.xlsx", now=now)

    assert (kept.n_rows, [r["number"] for r in kept.rows]) == (7, ["0001"])
    assert [(f["row"], f["column"]) for f in kept.faults] == [
        (3, "总体"), (3, "便利店走得到"), (4, "问卷编号"), (5, "总体"), (6, "还缺什么"), (7, "最急需"),
        (8, "问卷编号"),
    ]  # fmt: skip
    assert kept.rows[0]["missing"] == ["B05", "B06"]
    assert (kept.rows[0]["age_band"], kept.rows[0]["reach"]) == ("60_74", {"B01": "yes"})
    assert apply_file(who=worker, file=kept, now=now) == 1
    with pytest.raises(RefusedError) as again:
        apply_file(who=worker, file=kept, now=now)
    assert again.value.code == "voices.file.state"


def test_a_workbook_is_entered_whole_or_not_at_all(running, worker):
    now = timezone.now()
    kept = take_file(
        who=worker, survey=running, stream=workbook(*({"问卷编号": str(i), "总体": 5} for i in range(3))),
        name="a.xlsx", now=now,
    )  # fmt: skip
    enter(running, "2", now, overall=1)  # somebody typed it in meanwhile

    with pytest.raises(RefusedError):
        apply_file(who=worker, file=kept, now=now)

    kept.refresh_from_db()
    assert (Answer.objects.count(), kept.state) == (1, "read")


def test_the_empty_workbook_is_read_back(client, running, worker):
    client.force_login(worker.account)
    whole = b"".join(client.get("/desk/voices/surveys/template/").streaming_content)
    headers = [c.value for c in load_workbook(io.BytesIO(whole)).worksheets[0][1]]

    assert headers == list(answer_headers())
    assert len(headers) == 5 + 2 * len(questionnaire().rows) + 3


def test_raw_answers_are_the_auditors_and_taking_them_is_written_down(client, running, make_account):
    enter(running, "0001", timezone.now(), overall=4, B06=2)
    client.force_login(make_account("shenji", "411281", "auditor", must_change_password=False))

    answer = client.post(f"/desk/voices/surveys/{running.pk}/raw/")

    rows = list(load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))
    told = dict(zip(rows[0], rows[1], strict=True))
    assert (told["问卷编号"], told["总体"], told["维修点满意度"]) == ("0001", 4, 2)
    assert Entry.objects.latest("number").action == "survey.raw"


def test_poster_and_papers_are_printed(client, running, worker):
    client.force_login(worker.account)
    poster = client.get(f"/desk/voices/surveys/{running.pk}/poster/?as=png")
    papers = client.get(f"/desk/voices/surveys/{running.pk}/papers/?first=GM-009&count=2")

    (code,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(poster.content)))
    assert code.text == f"http://testserver/s/{running.token}/"
    pages = PdfReader(io.BytesIO(papers.content)).pages
    assert ["GM-009" in pages[0].extract_text(), "GM-010" in pages[1].extract_text()] == [True, True]
    assert len(pages) == 2
