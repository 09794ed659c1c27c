"""Many phones at once: one number counts once, and no answer is lost."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from yike.web.audit.chain import Who, verify_chain
from yike.web.regions.actions import create_area, create_circle
from yike.web.voices.actions.surveys import issue_number, open_survey
from yike.web.voices.models import Answer

pytestmark = pytest.mark.django_db(transaction=True)
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def survey():
    program, now, today = Who(None), timezone.now(), timezone.localdate()
    community = create_area(who=program, code="411281001001", name="银杏社区", now=now)
    circle = create_circle(who=program, code="YM-01", name="银杏圈（虚构）", communities=[community], now=now)
    return open_survey(
        who=program,
        circle=circle,
        title="调查（虚构）",
        opens_on=today,
        closes_on=today,
        now=now,
    )


def send(path):
    try:
        return Client().post(path, "overall=5&s_B06=4", content_type=FORM).status_code
    finally:
        connection.close()


def at_once(paths):
    with ThreadPoolExecutor(8) as phones:
        return list(phones.map(send, paths))


def test_the_same_number_sent_eight_times_counts_once(survey):
    number = issue_number(survey=survey, now=timezone.now()).number

    answers = at_once([f"/s/{survey.token}/{number}/"] * 8)

    assert set(answers) <= {200, 302}  # thanks, or on to the thanks
    assert Answer.objects.count() == 1


def test_twenty_phones_at_once_lose_nothing(survey):
    numbers = [issue_number(survey=survey, now=timezone.now()).number for _ in range(20)]

    assert at_once([f"/s/{survey.token}/{n}/" for n in numbers]) == [302] * 20
    assert set(Answer.objects.values_list("number", flat=True)) == set(numbers)
    assert list(verify_chain()) == []
