"""Where a register folder can come from, and what each such place must tell of its files."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from declarant.desk.filer.register.paths import why_not
from declarant.problems import BadInput, Finding, Place, Severity, bad_input
from declarant.register.folder import REGISTER_FILE

CHUNK = 1 << 18
MOST_ENTRIES = 20_000
MOST_REGISTER = 8 << 20  # bytes of a register.yaml
_SHOWN = 20  # entries that messages name
_LITTER = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")


class Contents(ABC):
    """The files of a register folder, by their path from the folder on.

    Attributes:
        root: what stands before that path in the archive; "" for a folder.
        entries: size in bytes, by path.
        left_out: paths that are no part of a register, such as what an operating system adds.
        register: the bytes of `register.yaml`.
    """

    root: str
    entries: dict[str, int]
    left_out: list[str]
    register: bytes

    @abstractmethod
    def files(self, wanted: Collection[str]) -> Iterator[tuple[str, Iterator[bytes]]]:
        """Yield each wanted file with its bytes, which are to be read before the next one."""


@dataclass
class Listing:
    """The entries of an archive as they are looked at, and what is wrong with them."""

    shown: str
    limit: int
    most: int
    _sizes: dict[str, int] = field(default_factory=dict)
    _litter: list[str] = field(default_factory=list)
    _problems: list[Finding] = field(default_factory=list)
    _total: int = 0

    def add(self, name: str, size: int, wrong: tuple[str, str]) -> str | None:
        """Note an entry; return its path when it can be part of a register.

        Raises:
            BadInput: at once, when there are too many entries or bytes to look further.
        """
        path = name.removeprefix("./")
        if len(self._sizes) + len(self._litter) + len(self._problems) >= MOST_ENTRIES:
            raise refused(
                "import.too_many",
                f"holds more than {MOST_ENTRIES:,} files.",
                "Pack only the register and the evidence it names.",
                self.shown,
            )
        self._total += max(0, size)
        if self._total > self.most:
            raise refused(
                "import.bomb",
                f"would unpack to more than {self.most:,} bytes, far more than its own size.",
                "Pack only the register and the evidence it names.",
                self.shown,
            )
        what, mend = wrong
        bad = why_not("-" if path == REGISTER_FILE else path)
        if what:
            self._wrong(path, "import.entry", f"{what}.", mend)
        elif bad is not None and not _is_litter(path):
            self._wrong(path, bad.code, bad.what.partition("' ")[2] or bad.what, bad.mend)
        elif path in self._sizes:
            self._wrong(path, "import.twice", "stands in it twice.", "Pack the folder again.")
        elif size > self.limit:
            mend = "Compress it with gzip, or ask the operator to raise DECLARANT_UPLOAD_LIMIT."
            self._wrong(path, "import.too_large", f"is larger than {self.limit:,} bytes.", mend)
        elif _is_litter(path):
            self._litter.append(path)
        else:
            self._sizes[path] = size
            return path
        return None

    def may_be_register(self, path: str) -> bool:
        """Whether this may be the `register.yaml`: at the top, or in the one folder there."""
        return path.rpartition("/")[2] == REGISTER_FILE and path.count("/") <= 1

    def entries(self) -> dict[str, int]:
        """Return every entry's size by its path in the archive.

        Raises:
            BadInput: with what is wrong with the entries, the first of them by name.
        """
        if self._problems:
            more = len(self._problems) - _SHOWN
            found = self._problems[:_SHOWN]
            if more > 0:
                what = f"holds {more:,} more entries that are refused."
                found.append(Finding("import.more", what, Place(self.shown), "", Severity.ERROR))
            raise BadInput(tuple(found))
        return self._sizes

    def register_path(self) -> str:
        """Return where the `register.yaml` is.

        Raises:
            BadInput: when there is none, there are several, or it is too long.
        """
        found = [path for path in self._sizes if self.may_be_register(path)]
        found = [path for path in found if path == REGISTER_FILE] or found
        if len(found) != 1:
            what = "holds no register.yaml." if not found else "holds several register.yaml."
            raise refused(
                "import.no_register",
                what,
                "Pack one folder that has its register.yaml at the top.",
                self.shown,
            )
        if self._sizes[found[0]] > MOST_REGISTER:
            raise register_too_long(self.shown)
        return found[0]

    def inside(self) -> tuple[str, dict[str, int], list[str]]:
        """Return the folder of the register in the archive, its files, and what lies elsewhere."""
        root = self.register_path().removesuffix(REGISTER_FILE)
        held = {
            path.removeprefix(root): size
            for path, size in self._sizes.items()
            if path.startswith(root) and path != root + REGISTER_FILE
        }
        outside = [path for path in self._sizes if not path.startswith(root)]
        return root, held, [*self._litter, *outside]

    def _wrong(self, path: str, code: str, what: str, mend: str) -> None:
        shown = ascii(path[:120])[1:-1]
        where = Place(f"{self.shown}: {shown}")
        self._problems.append(Finding(code, what, where, mend, Severity.ERROR))


class Folder(Contents):
    """A folder on the machine that the desk runs on."""

    def __init__(self, folder: Path, limit: int) -> None:
        self._folder, self._limit = folder, limit
        self.root, self.entries, self.left_out = "", {}, []
        register = folder / REGISTER_FILE
        if not register.is_file():
            raise refused(
                "import.no_register",
                "is no folder with a register.yaml.",
                "Name the folder that holds it.",
                str(folder),
            )
        if register.stat().st_size > MOST_REGISTER:
            raise register_too_long(str(folder))
        self.register = register.read_bytes()
        for path in sorted(folder.rglob("*")):  # links are not followed into
            name = path.relative_to(folder).as_posix()
            if path.is_symlink() or not path.is_file() or _is_litter(name) or why_not(name):
                if not path.is_dir() and name != REGISTER_FILE:
                    self.left_out.append(name)
                continue
            self.entries[name] = path.stat().st_size
            if len(self.entries) > MOST_ENTRIES:
                raise refused(
                    "import.too_many",
                    f"holds more than {MOST_ENTRIES:,} files.",
                    "Name the register's own folder.",
                    str(folder),
                )

    def files(self, wanted: Collection[str]) -> Iterator[tuple[str, Iterator[bytes]]]:
        """Yield each wanted file with its bytes."""
        for path in self.entries:
            if path in wanted:
                with (self._folder / path).open("rb") as stream:
                    yield path, iter(lambda opened=stream: opened.read(CHUNK), b"")  # type: ignore[misc]


def refused(code: str, what: str, mend: str, shown: str) -> BadInput:
    """Return the refusal of a whole archive or folder."""
    return bad_input(code, what, mend=mend, file=shown)


def register_too_long(shown: str) -> BadInput:
    """Return the refusal of a `register.yaml` that nobody can have written."""
    return refused(
        "import.register_too_long",
        f"has a register.yaml of more than {MOST_REGISTER:,} bytes.",
        "Move what is long into evidence files.",
        shown,
    )


def _is_litter(path: str) -> bool:
    name = path.rpartition("/")[2]
    return path.startswith(_LITTER[0]) or name in _LITTER[1:] or name.startswith("._")
