"""
Stops a process of the workbench at a named place, for ever, so that a test can kill it there.

With this folder on PYTHONPATH, ``YIKE_HALT_AT=module:name`` and ``YIKE_HALT_FOLDER``: once the folder holds a
file ``armed``, whoever calls that function leaves a file with its process number and goes no further.
"""

import os
import threading
from importlib import import_module
from pathlib import Path


def halt_at(where, folder):
    module, _, name = where.partition(":")
    owner = import_module(module)
    real = getattr(owner, name)

    def call(*args, **named):
        if (folder / "armed").exists():
            (folder / f"halted-{os.getpid()}").touch()
            threading.Event().wait()
        return real(*args, **named)

    setattr(owner, name, call)


if os.environ.get("YIKE_HALT_AT"):
    import django

    set_up = django.setup

    def setup(*args, **named):
        set_up(*args, **named)
        halt_at(os.environ["YIKE_HALT_AT"], Path(os.environ["YIKE_HALT_FOLDER"]))

    django.setup = setup
