"""`production` refuses to start on what only the sandbox may have (CONTRACT section 1)."""

import subprocess
from pathlib import Path

import pytest

from runner import environment
from tests.architecture.source import ROOT


def start(tmp_path: Path, **changes: str) -> subprocess.CompletedProcess[str]:
    """Import the settings in a process of their own, as a fit production with `changes`."""
    secrets = tmp_path / "secrets"
    secrets.mkdir(mode=0o700, exist_ok=True)
    for name in ("session", "pepper"):
        (secrets / name).write_bytes(b"k" * 32)
    fit = {
        "MYDATA_PROFILE": "production",
        "MYDATA_ISSUER": "https://mydata.example",
        "MYDATA_DATA_DIR": str(tmp_path / "data"),
        "MYDATA_SECRETS_DIR": str(secrets),
        "MYDATA_KEY_URL": "redis://keys.example:6379/0",
        "DATABASE_URL": "postgresql://mydata@db.example/mydata",
        "REDIS_URL": "redis://queue.example:6379/0",
        "MYDATA_CA_URL": "https://ca.example/binding",
        "MYDATA_HEALTH_INSURANCE_URL": "https://nhi.example/check",
        "MYDATA_HOUSEHOLD_URL": "https://ris.example/check",
        "MYDATA_NOTICE_BACKENDS": "smtp,sms",
        "MYDATA_SMTP_URL": "smtps://mail.example",
        "MYDATA_MAIL_FROM": "noreply@mydata.example",
        "MYDATA_SMS_URL": "https://sms.example/messages",
    }
    return subprocess.run(
        [environment.PYTHON, "-c", "import mydata.settings"],
        cwd=ROOT,
        env={name: value for name, value in (fit | changes).items() if value},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_fit_production_starts(tmp_path: Path) -> None:
    done = start(tmp_path)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"MYDATA_ISSUER": ""}, "MYDATA_ISSUER"),
        ({"MYDATA_CA_URL": ""}, "authority"),
        ({"MYDATA_CA_URL": "http://127.0.0.1:9000/authorities/ca"}, "sandbox"),
        ({"MYDATA_NOTICE_BACKENDS": ""}, "MYDATA_NOTICE_BACKENDS"),
        ({"MYDATA_NOTICE_BACKENDS": "post"}, "MYDATA_NOTICE_BACKENDS"),
        ({"MYDATA_KEY_URL": "", "MYDATA_KEY_DIR": "{tmp}/data/keys"}, "key directory"),
        ({"MYDATA_SECRETS_DIR": "{tmp}/empty"}, "session"),
        ({"MYDATA_PROFILE": "staging"}, "MYDATA_PROFILE"),
        ({"MYDATA_PARCEL_TTL": "eight hours"}, "MYDATA_PARCEL_TTL"),
        ({"MYDATA_PROXIES": "the one in front"}, "MYDATA_PROXIES"),
        ({"MYDATA_PORT": "70000"}, "MYDATA_PORT"),
    ],
)
def test_an_unfit_setting_is_refused_by_name(tmp_path: Path, changes: dict[str, str], said: str) -> None:
    done = start(tmp_path, **{name: value.replace("{tmp}", str(tmp_path)) for name, value in changes.items()})
    assert done.returncode != 0
    assert "ImproperlyConfigured" in done.stderr
    assert said in done.stderr.splitlines()[-1]
