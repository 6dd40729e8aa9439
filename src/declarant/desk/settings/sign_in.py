"""How people sign in: password, passkey or the office's identity provider, and a second factor.

Nobody signs up: a person is invited. The identity provider is named by DECLARANT_OIDC_ISSUER,
DECLARANT_OIDC_CLIENT and DECLARANT_OIDC_SECRET; it signs in people who were invited, by the
address that it has verified.
"""

from __future__ import annotations

from typing import Any

from declarant.desk.configuration import Configuration, Provider

ACCOUNT_ADAPTER = "declarant.desk.accounts.adapters.PeopleAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # an invitation reached the address
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key", "reset_password": "10/m/ip,3/m/key"}

MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Declarant"
MFA_ADAPTER = "declarant.desk.accounts.adapters.SecondFactorAdapter"

SOCIALACCOUNT_ADAPTER = "declarant.desk.accounts.adapters.ProviderAdapter"
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_STORE_TOKENS = False

USERSESSIONS_TRACK_ACTIVITY = True


def providers(desk: Configuration) -> dict[str, Any]:
    """Return the identity provider in allauth's form; nothing when none is named."""
    named: Provider | None = desk.provider
    if named is None:
        return {}
    app = {
        "provider_id": "office",
        "name": named.name,
        "client_id": named.client,
        "secret": named.secret,
        "settings": {"server_url": named.issuer, "oauth_pkce_enabled": True},
    }
    return {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
