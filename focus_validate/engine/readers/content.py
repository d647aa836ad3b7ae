"""What the first bytes of a file give away: data that its name does not announce."""

from __future__ import annotations

_MAGIC: tuple[tuple[bytes, str, str], ...] = (
    (b"PAR1", "a Parquet file", "name it .parquet"),
    (b"PARE", "an encrypted Parquet file", "decrypt it first"),
    (b"ARROW1", "an Arrow file", "name it .arrow"),
    (b"\x1f\x8b", "gzip data", "name it .csv.gz"),
    (b"\x28\xb5\x2f\xfd", "zstd data", "name it .csv.zst"),
    (b"PK\x03\x04", "an Excel workbook or a zip archive", "save the sheet as CSV or unpack the archive"),
    (b"\xd0\xcf\x11\xe0", "an Excel workbook", "save the sheet as CSV"),
    (b"%PDF", "a PDF document", "export the table as CSV"),
    (b"SQLite format 3", "a SQLite database", "export the table as CSV or Parquet"),
    (b"ORC", "an ORC file", "convert it to Parquet"),
    (b"Obj\x01", "an Avro file", "convert it to Parquet"),
    (b"BZh", "bzip2 data", "unpack it, or pack it with gzip or zstd"),
    (b"\xfd7zXZ", "xz data", "unpack it, or pack it with gzip or zstd"),
    (b"\xff\xfe", "UTF-16 text", "say --encoding utf-16, or save it as UTF-8"),
    (b"\xfe\xff", "UTF-16 text", "say --encoding utf-16, or save it as UTF-8"),
    (b"version https://git-lfs", "a Git LFS pointer, not the data", "run `git lfs pull`"),
)


def disguise(head: bytes) -> tuple[str, str] | None:
    """What ``head`` is instead of delimited text, and the remedy; None if nothing speaks against text."""
    for magic, what, remedy in _MAGIC:
        if head.startswith(magic):
            return what, remedy
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    lower = text[:64].lower()
    if lower.startswith((b"<!doctype html", b"<html", b"<head", b"<body")):
        return "an HTML page", "the download may have ended on a login or error page: fetch the data again"
    if lower.startswith((b"<?xml", b"<error")):
        return "an XML document", "the download may have ended on an error message: fetch the data again"
    if text.startswith(b"{"):
        return "JSON", "name it .jsonl if each line is an object, else write it so (jq -c . does it)"
    if text.startswith(b"["):
        return "JSON", "write it as JSON Lines, one object a line (jq -c '.[]' does it)"
    if head[1:2] == b"\0" or head[:1] == b"\0":
        return "UTF-16 text or binary data", "say --encoding utf-16-le or utf-16-be, or save it as UTF-8"
    return None
