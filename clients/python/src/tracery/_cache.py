"""Answers of earlier starts as files, which the libraries of all languages share."""

from __future__ import annotations

import hashlib
import logging
import os
import stat
import time
from pathlib import Path
from typing import NamedTuple

from google.protobuf.message import DecodeError

from .v1.negotiation_service_pb2 import NegotiateResponse

_LOGGER = logging.getLogger("tracery")
# A file: this, the milliseconds since 1970 in 8 bytes, the SHA-256 of these 8 and the answer, the answer.
_MAGIC = b"tracery-answer 1\n"
_TIME_END = len(_MAGIC) + 8
_HEAD_END = _TIME_END + 32
_ABANDONED_SECONDS = 3600


class Kept(NamedTuple):
    """An answer, and when the registry gave it, in milliseconds since 1970."""

    millis: int
    answer: NegotiateResponse


def default_folder() -> Path | None:
    """The user's; None where there is no home."""
    # The XDG base directory specification has relative paths ignored.
    home = os.environ.get("XDG_CACHE_HOME", "")
    if not os.path.isabs(home):  # noqa: PTH117
        user = os.path.expanduser("~")  # noqa: PTH111 Path.home() raises where there is none.
        if not os.path.isabs(user):  # noqa: PTH117
            return None
        home = os.path.join(user, ".cache")  # noqa: PTH118
    return Path(home, "tracery", "negotiations")


class AnswerCache:
    """A folder of answers. Any number of processes may use it: a file is whole or not there.

    What goes wrong with it costs the answer and nothing else.
    """

    def __init__(self, folder: Path, max_bytes: int) -> None:
        self.folder = folder
        self._max_bytes = max_bytes

    def get(self, key: str) -> Kept | None:
        """The answer to a question. A damaged file is removed."""
        file = self.folder / f"{key}.answer"
        try:
            if not self.folder.exists():
                return None
            self._check_owner()
            content = self._read(file)
            kept = _parse(content)
            if kept is None:
                _LOGGER.warning("%s is damaged and was removed", file)
                file.unlink(missing_ok=True)
                return None
        except FileNotFoundError:
            return None
        except OSError as error:
            _LOGGER.warning("cannot read %s: %s", file, error)
            return None
        try:
            os.utime(file)
        except OSError as error:
            _LOGGER.debug("cannot note that %s was used: %s", file, error)
        return kept

    def put(self, key: str, millis: int, answer: NegotiateResponse) -> None:
        """Keeps an answer, and drops what was not used for longest where there is too much."""
        content = _format(millis, answer)
        if len(content) > self._max_bytes:
            return
        try:
            self.folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self.folder.mkdir(exist_ok=True, mode=0o700)
            self._check_owner()
            part = self.folder / f"{key}-{os.urandom(8).hex()}.part"
            try:
                descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
                with open(descriptor, "wb") as stream:
                    stream.write(content)
                part.replace(self.folder / f"{key}.answer")
            finally:
                part.unlink(missing_ok=True)
            self._trim()
        except OSError as error:
            _LOGGER.warning(
                "cannot keep the registry's answer in %s, and without it the tool does not start while the registry"
                " cannot be reached: %s",
                self.folder,
                error,
            )

    def _read(self, file: Path) -> bytes:
        # Why O_NONBLOCK: a pipe of that name would keep the tool waiting.
        descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with open(descriptor, "rb") as stream:
            return stream.read(self._max_bytes + 1)

    def _check_owner(self) -> None:
        """Refuses a folder into which others write: they would tell the tool how to read the kernel."""
        status = self.folder.lstat()
        if not stat.S_ISDIR(status.st_mode):
            raise NotADirectoryError(f"{self.folder} is no folder")
        if status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
            raise PermissionError(f"{self.folder} can be written to by others; chmod 700 it")
        if status.st_uid != os.geteuid():
            raise PermissionError(f"{self.folder} belongs to user {status.st_uid}; use a folder of your own")

    def _trim(self) -> None:
        files = []
        with os.scandir(self.folder) as entries:
            for entry in entries:
                if entry.name.endswith((".answer", ".part")):
                    try:
                        status = entry.stat(follow_symlinks=False)
                    except FileNotFoundError:
                        continue  # Another process has removed it.
                    files.append((status.st_mtime, status.st_size, entry.path))
        total = sum(size for _, size, _ in files)
        for used, size, path in sorted(files):
            is_abandoned = path.endswith(".part") and used < time.time() - _ABANDONED_SECONDS
            if is_abandoned or (total > self._max_bytes and not path.endswith(".part")):
                Path(path).unlink(missing_ok=True)
                total -= size


def _format(millis: int, answer: NegotiateResponse) -> bytes:
    time_bytes = millis.to_bytes(8, "big", signed=True)
    data = answer.SerializeToString()
    return _MAGIC + time_bytes + hashlib.sha256(time_bytes + data).digest() + data


def _parse(content: bytes) -> Kept | None:
    time_bytes, digest, data = (
        content[len(_MAGIC) : _TIME_END],
        content[_TIME_END:_HEAD_END],
        content[_HEAD_END:],
    )
    if (
        not content.startswith(_MAGIC)
        or len(content) < _HEAD_END
        or hashlib.sha256(time_bytes + data).digest() != digest
    ):
        return None
    try:
        return Kept(int.from_bytes(time_bytes, "big", signed=True), NegotiateResponse.FromString(data))
    except DecodeError:
        return None
