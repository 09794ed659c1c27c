"""The door for application servers: ``granian --interface wsgi yike.web.config.wsgi:application``."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yike.web.config.settings")
application = get_wsgi_application()
