"""`./run test`: everything that must hold, in one run."""

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence

from runner import environment, programs
from runner.premises import without_settings

CHECKS = (
    ("ruff", "check"),
    ("ruff", "format", "--check"),
    ("lint-imports", "--no-logo"),
    ("djlint", "templates", "--lint", "--quiet"),
    ("mypy",),
)


def check(arguments: Sequence[str]) -> int:
    """Run the checks on the text, then the tests, whose summary comes last. Returns 0 where all of it holds.

    What cannot be run here is named and counted by the tests' own summary; `CI=true` makes it a failure.
    """
    programs.provide()
    with tempfile.TemporaryDirectory(prefix="mydata-checks-") as folder:
        # mypy's plugin reads the settings, which make these directories.
        places = {"MYDATA_DATA_DIR": f"{folder}/data", "MYDATA_SECRETS_DIR": f"{folder}/secrets"}
        environ = without_settings(os.environ) | places
        broken = [" ".join(words) for words in CHECKS if not _holds(words, environ)]
    code = _pytest(arguments)
    if broken:
        print(f"These checks failed, see above: {', '.join(broken)}", flush=True)
    return code or int(bool(broken))


def _holds(words: Sequence[str], environ: Mapping[str, str]) -> bool:
    """Run one check; print its output where it fails."""
    started = time.monotonic()
    done = subprocess.run(
        [environment.program(words[0]), *words[1:]],
        cwd=environment.ROOT,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    verdict = "failed" if done.returncode else "holds"
    print(f"{' '.join(words):24} {verdict} ({time.monotonic() - started:.0f} s)", flush=True)
    if done.returncode:
        print(done.stdout, flush=True)
    return done.returncode == 0


def _pytest(arguments: Sequence[str]) -> int:
    """Run the tests as a child that alone answers to signals, so that it can put away what it started."""
    tests = subprocess.Popen([environment.PYTHON, "-m", "pytest", *arguments], cwd=environment.ROOT, env=os.environ)
    signal.signal(signal.SIGINT, lambda *_: None)
    signal.signal(signal.SIGTERM, lambda *_: tests.send_signal(signal.SIGINT))
    return tests.wait()
