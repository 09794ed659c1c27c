"""Clerks who press at the same moment: nothing lost, nothing done twice, on either database."""

import random

import pytest

from races import at_once
from returns_town import CITY, PROGRAM, build_town, complete, open_town
from yike.errors import RefusedError
from yike.web.audit.chain import verify_chain
from yike.web.returns import actions
from yike.web.returns.models import BranchStep, CellChange, Return, ReturnStep, Revision
from yike.web.returns.queries import branch_states, values_of
from yike.web.returns.rules import live_steps, path_of, reached

EAST, WEST, DISTRICT = "990101001", "990101002", "990101"
ROWS = ("B02", "B03", "B04", "B05", "B06", "B07", "B08", "B09")

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def wave(transactional_db, now):
    build_town(now)
    return open_town(now)


def of(code):
    return Return.objects.select_related("wave", "circle").get(circle__code=code)


def refused(results):
    return [r for r in results if isinstance(r, RefusedError)]


def no_others(results):
    assert [r for r in results if isinstance(r, Exception) and not isinstance(r, RefusedError)] == []


def test_eight_edits_of_one_version_leave_one(wave, now):
    seen = of("C1").version

    def act(i):
        return actions.fill_cells(
            who=PROGRAM, of=of("C1"), values={f"{ROWS[i]}.outlets": i}, comments={}, seen=seen, now=now
        )

    results = at_once(8, act)
    no_others(results)
    assert len(refused(results)) == 7
    assert all(r.facts["status"] == 409 for r in refused(results))
    assert CellChange.objects.count() == 1


def test_eight_edits_that_try_again_are_all_kept(wave, now):
    def act(i):
        for _ in range(20):
            current = of("C1")
            try:
                return actions.fill_cells(
                    who=PROGRAM, of=current, values={f"{ROWS[i]}.outlets": i}, comments={},
                    seen=current.version, now=now,
                )  # fmt: skip
            except RefusedError:
                continue
        raise AssertionError("never got through")

    no_others(at_once(8, act))
    values = values_of(of("C1"))
    assert [values[f"{row}.outlets"] for row in ROWS] == list(range(8))
    assert of("C1").version == 9


def test_a_form_submitted_by_two_is_submitted_once(wave, now):
    complete(of("C1"), now)

    results = at_once(4, lambda i: actions.submit(who=PROGRAM, of=of("C1"), now=now, samples_reason="未完"))

    no_others(results)
    assert len(refused(results)) == 3
    assert ReturnStep.objects.filter(of=of("C1"), state="submitted").count() == 1


def test_checking_and_sending_back_at_once_does_one_of_them(wave, now):
    complete(of("C1"), now)
    actions.submit(who=PROGRAM, of=of("C1"), now=now, samples_reason="未完")

    def act(i):
        if i % 2:
            return actions.check(who=PROGRAM, of=of("C1"), now=now)
        return actions.send_back(who=PROGRAM, of=of("C1"), notes={}, note="漏填", now=now)

    no_others(at_once(2, act))
    ended = of("C1")
    token = Revision.objects.get(of=ended).token
    assert ended.state in ("checked", "sent_back")
    assert bool(token) == (ended.state == "checked")


def test_two_offices_that_open_a_round_of_one_name_open_one(wave, now):
    results = at_once(3, lambda i: open_town(now, area_code=DISTRICT))

    assert sum(not isinstance(r, Exception) for r in results) == 1
    assert Return.objects.filter(wave__area_code=DISTRICT).count() == 3
    no_others(results)


def test_a_storm_of_steps_ends_in_a_state_that_could_have_come_one_by_one(wave, now):
    """Six people press whatever they find for a while; what is left obeys every rule."""
    for code in ("C1", "C2", "C3"):
        complete(of(code), now)

    def press(luck):
        code = luck.choice(["C1", "C2", "C3"])
        street = luck.choice([EAST, WEST])
        return luck.choice([
            lambda: actions.submit(who=PROGRAM, of=of(code), now=now, samples_reason="未完"),
            lambda: actions.submit(who=PROGRAM, of=of(code), now=now, samples_reason="未完"),
            lambda: actions.check(who=PROGRAM, of=of(code), now=now),
            lambda: actions.check(who=PROGRAM, of=of(code), now=now),
            lambda: actions.report_branch(who=PROGRAM, wave=wave, area_code=street, now=now),
            lambda: actions.report_branch(who=PROGRAM, wave=wave, area_code=DISTRICT, now=now),
            lambda: actions.approve(who=PROGRAM, of=of(code), now=now),
            lambda: actions.send_back(who=PROGRAM, of=of(code), notes={}, note="退", now=now),
            lambda: actions.undo_step(who=PROGRAM, of=of(code), now=now),
            lambda: actions.undo_branch(who=PROGRAM, wave=wave, area_code=street, now=now),
            lambda: actions.lock_branch(who=PROGRAM, wave=wave, area_code=CITY, now=now),
            lambda: actions.fill_cells(
                who=PROGRAM, of=of(code), values={"centres": luck.randint(0, 9)}, comments={}, seen=None,
                now=now,
            ),
        ])  # fmt: skip

    def act(i):
        luck, done = random.Random(i), 0
        for _ in range(25):
            try:
                press(luck)()
                done += 1
            except RefusedError:
                continue
        return done

    results = at_once(6, act)
    no_others(results)
    assert sum(results) > 10
    _check_everything(wave)


def _check_everything(wave):
    states = branch_states(wave)
    for form in Return.objects.select_related("wave", "circle"):
        steps = list(form.steps.order_by("id"))
        newest = form.revisions.get(number=form.revision)
        assert steps[-1].state == form.state
        assert live_steps(steps)[-1].state == form.state
        assert bool(newest.token) == (reached(wave, form.state) >= 0)
        assert (newest.locked_at is not None) == (form.state == "locked")
        for level in path_of(wave)[:-1]:
            branch = form.home_code[: level.digits]
            if states.get(branch) in ("reported", "locked"):
                assert reached(wave, form.state) >= reached(wave, level.enters), (form, branch)
            if reached(wave, form.state) > reached(wave, level.enters):
                assert states.get(branch) == "reported", (form, branch)
    assert BranchStep.objects.filter(state="locked").count() <= 1
    assert list(verify_chain()) == []
