import threading

import pytest
from django.db import connection, transaction

from yike.web.audit.chain import Break, Who, record, verify_chain
from yike.web.audit.models import Entry, Head


def tell(who, now, n):
    for i in range(n):
        with transaction.atomic():
            record(
                who,
                "outlet.edit",
                "outlet",
                f"S{i}",
                now=now,
                before={"name": "甲"},
                after={"name": "乙", "at": now},
            )


def test_an_untouched_chain_holds(who, now):
    tell(who, now, 5)

    assert list(verify_chain()) == []
    assert [e.number for e in Entry.objects.all()] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("column", ["after", "actor_name", "at", "note", "area_code"])
def test_an_edited_entry_is_found(who, now, column):
    tell(who, now, 5)
    values = {
        "after": {"name": "丙"},
        "actor_name": "别人",
        "at": now.replace(year=2025),
        "note": "x",
        "area_code": "1",
    }

    Entry.objects.filter(number=3).update(**{column: values[column]})

    assert list(verify_chain()) == [Break(3, "edited")]


def test_a_missing_entry_is_found_in_the_middle_and_at_the_end(who, now):
    tell(who, now, 5)

    Entry.objects.filter(number__in=[2, 5]).delete()

    assert list(verify_chain()) == [Break(2, "missing"), Break(5, "head")]


def test_an_entry_with_a_new_digest_breaks_the_next(who, now):
    from yike.web.audit.chain import digest_of

    tell(who, now, 3)
    forged = Entry.objects.get(number=2)
    forged.note = "改过"
    forged.digest = digest_of(forged)
    forged.save()

    assert list(verify_chain()) == [Break(3, "edited")]


@pytest.mark.django_db(transaction=True)
def test_a_trace_needs_the_transaction_of_its_action(now):
    with pytest.raises(transaction.TransactionManagementError):
        record(Who(None), "x", "y", "z", now=now)


@pytest.mark.django_db(transaction=True)
def test_a_failed_action_leaves_no_trace(now):
    def act():
        with transaction.atomic():
            record(Who(None), "x", "y", "z", now=now)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        act()

    assert not Entry.objects.exists()
    assert list(verify_chain()) == []


@pytest.mark.django_db(transaction=True)
def test_many_writers_make_one_chain(now):
    failed = []

    def write():
        try:
            tell(Who(None), now, 10)
        except Exception as wrong:
            failed.append(wrong)
        finally:
            connection.close()

    writers = [threading.Thread(target=write) for _ in range(6)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    assert failed == []
    assert Head.objects.get().number == Entry.objects.count() == 60
    assert list(verify_chain()) == []
