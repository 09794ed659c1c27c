"""Long work in short stretches: over several threads, with progress, and stopped between two of them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from typing import Any

Progress = Callable[[int, int], None]
"""Called with places done and all places, from the calling thread."""

STRETCH = 8192
"""Places per stretch: about 10 ms, so that progress, Ctrl-C and the balance of threads are fine."""


def threads_to_use(n_threads: int | None) -> int:
    """The number asked for, or one per processor."""
    return max(1, n_threads or os.cpu_count() or 1)


def run_stretches(
    n: int,
    step: int,
    workers: int,
    make_room: Callable[[], Any],
    work: Callable[[Any, int, int], None],
    progress: Progress | None,
) -> None:
    """
    Do ``work(room, low, high)`` over 0..n in threads, each with a room of its own.

    The kernels release the interpreter lock. Ctrl-C is felt between two stretches.
    """

    def stretches() -> Iterator[tuple[int, int]]:
        for low in range(0, n, step):
            yield low, min(low + step, n)

    todo = stretches()
    done = 0
    workers = max(1, min(workers, -(-n // step)))
    rooms = [make_room() for _ in range(workers)]
    if workers == 1:
        for low, high in todo:
            work(rooms[0], low, high)
            if progress:
                progress(high, n)
        return
    with ThreadPoolExecutor(workers) as pool:

        def start(room: Any) -> None:
            part = next(todo, None)
            if part:
                running[pool.submit(work, room, *part)] = (room, part)

        running: dict[Any, tuple[Any, tuple[int, int]]] = {}
        for room in rooms:
            start(room)
        while running:
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                room, (low, high) = running.pop(future)
                future.result()
                start(room)
                done += high - low
                if progress:
                    progress(done, n)
