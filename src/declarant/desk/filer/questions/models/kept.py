"""Rows that are written once: the model refuses to change or remove them, and so does the database.

The guards in the database (guards.py) hold against everything else that can write to it.
"""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import models
from django.utils.translation import gettext_lazy as _

from declarant.problems import bad_input


def refuse(row: models.Model) -> NoReturn:
    """Refuse to change a row that is kept as it is.

    Raises:
        BadInput: always.
    """
    raise bad_input(
        "questions.kept",
        str(_("%(what)s is kept as it was written.") % {"what": row}),
        mend=str(_("Write a new version; the former one stands beside it.")),
    )


class Kept(models.Model):
    """Base of rows that are added and never changed."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write a new row.

        Raises:
            BadInput: when the row is there already.
        """
        if not self._state.adding:
            refuse(self)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse.

        Raises:
            BadInput: always.
        """
        refuse(self)
