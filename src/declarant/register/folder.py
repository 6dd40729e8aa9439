"""The register's folder: evidence files by relative path, hashed, and never outside of it."""

from __future__ import annotations

import hashlib
from pathlib import Path

from declarant.compute.ledger import Evidence
from declarant.problems import Finding, Place, Severity

REGISTER_FILE = "register.yaml"


class EvidenceFolder:
    """Finds and hashes the evidence that a register names. Each file is hashed once.

    What is wrong is collected, so that a person sees every missing file at once.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.problems: list[Finding] = []
        self._seen: dict[str, Evidence] = {}
        self._refused: set[str] = set()

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """Every file asked for and found, in the order of asking."""
        return tuple(self._seen.values())

    def add(self, item: Evidence) -> Evidence:
        """Hold a file that somebody else has read and hashed on the way; return it."""
        return self._seen.setdefault(item.path, item)

    def file(self, name: str, where: Place, *, folders: bool = False) -> Path | None:
        """Return the path of a named file, or None after noting (once) what is wrong with it.

        `folders` lets a folder pass, for stores that live in one.
        """
        path = self.root / name
        try:
            inside = path.resolve().is_relative_to(self.root.resolve())
            exists, is_file = path.exists(), path.is_file()
        except (OSError, RuntimeError, ValueError) as error:  # a loop of links, a name too long
            self._refuse(name, "unreadable", f"{name[:80]!r} is no path: {error}.", where)
            return None
        if not inside:
            self._refuse(name, "outside", f"{name!r} lies outside the register's folder.", where)
        elif not exists:
            self._refuse(name, "missing", f"there is no file {name!r}.", where)
        elif not is_file and not (folders and path.is_dir()):
            self._refuse(name, "not_a_file", f"{name!r} is not a file.", where)
        else:
            return path
        return None

    def hashed(self, name: str, where: Place) -> Evidence | None:
        """Return a named file with its SHA-256, or None after noting what is wrong with it."""
        if name in self._seen:
            return self._seen[name]
        path = self.file(name, where)
        if path is None:
            return None
        try:
            with path.open("rb") as content:
                digest = hashlib.file_digest(content, "sha256").hexdigest()
        except OSError as error:
            what = f"{name!r} cannot be read: {error.strerror}."
            self._refuse(name, "unreadable", what, where)
            return None
        self._seen[name] = Evidence(name, digest)
        return self._seen[name]

    def _refuse(self, name: str, code: str, what: str, where: Place) -> None:
        if name in self._refused:
            return
        self._refused.add(name)
        self.problems.append(
            Finding(
                f"evidence.{code}",
                what,
                where,
                "Put the file there, or correct its path (relative to the register's folder).",
                Severity.ERROR,
            )
        )
