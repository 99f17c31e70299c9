"""Houses and clients for tests, as fixtures (a plugin named in the root conftest)."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from runner import programs, stores
from tests.house.client import Client
from tests.house.poppler import Poppler
from tests.house.standing import StandingHouse

HouseFactory = Callable[..., StandingHouse]


@pytest.fixture(scope="session")
def houses_dir() -> Iterator[Path]:
    """A place that the user PostgreSQL runs as can reach, unlike pytest's own temporary directories."""
    with tempfile.TemporaryDirectory(prefix="mydata-houses-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o711)
        yield Path(folder)


@pytest.fixture(scope="session")
def sandbox_dir(houses_dir: Path) -> Path:
    return houses_dir / "sandbox"


def _factory(houses_dir: Path, sandbox_dir: Path, ending: ExitStack) -> HouseFactory:
    def build(*, stack: bool = False, **settings: str) -> StandingHouse:
        if stack and (absent := stores.missing()):
            pytest.skip(f"{' and '.join(absent)} cannot be started here")
        directory = Path(tempfile.mkdtemp(dir=houses_dir))
        directory.chmod(0o711)
        standing = StandingHouse(directory, sandbox_dir, stack=stack, settings=settings)
        standing.open()
        ending.callback(standing.close)
        return standing

    return build


@pytest.fixture
def new_house(houses_dir: Path, sandbox_dir: Path) -> Iterator[HouseFactory]:
    """Open houses of the test's own: `new_house(stack=True, MYDATA_PARCEL_TTL="5")`; closed when the test ends."""
    with ExitStack() as ending:
        yield _factory(houses_dir, sandbox_dir, ending)


@pytest.fixture(scope="module")
def module_house(houses_dir: Path, sandbox_dir: Path) -> Iterator[HouseFactory]:
    """Open houses of a module's own, as `new_house` does for a test; closed when the module ends."""
    with ExitStack() as ending:
        yield _factory(houses_dir, sandbox_dir, ending)


@pytest.fixture(scope="session")
def house(houses_dir: Path, sandbox_dir: Path) -> Iterator[StandingHouse]:
    """One house on SQLite with its worker inside, shared by all tests that leave it standing."""
    with ExitStack() as ending:
        yield _factory(houses_dir, sandbox_dir, ending)()


@pytest.fixture(scope="session")
def stack_house(houses_dir: Path, sandbox_dir: Path) -> Iterator[StandingHouse]:
    """One house on PostgreSQL and Redis, shared by all tests that leave it standing."""
    with ExitStack() as ending:
        yield _factory(houses_dir, sandbox_dir, ending)(stack=True)


@pytest.fixture(params=["house", "stack_house"])
def any_house(request: pytest.FixtureRequest) -> StandingHouse:
    """Run the test on both stacks: they behave the same."""
    found = request.getfixturevalue(request.param)
    assert isinstance(found, StandingHouse)
    return found


@pytest.fixture
def client_of() -> Callable[[StandingHouse], Client]:
    """Make clients: one browser each."""
    return Client


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser's path; where there is none the test is named as not run."""
    return _installed(programs.CHROMIUM)


@pytest.fixture(scope="session")
def poppler() -> Poppler:
    """Poppler's programs and NSS's `certutil`; where one is missing the test is named as not run."""
    return Poppler(*map(_installed, (programs.PDFSIG, programs.PDFTOTEXT, programs.CERTUTIL)))


def _installed(program: programs.Program) -> str:
    found = program.find()
    if found is None:
        pytest.skip(f"{program.title} is not installed")
    return found
