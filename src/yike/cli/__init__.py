"""
The analyst's door: each command parses, calls one study, prints.

In: argv. Out: files, stdout (results), stderr (talk), exit code 0 done, 1 the answer is no, 2 wrong input.
May import: ``studies`` and below, never ``web``.
"""
