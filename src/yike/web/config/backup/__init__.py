"""
One file that holds an installation: every table as lines of JSON, every kept file, a list with digests.

The same file is put back on SQLite or PostgreSQL: moving from one to the other is a backup and a restore.

Example: ``write_backup(folder, path, now=now, progress=silent)``
"""
