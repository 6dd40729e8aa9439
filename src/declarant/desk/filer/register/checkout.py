"""The register as a folder that the readers open, and as the facts they find in it.

The folder lies in the desk's home, on the same disk as the stored files, and holds hard links to
them: a reader that follows no link out of the folder finds nothing but what the register names, and
nobody can write to a stored file through it, since the files are read-only.
"""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

from declarant.desk.filer.register.fingerprinting import fingerprint
from declarant.desk.filer.register.kinds import SECTIONS, Kind
from declarant.desk.filer.register.models import EvidenceFile, Record
from declarant.desk.filer.register.register_yaml import register_text
from declarant.desk.vault import path_of
from declarant.problems import BadInput, Finding, bad_input
from declarant.register import Facts, load_register
from declarant.register.folder import REGISTER_FILE

__all__ = ["Loaded", "checked_out", "fingerprint", "load", "write_register_yaml"]

Advance = Callable[[int, int], None]
_LEFT_BEHIND = 24 * 3600  # seconds; no reading of evidence takes so long
_NO_LINKS = (errno.EXDEV, errno.EPERM, errno.EMLINK, errno.ENOTSUP, errno.EOPNOTSUPP)


class Loaded(NamedTuple):
    """The facts, with paths as the register writes them, and where they were read: it is gone."""

    facts: Facts
    root: Path


@contextmanager
def checked_out() -> Iterator[Path]:
    """Give a folder with `register.yaml` and every current evidence file; it goes away at the end.

    Raises:
        BadInput: when the register says not yet who reports.
    """
    place = settings.DESK.home / "checkouts"
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    _forget_old(place)
    folder = Path(tempfile.mkdtemp(dir=place))
    try:
        write_register_yaml(folder / REGISTER_FILE)
        for path, sha256 in current_files():
            _linked(path_of(sha256), folder / path)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def load(advance: Advance | None = None) -> Loaded:
    """Return the facts of the register as it stands.

    Every path in them, and in what is found wrong, is written as the register writes it.

    Args:
        advance: called as advance(done, total) while evidence is read.

    Raises:
        BadInput: with every finding that keeps the register from being read.
    """
    with checked_out() as folder:
        try:
            facts = load_register(folder, advance=advance)
        except BadInput as error:
            found = tuple(_inside(item, folder) for item in error.findings)
            raise BadInput(found) from None
        return Loaded(_with_own_paths(facts, folder), folder)


def write_register_yaml(path: Path) -> None:
    """Write the register as it stands.

    Raises:
        BadInput: when it says not yet who reports.
    """
    records = current_records()
    if not any(kind == Kind.PERSON for kind, _ in records):
        raise bad_input(
            "register.no_person",
            "the register does not say yet who reports.",
            mend="Fill in the person, or import a register folder.",
            field="person",
        )
    path.write_text(register_text(records), encoding="utf-8")


def current_records() -> list[tuple[str, object]]:
    """Return kind and content of every record, in the order of the register."""
    held = Record.objects.filter(active=True).order_by("position", "id")
    order = list(SECTIONS)
    return sorted(held.values_list("kind", "content"), key=lambda item: order.index(item[0]))


def current_files() -> list[tuple[str, str]]:
    """Return path and SHA-256 of every current evidence file, in order of path."""
    held = EvidenceFile.objects.filter(current=True).order_by("path")
    return list(held.values_list("path", "file__sha256"))


def _forget_old(place: Path) -> None:
    """Remove folders that processes left behind which were killed long ago."""
    for folder in place.iterdir():
        try:
            left = time.time() - folder.stat().st_mtime > _LEFT_BEHIND
        except FileNotFoundError:  # another one has just removed its own
            continue
        if left:
            shutil.rmtree(folder, ignore_errors=True)


def _linked(stored: Path, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(stored, path, follow_symlinks=False)
    except FileNotFoundError:
        raise bad_input(
            "vault.lost",
            f"the bytes of {path.name!r} are gone from the desk's folder.",
            mend="Restore the folder `files` of the desk's home from a backup.",
        ) from None
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        shutil.copyfile(stored, path)
        path.chmod(0o400)


def _with_own_paths(facts: Facts, folder: Path) -> Facts:
    """Return the facts with paths that mean something when the folder is gone."""
    clusters = tuple(
        replace(
            cluster,
            groups=tuple(
                replace(
                    group,
                    observations=tuple(
                        replace(
                            item,
                            path=item.path.removeprefix(f"{folder}/"),
                            findings=tuple(_inside(found, folder) for found in item.findings),
                        )
                        for item in group.observations
                    ),
                )
                for group in cluster.groups
            ),
        )
        for cluster in facts.clusters
    )
    segments = tuple(
        replace(item, findings=tuple(_inside(found, folder) for found in item.findings))
        for item in facts.ledger.segments
    )
    return replace(
        facts,
        clusters=clusters,
        ledger=replace(facts.ledger, segments=segments),
        findings=tuple(_inside(item, folder) for item in facts.findings),
        places=tuple(
            (work, replace(place, file=_named(place.file, folder))) for work, place in facts.places
        ),
    )


def _inside(finding: Finding, folder: Path) -> Finding:
    where = replace(finding.where, file=_named(finding.where.file, folder))
    beginning = f"{folder}/"
    return replace(
        finding,
        where=where,
        what=finding.what.replace(beginning, ""),
        mend=finding.mend.replace(beginning, ""),
    )


def _named(file: str | None, folder: Path) -> str | None:
    return None if file is None else file.removeprefix(f"{folder}/")
