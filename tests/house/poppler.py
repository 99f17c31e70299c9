"""Poppler, as a stranger uses it: reading a PDF's text, and checking its signature under a CA they were given."""

import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Poppler:
    """The programs by their paths; `certutil` is NSS's, which keeps what Poppler trusts."""

    pdfsig: str
    pdftotext: str
    certutil: str

    def text(self, content: bytes, folder: Path) -> str:
        """Return the text of a PDF."""
        file = _written(content, folder)
        return _said([self.pdftotext, "-enc", "UTF-8", str(file), "-"])

    def verdict(self, content: bytes, folder: Path, *, authority: bytes) -> str:
        """Return what `pdfsig` says of a PDF where only this CA is trusted."""
        (folder / "ca.pem").write_bytes(authority)
        trusted = folder / "nss"
        if not trusted.exists():
            trusted.mkdir()
            _said([self.certutil, "-N", "-d", str(trusted), "--empty-password"])
            _said([self.certutil, "-A", "-d", str(trusted), "-n", "ca", "-t", ",C,", "-i", str(folder / "ca.pem")])
        return _said([self.pdfsig, "-nssdir", str(trusted), str(_written(content, folder))], check=False)


def _written(content: bytes, folder: Path) -> Path:
    path = folder / "read.pdf"
    path.write_bytes(content)
    return path


def _said(command: list[str], *, check: bool = True) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=check, timeout=60).stdout
