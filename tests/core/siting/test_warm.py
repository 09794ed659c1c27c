"""Warming up leaves no siting kernel to be compiled at its first real use."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import yike.core.siting as siting

HOME = Path(siting.__file__).parent
SCRIPT = """
import sys
from importlib import import_module
from yike.core.siting.warm import touch_siting_kernels

touch_siting_kernels()
for name in sys.argv[1:]:
    module, kernel = name.split(".")
    if not getattr(import_module(f"yike.core.siting.{module}"), kernel).signatures:
        print(name)
"""


def called_kernels():
    """Kernels that plain Python calls: ``kernels.x`` under any ``... import _x_kernels as ...``."""
    found = set()
    for file in sorted(HOME.glob("*.py")):
        if file.stem.endswith("_kernels") or file.stem.startswith("timetable"):
            continue  # timetables are warmed by a timetable
        tree = ast.parse(file.read_text("utf-8"))
        alias = {
            name.asname: name.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and node.module == "yike.core.siting"
            for name in node.names
            if name.name.endswith("_kernels")
        }
        found |= {
            f"{alias[node.func.value.id]}.{node.func.attr}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id in alias
        }
    return sorted(found)


@pytest.mark.slow
def test_warming_up_runs_every_siting_kernel():
    names = called_kernels()

    done = subprocess.run([sys.executable, "-c", SCRIPT, *names], capture_output=True, text=True, timeout=300)

    assert len(names) > 40
    assert (done.stderr, done.stdout) == ("", "")
