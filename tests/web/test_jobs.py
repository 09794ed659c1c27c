import datetime as dt
import threading

import pytest
from django.db import connection

from yike.errors import StudyError
from yike.web.audit.chain import Who
from yike.web.jobs import kinds
from yike.web.jobs.heartbeat import Heartbeat
from yike.web.jobs.models import Job, State
from yike.web.jobs.queue import LEASE, MOST_ATTEMPTS, Running, ask_to_cancel, claim, enqueue
from yike.web.jobs.worker import AWAY_S, run_one, run_until


@pytest.fixture
def ask(db, now):
    def ask(kind="test.add", **arguments):
        return enqueue(kind, "测试", arguments, who=Who(None), now=now)

    return ask


@pytest.fixture
def does(monkeypatch):
    monkeypatch.setattr(kinds, "_KINDS", {})
    return kinds.does


def test_a_job_runs_and_keeps_its_result(ask, does, now):
    @does("test.add")
    def add(running):
        running.progress("相加", 1, 1)
        return {"sum": running.job.arguments["a"] + running.job.arguments["b"]}

    ask(a=2, b=3)
    job = Job.objects.get(pk=run_one("w1", lambda: now).pk)

    assert (job.state, job.result, job.stage, job.done, job.ended_at) == (
        State.DONE,
        {"sum": 5},
        "相加",
        1,
        now,
    )
    assert run_one("w1", lambda: now) is None


def test_a_job_of_a_dead_worker_runs_again(ask, now):
    ask()
    first = claim("w1", now)
    assert claim("w2", now + LEASE / 2) is None

    second = claim("w2", now + LEASE + dt.timedelta(seconds=1))

    assert (second.pk, second.worker, second.attempts) == (first.pk, "w2", 2)
    assert not Running(first, lambda: now).end(State.DONE)
    assert Running(second, lambda: now).end(State.DONE)


def test_a_job_whose_workers_all_die_is_given_up(ask, now):
    job = ask()
    for i in range(MOST_ATTEMPTS):
        assert claim(f"w{i}", now + i * 2 * LEASE).pk == job.pk

    assert claim("w9", now + MOST_ATTEMPTS * 2 * LEASE) is None

    job.refresh_from_db()
    assert job.state == State.FAILED
    assert "中断" in job.log


def test_a_running_job_stops_at_its_next_step_when_cancelled(ask, does, now, who):
    reached = []

    @does("test.add")
    def long_work(running):
        for i in range(10):
            if i == 3:
                ask_to_cancel(running.job, who=who, now=now)
            running.progress("步骤", i, 10)
            reached.append(i)

    ask()
    seconds = iter(range(1000))
    job = run_one("w1", lambda: now + dt.timedelta(seconds=next(seconds)))

    job.refresh_from_db()
    assert (job.state, reached) == (State.CANCELLED, [0, 1, 2])


def test_a_waiting_job_is_cancelled_at_once_and_once(ask, now, who):
    job = ask()

    assert ask_to_cancel(job, who=who, now=now)
    assert not ask_to_cancel(job, who=who, now=now)
    assert claim("w1", now) is None


def test_a_known_fault_is_told_in_its_own_words(ask, does, now):
    @does("test.add")
    def fail(running):
        raise StudyError("study.profile.unknown", found="飞毯", expected="成人")

    ask()
    job = run_one("w1", lambda: now)

    job.refresh_from_db()
    assert job.state == State.FAILED
    assert "飞毯" in job.log
    assert "Traceback" not in job.log


def test_a_job_that_nobody_can_do_says_so(ask, does, now):
    ask("test.unheard")
    job = run_one("w1", lambda: now)

    job.refresh_from_db()
    assert (job.state, "test.unheard" in job.log) == (State.FAILED, True)


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_take_the_same_job(now):
    for _ in range(20):
        enqueue("test.add", "测试", {}, who=Who(None), now=now)
    taken, failed = [], []

    def work(name):
        try:
            while (job := claim(name, now)) is not None:
                taken.append(job.pk)
        except Exception as wrong:
            failed.append(wrong)
        finally:
            connection.close()

    workers = [threading.Thread(target=work, args=(f"w{i}",)) for i in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert failed == []
    assert sorted(taken) == sorted(Job.objects.values_list("pk", flat=True))


@pytest.mark.django_db(transaction=True)
def test_a_job_silent_for_long_keeps_its_lease_while_its_worker_lives(now):
    enqueue("test.add", "测试", {}, who=Who(None), now=now)
    beats = threading.Semaphore(0)

    def clock():
        beats.release()
        return now + LEASE - dt.timedelta(seconds=1)

    running = Running(claim("w1", now), clock)
    with Heartbeat(running, every_s=0.001):
        for _ in range(3):  # the one of Running itself, and one beat that has surely ended
            assert beats.acquire(timeout=20)

    assert claim("w2", now + LEASE + dt.timedelta(seconds=1)) is None


@pytest.mark.django_db(transaction=True)
def test_a_heart_stops_when_another_worker_has_the_job(now):
    enqueue("test.add", "测试", {}, who=Who(None), now=now)
    running = Running(claim("w1", now), lambda: now)
    later = now + LEASE + dt.timedelta(seconds=1)
    assert claim("w2", later).worker == "w2"

    heart = Heartbeat(running, every_s=0.001)
    with heart:
        assert heart.has_stopped(20)

    assert Job.objects.get().lease_until == later + LEASE


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="the switch is SQLite's")
def test_a_worker_waits_while_the_database_cannot_be_written_and_then_goes_on(ask, does, now):
    @does("test.add")
    def add(running):
        return {"sum": 5}

    asked, waited = ask(a=2, b=3), []

    def pause(seconds):
        waited.append(seconds)
        connection.cursor().execute("PRAGMA query_only = OFF")

    connection.cursor().execute("PRAGMA query_only = ON")
    run_until(lambda: Job.objects.get(pk=asked.pk).state == State.DONE, pause, "w1", lambda: now)

    assert waited == [AWAY_S]
