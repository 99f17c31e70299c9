"""What does not change is fetched once: every file of the design may be kept, and another file has another address."""

import shutil
from pathlib import Path

import pytest
from django.conf import settings
from django.templatetags.static import static
from django.test import Client

from mydata.settings import _digest_of


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["mydata.css", "js/page.js", "vendor/noto-sans-tc/400-pages.woff2"])
def test_a_file_of_the_design_may_be_kept_for_ever(name: str) -> None:
    answer = Client().get(static(name))
    answer.close()

    assert answer.status_code == 200
    assert answer["Cache-Control"] == "max-age=315360000, public, immutable"
    assert answer["ETag"]


def test_another_file_has_another_address(tmp_path: Path) -> None:
    copy = Path(shutil.copytree(settings.STATIC_DIR / "js", tmp_path / "js"))
    before = _digest_of(copy)
    (copy / "page.js").write_text("// another\n")

    assert _digest_of(copy) != before
    assert static("mydata.css") == f"/static/{_digest_of(settings.STATIC_DIR)}/mydata.css"
