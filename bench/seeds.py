"""Speed and memory of the whole way, from text files to the graph's files.

    python bench/seeds.py [INPUT ...]        default: seeds/

Prints JSON: seconds for each stage, documents and words a second, the peak of resident memory.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from pathlib import Path

from kg.api import extract, write
from kg.documents import Problems, read


def main(inputs: list[str]) -> None:
    documents = list(read(inputs, Problems()))
    words = sum(len(d.text.split()) for d in documents)
    started = time.perf_counter()
    next(extract(documents[:1]))  # loads the models
    loaded = time.perf_counter()
    extractions = list(extract(documents))
    extracted = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        write(extractions, Path(folder))
    written = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "linux" else 1024**2)
    seconds = extracted - loaded
    figures = {
        "documents": len(documents),
        "words": words,
        "load and first document, s": round(loaded - started, 2),
        "extract, s": round(seconds, 2),
        "write, s": round(written - extracted, 2),
        "documents/s": round(len(documents) / seconds, 2),
        "words/s": round(words / seconds),
        "peak memory, MiB": round(peak),
    }
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main(sys.argv[1:] or ["seeds"])
