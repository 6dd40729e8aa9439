"""The WSGI application that gunicorn serves; DJANGO_SETTINGS_MODULE says which desk."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "declarant.desk.settings.filer")
application = get_wsgi_application()
