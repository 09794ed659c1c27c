"""
Everybody else's door: the workbench in the browser, one folder per concept.

In: HTTP and jobs. Out: pages, files, rows of the database. Apps look only down: ``config`` → … →
``regions`` → ``jobs`` → ``audit`` → ``accounts`` → ``ui``. May import ``studies`` and below, never ``cli``.

Example: ``yike serve --data 数据``
"""
