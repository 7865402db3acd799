"""Fuzz the targets with atheris (libFuzzer), which looks for inputs that reach new code: `make fuzz`, or

    python -m tests.fuzz [--seconds N] [TARGET...]

Each target has its share of the time, in a process of its own. Inputs that reach new code are kept in build/fuzz/TARGET, what was found in
build/fuzz/TARGET/found-*; a finding becomes a test in tests/test_fuzz.py. Exit status 1 if there is one.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEXT = "أرسلت كوريا الشمالية 3000 جندي إلى روسيا يوم الخميس 27 آذار 2025.\n\nوقال: «لا».. د.محمد https://a.b/c_d #وسم"


def seeds(name: str) -> list[bytes]:
    """Inputs to begin with."""
    if name in ("rdf", "turtle"):
        head = "@prefix kgo: <https://example.org/kg/ontology#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> . "
        return [
            (head + '<http://a> a skos:Concept, kgo:Weapon ; skos:prefLabel "كوكسان"@ar, "Koksan"@en .').encode(),
            (head + '<http://f> a kgo:Frame ; kgo:eventType kgo:Send ; kgo:verb "أرسل" .').encode(),
            (head + "<https://example.org/kg/Q1> kgo:same <https://example.org/kg/Q2> ; kgo:different [] .").encode(),
            b"<http://a> <http://b> <<( <http://c> <http://d> \"e\"@ar )>> <http://g> .", b'{"@id": "http://a", "http://b": [{"@value": "x"}]}',
            b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="http://a"/></rdf:RDF>',
        ]  # fmt: skip
    if name == "extraction":
        return (ROOT / "tests/data/extractions.jsonl").read_bytes().splitlines()
    line = json.dumps({"id": "x", "text": TEXT, "title": "ع", "published": "2025-03-27", "source": "و"}, ensure_ascii=False)
    page = f'<html><head><title>ع</title><meta property="article:published_time" content="2025-03-27"></head><article><p>{TEXT}</p></article></html>'
    texts = [TEXT, line, f"{line}\n{line}", f"[{line}]", page]
    return [*(t.encode() for t in texts), *(t.encode("utf-16") for t in texts), TEXT.replace("«", "").replace("»", "").encode("cp1256")]


def fuzz(name: str, seconds: int) -> None:
    """Fuzz one target in this process, which ends with it."""
    import atheris

    with atheris.instrument_imports(include=["kg"]):
        from tests.fuzz.targets import TARGETS
    corpus = ROOT / "build" / "fuzz" / (name.replace(".", "-") or "all")
    corpus.mkdir(parents=True, exist_ok=True)
    for n, seed in enumerate(seeds(name)):
        (corpus / f"seed-{n}").write_bytes(seed)
    options = [
        f"-max_total_time={seconds}",
        "-max_len=20000",
        "-timeout=20",
        "-rss_limit_mb=3000",
        f"-artifact_prefix={corpus}/found-",
        "-print_final_stats=1",
    ]
    atheris.Setup([sys.argv[0], *options, str(corpus)], TARGETS[name])
    atheris.Fuzz()


def main() -> int:
    if sys.argv[1:2] == ["--only"]:
        # Before anything of kg is imported: only what is imported afterwards tells atheris what an input reaches.
        fuzz(sys.argv[2], int(sys.argv[3]))
    from tests.fuzz.targets import TARGETS

    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=", ".join(TARGETS))
    parser.add_argument("--seconds", type=int, default=300, help="for all targets together (default: 300)")
    args = parser.parse_args()
    names = args.targets or list(TARGETS)
    share = max(1, args.seconds // len(names))
    found = []
    for name in names:
        done = subprocess.run([sys.executable, "-m", "tests.fuzz", "--only", name, str(share)], cwd=ROOT, capture_output=True, text=True)
        runs = [line.split()[-1] for line in done.stderr.splitlines() if "number_of_executed_units" in line]
        print(f"{name:<14}{runs[0] if runs else '?':>9} inputs  {'ok' if done.returncode == 0 else 'FOUND SOMETHING'}", flush=True)
        if done.returncode:
            found.append(name)
            print(done.stdout[-3000:], done.stderr[-3000:], sep="\n", flush=True)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
