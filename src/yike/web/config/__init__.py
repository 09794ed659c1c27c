"""
How the web part starts: settings from the environment, the table of URLs, the WSGI door.

Settings: ``YIKE_DATA`` (one data folder), ``DATABASE_URL`` (PostgreSQL instead of SQLite), ``YIKE_HOSTS``.

Example: ``DJANGO_SETTINGS_MODULE=yike.web.config.settings``
"""
