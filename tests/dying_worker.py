"""
A worker that is killed with SIGKILL in the middle of its job.

``python dying_worker.py module:Name.attribute n`` kills itself at the n-th call of that function.
"""

import importlib
import os
import signal
import sys
from functools import reduce


def die_at(where: str, nth: int) -> None:
    module, _, path = where.partition(":")
    *owners, name = path.split(".")
    owner = reduce(getattr, owners, importlib.import_module(module))
    real, calls = getattr(owner, name), []

    def call(*args, **named):
        calls.append(1)
        if len(calls) == nth:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*args, **named)

    setattr(owner, name, call)


if __name__ == "__main__":
    import django

    django.setup()
    from django.utils import timezone

    from yike.web.jobs.worker import run_one

    die_at(sys.argv[1], int(sys.argv[2]))
    run_one("dying", timezone.now)
