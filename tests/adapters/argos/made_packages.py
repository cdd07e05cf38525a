"""Package archives made on the spot: sound ones, and ones that only an enemy would make."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from workflow.adapters.argos.install import Installer
from workflow.adapters.argos.store import Added, ArgosStore

ABOUT = {
    "package_version": "1.0",
    "argos_version": "1.11",
    "from_code": "en",
    "from_name": "English",
    "to_code": "es",
    "to_name": "Spanish",
}
TRAVERSALS = [
    step.join(["", *parts])
    for step in (
        "../",
        "..\\",
        "/",
        "//",
        "./",
        "%2e%2e/",
        "..%2f",
        "....//",
        "\\\\",
        "C:/",
        "C:\\",
    )
    for parts in (["x"], ["", "etc", "passwd"], ["..", "..", "x"], ["", "..", "polypress.json"])
] + [
    *("..", ".", "", " ", "/", "\\", "~/x", "../", "..;/x", "../\0", "x\0/../../y", "\0"),
    *("a/../../x", "a/..", "a//b", "a/./b", "/proc/self/environ", "file:///etc/passwd"),
    *("\\\\host\\share\\x", "C:x", "c:\\windows\\win.ini", "a:b", "x::$DATA", "con\n", "../\n"),
    *("\uff0e\uff0e/x", "\u2025/x", "\u2024\u2024/x", "..\u2215x", "..\u2044x", "\u202e/x"),
    *("../" * 40 + "x", "a" * 5_000, "../en_de-1.0/model/model.bin", "../.lock", ".. /x", "x./y"),
]


def members(about: Mapping[str, Any] | None = None, **more: bytes) -> dict[str, bytes]:
    top = "translate-en_es-1_0"
    files = {
        f"{top}/metadata.json": json.dumps({**ABOUT, **(about or {})}).encode(),
        f"{top}/model/model.bin": b"weights",
        f"{top}/model/config.json": b"{}",
        f"{top}/sentencepiece.model": b"pieces",
    }
    return files | {f"{top}/{name}": body for name, body in more.items()}


def zipped(files: Mapping[str, bytes]) -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo("placeholder")
            info.filename = name  # the constructor would cut it at NUL
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, content)
    return body.getvalue()


def package(path: Path, about: Mapping[str, Any] | None = None, **more: bytes) -> Path:
    path.write_bytes(zipped(members(about, **more)))
    return path


def install(store: ArgosStore, path: Path, *, replace: bool = False) -> Added:
    return Installer(store, replace=replace).from_file(path)


def tree(folder: Path) -> dict[str, bytes]:
    """All files below a folder but the lock."""
    paths = [path for path in folder.rglob("*") if path.is_file() and path.name != ".lock"]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
