"""The production profile refuses to start with the sandbox's parts (CONTRACT section 1)."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.source import ROOT


def started(folder: Path, **changes: str) -> "subprocess.CompletedProcess[str]":
    """Read the settings in a process of their own, in surroundings that are fit but for `changes`."""
    secrets = folder / "secrets"
    secrets.mkdir(exist_ok=True)
    (secrets / "session").write_bytes(b"k" * 32)
    fit = {
        "MYDATA_PROFILE": "production",
        "MYDATA_ISSUER": "https://mydata.example",
        "MYDATA_DATA_DIR": str(folder / "data"),
        "MYDATA_SECRETS_DIR": str(secrets),
        "MYDATA_KEY_DIR": "/dev/shm/mydata-tests-production",  # noqa: S108 - memory; nothing is written there
        "MYDATA_CA_URL": "https://ca.example",
        "MYDATA_HEALTH_INSURANCE_URL": "https://health.example",
        "MYDATA_HOUSEHOLD_URL": "https://household.example",
        "MYDATA_NOTICE_BACKENDS": "console",
        "PATH": os.environ["PATH"],
    }
    return subprocess.run(
        [sys.executable, "-c", "import mydata.settings as s; print(s.DEBUG, s.SESSION_COOKIE_NAME, s.HTTPS)"],
        env={**fit, **changes},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )


REAL = {
    "MYDATA_NOTICE_BACKENDS": "smtp,sms",
    "MYDATA_SMTP_URL": "smtp+starttls://portal@mail.example",
    "MYDATA_MAIL_FROM": "MyData <noreply@mydata.example>",
    "MYDATA_SMS_URL": "https://sms.example/messages",
}


@pytest.mark.parametrize("changes", [{}, REAL], ids=["console", "real gateways"])
def test_fit_surroundings_are_accepted(tmp_path: Path, changes: dict[str, str]) -> None:
    done = started(tmp_path, **changes)
    assert (done.returncode, done.stdout) == (0, "False __Host-session True\n"), done.stderr


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"MYDATA_ISSUER": "http://mydata.example"}, "https"),
        ({"MYDATA_CA_URL": ""}, "every authority needs its address"),
        ({"MYDATA_HOUSEHOLD_URL": "http://127.0.0.1:9000/authorities/household"}, "the sandbox's"),
        ({"MYDATA_KEY_DIR": "/var/lib/keys"}, "must be in memory"),
        ({"MYDATA_KEY_DIR": "DATA/keys"}, "data volume"),
        ({"MYDATA_SECRETS_DIR": "DATA/secrets"}, "session"),
        ({"MYDATA_NOTICE_BACKENDS": "post"}, "no real channel"),
        ({"MYDATA_NOTICE_BACKENDS": ""}, "no real channel"),
        ({"MYDATA_NOTICE_BACKENDS": "smtp"}, "needs both smtp and sms"),
        ({"MYDATA_NOTICE_BACKENDS": "smtp,sms", "MYDATA_SMTP_URL": "smtp://mail.example"}, "MYDATA_SMTP_URL with TLS"),
        ({"MYDATA_NOTICE_BACKENDS": "smtp,sms", "MYDATA_SMTP_URL": "smtps://mail.example"}, "MYDATA_MAIL_FROM"),
        ({"MYDATA_NOTICE_BACKENDS": "smtp,sms", "MYDATA_SMS_URL": "http://sms.example"}, "MYDATA_SMS_URL with https"),
        ({"MYDATA_SMS_URL": "sms.example"}, "MYDATA_SMS_URL must be"),
        ({"MYDATA_PROFILE": "staging"}, "must be one of"),
        ({"MYDATA_PARCEL_TTL": "8h"}, "MYDATA_PARCEL_TTL"),
        ({"MYDATA_PARCEL_TTL": "0"}, "MYDATA_PARCEL_TTL"),
        ({"MYDATA_PORT": "70000"}, "MYDATA_PORT"),
    ],
)
def test_unfit_surroundings_are_refused_with_the_reason(tmp_path: Path, changes: dict[str, str], why: str) -> None:
    done = started(tmp_path, **{name: value.replace("DATA", str(tmp_path / "data")) for name, value in changes.items()})
    assert done.returncode != 0
    assert "ImproperlyConfigured" in done.stderr
    assert why in done.stderr
