"""What each view of Django and django-allauth needs; they declare nothing themselves.

A view that is not named is refused. Signing up without an invitation is not offered.
"""

from __future__ import annotations

from declarant.desk.access import Access, Power

_ANYBODY = Access({"GET": None, "POST": None})
_ANYBODY_READS = Access({"GET": None})
_ONESELF_READS = Access({"GET": Power.OWN_ACCOUNT})
_SENDING = Access({"POST": None})
_ONESELF = Access({"GET": Power.OWN_ACCOUNT, "POST": Power.OWN_ACCOUNT})

FOREIGN_VIEWS: dict[str, Access] = {
    **dict.fromkeys(
        (
            "account_inactive",
            "account_reset_password_done",
            "account_reset_password_from_key_done",
            "socialaccount_login_cancelled",
            "socialaccount_login_error",
        ),
        _ANYBODY_READS,
    ),
    **dict.fromkeys(
        (
            "mfa_index",
            "mfa_view_recovery_codes",
            "mfa_download_recovery_codes",
            "mfa_list_webauthn",
        ),
        _ONESELF_READS,
    ),
    "set_language": _SENDING,
    **dict.fromkeys(
        (
            "account_login",
            "account_reset_password",
            "account_reset_password_from_key",
            "mfa_authenticate",
            "mfa_login_webauthn",
            "openid_connect_login",
            "openid_connect_callback",
        ),
        _ANYBODY,
    ),
    **dict.fromkeys(
        (
            "account_logout",
            "account_reauthenticate",
            "account_change_password",
            "account_set_password",
            "mfa_reauthenticate",
            "mfa_reauthenticate_webauthn",
            "mfa_activate_totp",
            "mfa_deactivate_totp",
            "mfa_generate_recovery_codes",
            "mfa_add_webauthn",
            "mfa_remove_webauthn",
            "mfa_edit_webauthn",
            "usersessions_list",
        ),
        _ONESELF,
    ),
}
