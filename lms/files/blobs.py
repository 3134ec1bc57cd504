"""Bytes in a local folder, named by what they are: DATA_DIR/blobs/ab/cdef...

A blob is written beside its place, flushed to the disk and renamed, so it is there whole or not
at all. It is never changed; the same bytes stored twice are kept once.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from pathlib import Path

from flask import current_app

SHA256 = re.compile(r"[0-9a-f]{64}")


class BlobMissingError(LookupError):
    """The database knows of bytes that the folder does not have."""


class BlobDamagedError(Exception):
    """The bytes in the folder are not the bytes that were stored."""


def folder() -> Path:
    """The folder of all blobs; made when the first one is written."""
    return Path(current_app.config["DATA_DIR"]) / "blobs"


def write(data: bytes) -> str:
    """Keep these bytes; returns their SHA-256 in hexadecimal. Raises `OSError` when it cannot."""
    sha256 = hashlib.sha256(data).hexdigest()
    path = _path(sha256)
    if path.exists() and hashlib.sha256(path.read_bytes()).hexdigest() == sha256:
        return sha256
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    # The names must reach the disk as well, or a power cut takes the file from under its row.
    for parent in (path.parent, path.parent.parent):
        _flush_folder(parent)
    return sha256


def read(sha256: str) -> bytes:
    """The bytes stored under this SHA-256.

    Raises `BlobMissingError` when they are not there, `BlobDamagedError` when they are others.
    """
    try:
        data = _path(sha256).read_bytes()
    except FileNotFoundError as error:
        raise BlobMissingError(f"no blob {sha256}") from error
    if hashlib.sha256(data).hexdigest() != sha256:
        raise BlobDamagedError(f"blob {sha256} was changed on the disk")
    return data


def _path(sha256: str) -> Path:
    if not SHA256.fullmatch(sha256):
        raise BlobMissingError("that is no SHA-256")
    return folder() / sha256[:2] / sha256[2:]


def _flush_folder(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
