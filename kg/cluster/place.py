"""Files in a folder of this machine or wherever fsspec can write: each is there whole or not at all."""

from __future__ import annotations

import gzip
import os
import platform
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kg.errors import KgError
from kg.files import replacing
from kg.language import _

#: What is put into a bucket appears whole, and has no folders. Elsewhere it is written beside, and renamed.
_BUCKETS = {"s3", "s3a", "gs", "gcs", "abfs", "abfss", "az", "adl", "oci", "oss", "memory"}


class Place:
    """A folder with files, named by paths in it. What ends in .gz is compressed."""

    def __init__(self, url: str) -> None:
        """KgError if it is of a kind that cannot be read."""
        self.url = url
        with self._guarded(url):
            from fsspec.core import url_to_fs

            self._fs: Any
            self._fs, self._root = url_to_fs(url)
        protocols = {self._fs.protocol} if isinstance(self._fs.protocol, str) else set(self._fs.protocol)
        self._local, self._bucket = "file" in protocols, bool(protocols & _BUCKETS)

    def names(self, folder: str) -> set[str]:
        """The names of all files below a folder in it."""
        with self._guarded(folder):
            self._fs.invalidate_cache()  # other machines write too
            return {str(path).rpartition("/")[2] for path in self._fs.find(f"{self._root}/{folder}")}

    def read(self, path: str) -> bytes | None:
        """What a file holds; None if there is none."""
        with self._guarded(path):
            try:
                data = bytes(self._fs.cat_file(f"{self._root}/{path}"))
            except FileNotFoundError:
                return None
            return gzip.decompress(data) if path.endswith(".gz") else data

    def write(self, path: str, data: bytes) -> None:
        """Make or replace a file."""
        if self._local:
            file = Path(self._root, path)
            with self._guarded(path):
                file.parent.mkdir(parents=True, exist_ok=True)
            with replacing(file) as out:
                out.write(data)
            return
        data = gzip.compress(data, 6, mtime=0) if path.endswith(".gz") else data
        target = f"{self._root}/{path}"
        with self._guarded(path):
            if self._bucket:
                self._fs.pipe_file(target, data)
                return
            beside = f"{target}.{machine()}-{os.getpid()}"
            self._fs.makedirs(target.rpartition("/")[0], exist_ok=True)
            self._fs.pipe_file(beside, data)
            self._fs.mv(beside, target)

    def remove(self, path: str) -> None:
        """Remove a file, if it is there."""
        with self._guarded(path):
            if self._fs.exists(f"{self._root}/{path}"):
                self._fs.rm_file(f"{self._root}/{path}")

    @contextmanager
    def _guarded(self, path: str) -> Iterator[None]:
        try:
            yield
        except KgError:
            raise
        except ImportError as e:
            raise KgError(_("cannot use {url}: {why}").format(url=self.url, why=" ".join(str(e).split()))) from e
        except (EOFError, gzip.BadGzipFile, zlib.error) as e:
            raise KgError(_("{path} in {url} is damaged ({why}): delete it").format(path=path, url=self.url, why=e)) from e
        except Exception as e:  # every kind of place has its own
            why = getattr(e, "strerror", None) or " ".join(str(e).split()) or type(e).__name__
            raise KgError(_("cannot use {path} in {url}: {why}").format(path=path, url=self.url, why=why)) from e


def machine() -> str:
    """The name of this machine."""
    return platform.node() or "localhost"
