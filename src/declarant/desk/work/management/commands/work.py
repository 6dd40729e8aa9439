"""`manage work`: the worker. Any number of them may run; each row is done by one."""

from __future__ import annotations

import logging
import os
import signal
import socket
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import InterfaceError, OperationalError, close_old_connections

from declarant.desk.work.daily import run_periodic
from declarant.desk.work.running import run_next
from declarant.desk.work.sending import send_next

IDLE_SECONDS = 0.5
WITHOUT_DATABASE_SECONDS = 5
LOG = logging.getLogger(__name__)


class Command(BaseCommand):
    """Do what waits: jobs, mail, and what is due each day."""

    help = "Does background jobs, sends waiting mail, and posts what is due."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add --once."""
        parser.add_argument("--once", action="store_true", help="Do all that waits now, then stop.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Work until told to stop."""
        name = f"{socket.gethostname()}:{os.getpid()}"
        stopping: list[int] = []
        for told in (signal.SIGTERM, signal.SIGINT):
            signal.signal(told, lambda number, _: stopping.append(number))
        while not stopping:
            close_old_connections()
            try:
                run_periodic(all_of_them=options["once"])
                busy = run_next(name)
                while send_next(name) and not stopping:
                    busy = True
            except (InterfaceError, OperationalError):  # locked too long, or restarted
                if options["once"]:
                    raise
                LOG.exception("the database does not answer")
                time.sleep(WITHOUT_DATABASE_SECONDS)
                continue
            if not busy:
                if options["once"]:
                    return
                time.sleep(IDLE_SECONDS)
