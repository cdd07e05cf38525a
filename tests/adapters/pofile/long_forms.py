"""The fault rows of catalogs (F1, F2, Q4): small in the suite, in full as a program of its own.

python tests/adapters/pofile/long_forms.py [ROW [COUNT]]    (prints figures; 1 if a row failed)
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from random import Random
from types import ModuleType

ROOT = Path(__file__).resolve().parents[3]
if __name__ == "__main__":  # some package installs another `tests`
    module = ModuleType("tests")
    module.__path__ = [str(ROOT / "tests")]
    sys.modules["tests"] = module
    sys.path[0] = str(ROOT)

from tests.adapters.pofile import invented, mutations  # noqa: E402 (behind `tests`)
from tests.adapters.pofile.every_row import body  # noqa: E402 (the same)
from workflow.adapters.pofile import codec, sheet  # noqa: E402 (the same)
from workflow.errors import CatalogError  # noqa: E402 (the same)
from workflow.model import Message  # noqa: E402 (the same)

Figures = dict[str, float]
SEED = 20261128
SLOW = 2.0
"""Seconds that reading one file may take at most."""
WIDTHS = (78, 0, 40, 100)
_PER_FILE = 200
_MSGCAT = (
    'for file in *.po; do msgcat "$@" -o "${file%.po}.out" "$file" 2>"${file%.po}.err" '
    '|| rm -f "${file%.po}.out"; done'
)


def q4(count: int = 5_000, seed: int = SEED) -> Figures:
    """Invented entries, written anew by us at several widths: to `msgcat` they are the same."""
    files = max(1, count // _PER_FILE)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number in range(files):
            raw = invented.catalog(seed + number, min(count, _PER_FILE)).encode()
            (folder / f"{number}.po").write_bytes(raw)
            again = _written_anew(sheet.read(raw, "any.po"), WIDTHS[number % len(WIDTHS)])
            (folder / f"{number}-again.po").write_bytes(again)
        _msgcat(folder, "--force-po", "--no-wrap", "--sort-output")
        for number in range(files):
            before, after = (folder / f"{number}{end}.out" for end in ("", "-again"))
            assert before.read_bytes() == after.read_bytes(), f"seed {seed + number}"
    return {"entries": files * min(count, _PER_FILE), "files": files}


def f1(count: int = 10_000, seed: int = SEED) -> Figures:
    """Mutated files: read with what `msgcat` reads, and writable, or refused with a clean error."""
    chance = Random(seed)
    bases = [body(), *(invented.catalog(seed + n, 12).encode() for n in range(20))]
    seen: Counter[str] = Counter()
    slowest = 0.0
    for start in range(0, count, 1_000):
        made = [
            mutations.mutated(chance.choice(bases), chance)
            for _ in range(min(1_000, count - start))
        ]
        readings = [_timed(raw) for raw in made]
        slowest = max(slowest, *(seconds for _, seconds in readings))
        read = [(raw, one) for raw, (one, _) in zip(made, readings, strict=True) if one]
        _compare(read)
        seen.update(files=len(made), read=len(read), refused=len(made) - len(read))
    assert slowest < SLOW, f"{slowest:.1f} s"
    return {**seen, "slowest, s": round(slowest, 3), "largest, MB": _largest()}


def f2(_: int = 0) -> Figures:
    """The hand-made bad files of the suite, and a sound one of 100,000 entries."""
    from tests.adapters.pofile import test_bad_files as table  # noqa: PLC0415 (it needs pytest)

    with tempfile.TemporaryDirectory() as name:
        for number, one in enumerate([*table.REFUSED, *table.READ]):
            catalog = table.catalog_in(Path(name) / str(number))
            check = table.assert_refused if one in table.REFUSED else table.assert_read
            check(one, Path(name) / str(number), catalog)
    entries = (f'msgctxt "n{n}#body"\nmsgid "Notice {n}"\nmsgstr "A {n}"\n' for n in range(100_000))
    began = time.monotonic()
    assert len(sheet.read("\n".join([invented.HEAD, *entries]).encode(), "any.po").messages) == 1e5
    return {"files": len(table.REFUSED) + len(table.READ),
            "100,000 entries, s": round(time.monotonic() - began, 1)}  # fmt: skip


ROWS: dict[str, Callable[[int], Figures]] = {"F1": f1, "F2": f2, "Q4": q4}
FULL = {"F1": 10_000, "F2": 60, "Q4": 5_000}


def _timed(raw: bytes) -> tuple[sheet.Sheet | None, float]:
    """What we read, None if it was refused as it has to be, and the seconds it took."""
    began, told = time.monotonic(), ("", "", "")
    found = None
    try:
        found = sheet.read(raw, "any.po")
    except CatalogError as error:
        told = (error.place.path, error.what, error.fix)
    seconds = time.monotonic() - began
    assert found or (told[0] == "any.po" and all(told)), told
    return found, seconds


def _compare(read: Sequence[tuple[bytes, sheet.Sheet]]) -> None:
    """Each file, and what we would write of it, has to be for `msgcat` what it is for us."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number, (raw, found) in enumerate(read):
            (folder / f"{number}.po").write_bytes(_mended(raw, found))
            (folder / f"{number}-again.po").write_bytes(_written_anew(found))
        _msgcat(folder, "--force-po", "--no-wrap")
        for number, (_, found) in enumerate(read):
            for end in ("", "-again"):
                _assert_same(folder / f"{number}{end}.out", found.messages)


def _assert_same(out: Path, messages: tuple[Message, ...]) -> None:
    assert out.exists(), out.with_suffix(".err").read_text("utf-8", "replace")
    theirs = sheet.read(out.read_bytes() or b"#\n", "msgcat's")
    differing = _content(theirs.messages) ^ _content(messages)
    assert not differing, (out.name, sorted(differing)[:4])


def _mended(raw: bytes, found: sheet.Sheet) -> bytes:
    """The file in the way of gettext, where we read more than it: see `_plain`.

    It takes no byte order mark, no `utf8`, and no file without a header.
    """
    header = found.header or f"{invented.HEAD}\n"
    text = re.sub("charset=utf8", "charset=UTF-8", header, flags=re.IGNORECASE)
    blocks = "".join(f"{one.before}{_plain(one.raw)}" for one in found.blocks)
    assert raw.decode("utf-8-sig") == found.header + "".join(
        one.before + one.raw for one in found.blocks
    ) + found.tail  # fmt: skip
    return f"{text}{blocks}{found.tail}".encode()


def _plain(entry: str) -> str:
    """An entry with one line of flags, as only the last counts for gettext, and no comment that
    ends in a backslash, as it would go on.
    """
    lines = [re.sub(r"^([ \t]*#.*\\\\)(\r?)$", r"\1 \2", line) for line in entry.split("\n")]
    flags = [line.strip() for line in lines if line.strip().startswith(("#,", "#!"))]
    rest = [line for line in lines if line.strip() not in flags]
    joined = ", ".join(line[2:] for line in flags)
    return "\n".join([f"#, {joined} ", *rest] if flags else rest)


def _written_anew(found: sheet.Sheet, width: int = 78) -> bytes:
    """All entries by our codec, none of them as it stood."""
    header = re.sub("charset=utf8", "charset=UTF-8", found.header, flags=re.IGNORECASE)
    parts = [header.replace("\r\n", "\n").rstrip("\n") + "\n" if header else invented.HEAD]
    return "\n".join([*parts, *(codec.text_of(one, width) for one in found.messages)]).encode()


def _content(messages: Iterable[Message]) -> set[str]:
    """What has to be equal; gettext drops obsolete entries without a text, and their fuzzy mark."""
    return {
        repr(
            (
                *(one.key, one.plural, one.translations, one.obsolete, one.comments),
                *(one.previous_context, one.previous_source, one.previous_plural),
                one.fuzzy and bool(one.translation),
            )
        )
        for one in messages
        if one.translation or not one.obsolete
    }


def _msgcat(folder: Path, *options: str) -> None:
    """All files of a folder through `msgcat`: `.out` beside each that it accepts, `.err` always."""
    subprocess.run(["sh", "-c", _MSGCAT, "sh", *options], cwd=folder, check=False, timeout=300)


def _largest() -> float:
    """The most memory that this process has had so far, in MB."""
    status = Path("/proc/self/status").read_text("ascii")  # getrusage counts the parent's, too
    return round(int(status.partition("VmHWM:")[2].split()[0]) / 1024, 1)


def main(arguments: Sequence[str]) -> int:
    """Play the rows that are named, or all, in full; 1 if one failed."""
    names = arguments[:1] or list(ROWS)
    failed = 0
    for name in names:
        began, figures = time.monotonic(), {}
        try:
            figures = ROWS[name](int(arguments[1]) if arguments[1:] else FULL[name])
        except Exception:  # noqa: BLE001 (the other rows are played, too)
            traceback.print_exc()
            failed = 1
        told = ", ".join(f"{what} {value:g}" for what, value in figures.items())
        verdict = "ok" if figures else "FAILED"
        sys.stdout.write(f"{name:4}{verdict:8}{time.monotonic() - began:6.1f} s  {told}\n")
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
