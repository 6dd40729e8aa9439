"""Which tokens may be spoken to: those whose module the operator of the server has allowed.

A module of PKCS #11 is code that runs in this process, so a web page must never choose one.
"""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from declarant.desk.configuration import PREFIX
from declarant.filing.token_uri import TokenUri, read_token_uri
from declarant.problems import bad_input

SETTING = f"{PREFIX}TOKEN_MODULES"


def allowed_modules() -> tuple[str, ...]:
    """Return the full paths of the modules that the operator allows."""
    modules: tuple[str, ...] = settings.DESK.token_modules
    return modules


def allowed_uri(text: str) -> TokenUri:
    """Return what a PKCS #11 URI asks for.

    Raises:
        BadInput: when it cannot be read, or names a module that the operator does not allow.
    """
    uri = read_token_uri(text)
    allowed = {str(Path(module).resolve()) for module in allowed_modules()}
    if str(Path(uri.module).resolve()) not in allowed:
        listed = ", ".join(allowed_modules()) or "none"
        raise bad_input(
            "token.module_not_allowed",
            _("the operator of this desk does not allow %(module)s; allowed: %(listed)s.")
            % {"module": uri.module, "listed": listed},
            mend=_("Ask the operator to name it in %(setting)s.") % {"setting": SETTING},
            field="token_uri",
        )
    return uri
