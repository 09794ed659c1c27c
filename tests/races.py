"""Several connections doing the same thing at the same moment."""

import threading


def at_once(n, act):
    """Results of ``act(i)`` from ``n`` threads let go together; an exception is a result too."""
    from django.db import connection

    results = [None] * n
    gate = threading.Barrier(n)

    def run(i):
        try:
            gate.wait()
            results[i] = act(i)
        except Exception as wrong:
            results[i] = wrong
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(i,)) for i in range(n)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
