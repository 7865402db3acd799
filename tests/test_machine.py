"""kg.machine: what is asked of the system."""

from __future__ import annotations

import subprocess
import sys

import pytest

from kg import machine

LEFT = """
import psutil
from kg.machine import release_memory
rss = lambda: psutil.Process().memory_info().rss
def holes():
    kept = [bytes(50_000) for _ in range(4000)]
    del kept[:-1]  # the last keeps the heap from shrinking by itself
    return kept
kept = holes()
before = rss()
release_memory()
print(before - rss())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="another C library")
def test_freed_memory_is_given_back() -> None:
    said = subprocess.run([sys.executable, "-c", LEFT], capture_output=True, text=True, check=True)
    assert int(said.stdout) > 50_000_000


def test_a_c_library_that_cannot_does_no_harm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ctypes.CDLL", lambda _: object())
    machine.release_memory()
