from __future__ import annotations

import pytest

from workflow.adapters.text import MAX_FILE, checked_id, decode, within
from workflow.errors import ContentError, Place


@pytest.mark.parametrize(
    ("raw", "line", "what"),
    [
        (b"", 0, "empty"),
        (b"\xef\xbb\xbf \r\n\n", 0, "empty"),
        (b"one\ntwo \xff\xfe\n", 2, "byte 0xff at offset 8"),
        (b"caf\xe9", 1, "not UTF-8"),
        (b"one\r\ntwo\x00\n", 2, "U+0000"),
        (b"a\n\nb\x1b[0m", 3, "U+001B"),
        ("a\x85b".encode(), 1, "U+0085"),
        (b"one\n" + b"x" * 1_100_000, 2, "the line has 1,100,000 characters"),
        (b"x" * 10_000_000, 0, f"more than the {MAX_FILE:,}"),
    ],
)
def test_bad_bytes_are_one_clear_error(raw: bytes, line: int, what: str) -> None:
    with pytest.raises(ContentError, match=r".*") as caught:
        decode("content/a.md", raw)
    assert caught.value.place == Place(path="content/a.md", line=line)
    assert what in caught.value.what
    assert caught.value.fix
    assert len(str(caught.value)) < 300


def test_a_byte_order_mark_goes_and_line_ends_stay() -> None:
    assert decode("a", b"\xef\xbb\xbfone\r\ntwo\n") == "one\r\ntwo\n"


def test_text_is_not_normalised() -> None:
    text = "I\u0307stanbul e\u0301 \u00a0\u200f\u2028 fi"
    assert decode("a", text.encode()) == text


@pytest.mark.parametrize(
    ("path", "collection", "name"),
    [
        ("content/notices/a/b.md", "content/notices", "a/b"),
        ("content/notices/a.b.md", "content/notices/", "a.b"),
        ("content/digest.txt", "content/digest.txt", "digest"),
        ("elsewhere/x.md", "content", "x"),
    ],
)
def test_path_within_the_collection(path: str, collection: str, name: str) -> None:
    assert str(within(path, collection)) == name


@pytest.mark.parametrize(
    "name", ["", "..", ".hidden", "-rf", "A", "a b", "a/b", "a\n", "é", "x" * 121, "a#b", "a\0"]
)
def test_a_hostile_id_is_refused(name: str) -> None:
    with pytest.raises(ContentError, match="not allowed"):
        checked_id(name, place=Place(path="a.md"), fix="rename")
