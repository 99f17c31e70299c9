"""身分驗證: who is acting, how strongly we know it, on whose behalf."""

from django.apps import AppConfig


class Identity(AppConfig):
    """Citizens, verifications, sign-ins."""

    name = "identity"
