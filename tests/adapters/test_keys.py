from __future__ import annotations

import base64
import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.faults import full_disk, open_folder, read_only
from workflow.adapters.bundles.keys import SCHEME, Ed25519, KeyFolder
from workflow.errors import OutsideError, SettingsError, UsageError

PAYLOAD = b'{"serial":1}\n'
VERIFY = Ed25519().verify

# RFC 8032, 7.1, test 2.
RFC_PRIVATE = bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
RFC_PUBLIC = bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
RFC_SIGNATURE = bytes.fromhex(
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
)
PKCS8_HEAD = bytes.fromhex("302e020100300506032b657004220420")


def text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def pem(private: bytes) -> bytes:
    body = text(PKCS8_HEAD + private)
    return f"-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----\n".encode()


def folder_with(root: Path, body: bytes, mode: int = 0o600) -> KeyFolder:
    (root / "main.pem").write_bytes(body)
    (root / "main.pem").chmod(mode)
    return KeyFolder(root)


def test_a_folder_that_is_not_there_has_no_keys_and_signs_nothing(tmp_path: Path) -> None:
    keys = KeyFolder(tmp_path / "keys")
    assert (keys.public(), keys.sign(PAYLOAD), keys.named()) == ((), {}, ())


def test_a_key_signs_and_only_its_own_bytes_verify(tmp_path: Path) -> None:
    keys = KeyFolder(tmp_path)
    public = keys.new("main").public
    signature = keys.sign(PAYLOAD)[public]
    assert VERIFY(public, PAYLOAD, signature)
    assert not VERIFY(public, PAYLOAD + b" ", signature)
    assert not VERIFY(keys.new("other").public, PAYLOAD, signature)


def test_the_same_bytes_are_signed_in_the_same_way(tmp_path: Path) -> None:
    keys = KeyFolder(tmp_path)
    keys.new("main")
    assert keys.sign(PAYLOAD) == KeyFolder(tmp_path).sign(PAYLOAD)


def test_keys_of_other_programs_are_read_and_sign_as_the_standard_says(tmp_path: Path) -> None:
    keys = folder_with(tmp_path, pem(RFC_PRIVATE))
    public = SCHEME + text(RFC_PUBLIC)
    assert keys.public() == (public,)
    assert keys.sign(b"\x72") == {public: text(RFC_SIGNATURE)}
    assert VERIFY(public, b"\x72", text(RFC_SIGNATURE))


def test_every_key_of_the_folder_signs_until_it_is_retired(tmp_path: Path) -> None:
    keys = KeyFolder(tmp_path)
    old, new = keys.new("old").public, keys.new("new").public
    assert keys.public() == tuple(sorted([old, new])) == tuple(keys.sign(PAYLOAD))
    keys.retire("old")
    assert keys.public() == (new,) == tuple(keys.sign(PAYLOAD))
    assert [(one.name, one.signs) for one in keys.named()] == [("new", True), ("old", False)]
    assert keys.retired("old").exists()


def test_only_the_owner_can_read_a_new_key(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        KeyFolder(tmp_path / "var" / "keys").new("main")
    finally:
        os.umask(before)
    folder = tmp_path / "var" / "keys"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "main.pem").stat().st_mode) == 0o600
    assert [path.name for path in folder.iterdir()] == ["main.pem"]


def test_no_key_is_ever_overwritten(tmp_path: Path) -> None:
    keys = KeyFolder(tmp_path)
    keys.new("main")
    before = (tmp_path / "main.pem").read_bytes()
    with pytest.raises(UsageError, match="already"):
        keys.new("main")
    keys.retire("main")
    with pytest.raises(UsageError, match="already"):
        keys.new("main")
    (tmp_path / "main.pem").write_bytes(before)
    (tmp_path / "main.pem").chmod(0o600)
    with pytest.raises(UsageError, match="already"):
        keys.retire("main")
    assert (tmp_path / "main.pem").read_bytes() == before == keys.retired("main").read_bytes()


@pytest.mark.parametrize("name", ["", ".", "..", "../x", "a/b", "A", "a.b", "-a", "a\n", "a" * 61])
def test_a_name_is_nothing_but_a_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError):
        KeyFolder(tmp_path).new(name)
    with pytest.raises(UsageError, match="no key"):
        KeyFolder(tmp_path).retire(name)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("mode", [0o604, 0o602, 0o620, 0o644, 0o666])
def test_a_key_that_others_can_read_or_write_is_refused_with_the_way_out(
    tmp_path: Path, mode: int
) -> None:
    keys = folder_with(tmp_path, pem(RFC_PRIVATE), mode)
    for ask in (keys.public, lambda: keys.sign(PAYLOAD), keys.named):
        with pytest.raises(SettingsError, match="chmod 600"):
            ask()


@pytest.mark.parametrize("mode", [0o400, 0o600, 0o640])
def test_the_group_may_read_a_key_as_mounted_secrets_have_it(tmp_path: Path, mode: int) -> None:
    assert folder_with(tmp_path, pem(RFC_PRIVATE), mode).public() == (SCHEME + text(RFC_PUBLIC),)


RSA_HEAD = b"-----BEGIN RSA PRIVATE KEY-----\nMIIB\n-----END RSA PRIVATE KEY-----\n"


@pytest.mark.parametrize(
    "body",
    [b"", b"\0" * 50, b"x" * 20_000, pem(RFC_PRIVATE)[:60], pem(RFC_PRIVATE[:31]), RSA_HEAD,
     pem(RFC_PRIVATE).replace(b"MC4", b"MC5")],
)  # fmt: skip
def test_a_damaged_key_is_an_error_that_shows_nothing_of_it(tmp_path: Path, body: bytes) -> None:
    keys = folder_with(tmp_path, body)
    with pytest.raises(SettingsError, match=r"main\.pem") as refused:
        keys.sign(PAYLOAD)
    told = f"{refused.value}{refused.value.__cause__}"
    assert not any(line in told for line in body.decode().split("\n") if len(line) > 3)


def test_a_key_with_a_passphrase_is_an_error_and_nobody_is_asked(tmp_path: Path) -> None:
    from cryptography.hazmat.primitives import serialization as form  # noqa: PLC0415 - here alone

    key = form.load_pem_private_key(pem(RFC_PRIVATE), password=None)
    locked = form.BestAvailableEncryption(b"secret")
    body = key.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, locked)
    with pytest.raises(SettingsError, match="without a passphrase"):
        folder_with(tmp_path, body).public()


def test_what_is_no_plain_file_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.pem", 0o600)
    with pytest.raises(SettingsError, match="no plain file"):
        KeyFolder(tmp_path).public()
    (tmp_path / "pipe.pem").unlink()
    (tmp_path / "gone.pem").symlink_to("nowhere")
    with pytest.raises(SettingsError, match="cannot read"):
        KeyFolder(tmp_path).public()


def test_other_files_in_the_folder_are_left_alone(tmp_path: Path) -> None:
    for name in ("README", ".main.pem.x.tmp", ".hidden.pem", "main.pub"):
        (tmp_path / name).write_text("x")
    assert KeyFolder(tmp_path).public() == ()


def test_nothing_stays_of_a_key_that_the_disk_refused(tmp_path: Path) -> None:
    keys = KeyFolder(tmp_path)
    with full_disk(10), pytest.raises(OutsideError, match="cannot write"):
        keys.new("main")
    assert list(tmp_path.iterdir()) == []
    with open_folder() as folder:
        (folder / "old.pem").write_bytes(pem(RFC_PRIVATE))
        (folder / "old.pem").chmod(0o640)
        os.chown(folder / "old.pem", 65534, -1)
        with read_only(folder):
            with pytest.raises(OutsideError, match="cannot write"):
                KeyFolder(folder).new("main")
            with pytest.raises(OutsideError, match="cannot rename"):
                KeyFolder(folder).retire("old")


KEY, SIGNATURE = SCHEME + text(RFC_PUBLIC), text(RFC_SIGNATURE)
HOSTILE = [
    "", "ed25519:", text(RFC_PUBLIC), f"rsa:{text(RFC_PUBLIC)}", KEY[:-1], KEY + "=", KEY + "\n",
    f" {KEY}", KEY.replace("=", ""), f"{SCHEME}{text(RFC_PUBLIC[:31])}", f"{SCHEME}{'A' * 10_000}",
    f"{SCHEME}{text(bytes(32))}", f"{SCHEME}{text(bytes([255]) * 32)}", f"{SCHEME}\ud800", "é",
    f"{SCHEME}{SCHEME}{text(RFC_PUBLIC)}", KEY.replace("w=", "x="), KEY.replace("+", "-"),
]  # fmt: skip


@pytest.mark.parametrize("key", HOSTILE)
def test_whatever_is_no_key_verifies_nothing(key: str) -> None:
    assert not VERIFY(key, b"\x72", SIGNATURE)


@pytest.mark.parametrize(
    "signature", [*HOSTILE, SIGNATURE[:-4], SIGNATURE + "====", f"{SIGNATURE}\n"]
)
def test_whatever_is_no_signature_is_not_accepted(signature: str) -> None:
    assert not VERIFY(KEY, b"\x72", signature)


def test_a_signature_has_one_form() -> None:
    order = 2**252 + 27742317777372353535851937790883648493
    s = int.from_bytes(RFC_SIGNATURE[32:], "little") + order
    assert not VERIFY(KEY, b"\x72", text(RFC_SIGNATURE[:32] + s.to_bytes(32, "little")))


@given(st.text(max_size=100), st.binary(max_size=20), st.text(max_size=100))
def test_verifying_never_raises(key: str, payload: bytes, signature: str) -> None:
    assert not VERIFY(key, payload, signature)
    assert not VERIFY(SCHEME + key, payload, SIGNATURE)


@given(st.integers(0, 511))
def test_a_signature_with_one_bit_changed_is_not_accepted(bit: int) -> None:
    changed = bytearray(RFC_SIGNATURE)
    changed[bit // 8] ^= 1 << bit % 8
    assert not VERIFY(KEY, b"\x72", text(bytes(changed)))


def test_a_folder_that_cannot_be_read_is_not_one_without_keys(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("")
    with pytest.raises(SettingsError, match="cannot read"):
        KeyFolder(tmp_path / "keys").public()
