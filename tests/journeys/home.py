"""What one person took home: files and receipts of real journeys, to be checked by anybody."""

import io
import zipfile
from dataclasses import dataclass

from tests.house.client import Client
from tests.house.standing import StandingHouse

DATASETS = ("household-individual", "vehicle-registration")
PASSPHRASE = "只有我知道的 sentence"


@dataclass(frozen=True)
class Home:
    """What one person took home."""

    plain: bytes
    locked: bytes
    consent: bytes
    later: bytes
    """The consent of another time, by the same person."""
    deletion: bytes
    parcel: str

    @property
    def names(self) -> list[str]:
        """Every file in the zip."""
        with zipfile.ZipFile(io.BytesIO(self.plain)) as archive:
            return archive.namelist()

    @property
    def original(self) -> str:
        """The agency's signed zip."""
        return next(name for name in self.names if name.endswith("original.zip"))


def bring(house: StandingHouse) -> Home:
    """Take the same datasets home twice, the second time under a passphrase."""
    client = Client(house).sign_in(house.person("ordinary", 5), level=1)
    grant, parcel = client.request(*DATASETS)
    client.wait(parcel, "sealed")
    consent = client.receipt(grant)
    plain, purged = client.take(parcel)
    later, second = client.request(*DATASETS)
    client.wait(second, "sealed")
    locked, _ = client.take(second, passphrase=PASSPHRASE)
    return Home(
        plain=plain,
        locked=locked,
        consent=consent.encode(),
        later=client.receipt(later).encode(),
        deletion=str(purged["deletion_receipt"]).encode(),
        parcel=parcel,
    )
