import pytest

from returns_town import PROGRAM, build_town, complete, open_town
from yike.web.audit.chain import verify_chain
from yike.web.returns.actions import (
    approve,
    check,
    lock_branch,
    report_branch,
    submit,
)
from yike.web.returns.models import Return
from yike.web.returns.queries import doc_of, sources_of


@pytest.fixture
def town(db, now):
    return build_town(now)


@pytest.fixture
def wave(town, now):
    return open_town(now)


@pytest.fixture
def east(wave):
    return Return.objects.get(circle__code="C1")


def test_a_form_is_filled_from_the_register_with_a_sentence_per_cell(east):
    values, sources = doc_of(east).values, sources_of(east)

    assert (values["B01.outlets"], values["B01.staff"], values["B01.chain"]) == (3, 7, 1)
    assert (values["ALL.outlets"], values["B02.outlets"]) == (3, None)
    assert (values["circle"], values["city"], values["residents"]) == ("东一圈", "虚构市", 1000)
    assert sources["B01.staff"].said == "登记册（2026-11-22）：2 个网点共 7 人，1 个网点没有登记从业人数"
    assert "请填 0" in sources["B02.outlets"].said
    assert east.home_code == "990101001001"


def test_a_form_climbs_and_is_locked(wave, now):
    for of in Return.objects.all():
        complete(of, now)
        submit(who=PROGRAM, of=of, now=now, samples_reason="调查未完（虚构）")
        check(who=PROGRAM, of=of, now=now)
    for street in ("990101001", "990101002"):
        report_branch(who=PROGRAM, wave=wave, area_code=street, now=now)
    for of in Return.objects.all():
        approve(who=PROGRAM, of=of, now=now)
    report_branch(who=PROGRAM, wave=wave, area_code="990101", now=now)
    step = lock_branch(who=PROGRAM, wave=wave, area_code="9901", now=now)

    assert set(Return.objects.values_list("state", flat=True)) == {"locked"}
    assert step.values["B01.outlets"] == 5
    assert list(verify_chain()) == []
