"""`kg bench pipeline`: five runs of the real models over the same documents, and figures that fit together. None is held to a speed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .conftest import kg

pytestmark = pytest.mark.slow

TEXTS = ("أرسلت كوريا الشمالية 3000 جندي إلى روسيا.", "التقى الرئيس الروسي فلاديمير بوتين نظيره الصيني في بكين يوم الأحد.\nولم يدل بتصريح.")
PROCESSORS = ("tokenize", "mwt", "pos", "lemma", "depparse", "ner")


def test_every_variant_reads_the_same_words_and_has_its_figures(models: Path, tmp_path: Path) -> None:
    for name, text in zip(("a.txt", "b.txt"), TEXTS, strict=True):
        (tmp_path / name).write_text(text, encoding="utf-8")
    done = kg("bench", "pipeline", str(tmp_path), "--threads", "1", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    assert found.pop("models")
    words = sum(len(t.split()) for t in TEXTS)
    assert (found["documents"], found["words"], found["threads"]) == (2, words, 1)
    for variant in ("naive", "pipeline", "frames", "extract", "workers"):
        assert found[f"{variant}_words"] == words
        assert {f"{variant}_{figure}" for figure in ("seconds", "cpu_seconds", "words_per_second", "load_seconds", "peak_mb")} <= found.keys()
    for variant in ("naive", "pipeline"):
        for part in (*PROCESSORS, "other"):
            assert {f"{variant}_{part}_{figure}" for figure in ("seconds", "words_per_second", "share")} <= found.keys()
        assert sum(found[f"{variant}_{part}_share"] for part in (*PROCESSORS, "other")) == pytest.approx(1, abs=0.01)
    assert {"pipeline_to_naive", "frames_to_naive", "extract_to_naive", "workers_to_extract"} <= found.keys()
    assert all(value > 0 for value in found.values())


def test_everything_is_measured_beside_what_it_compares_with(models: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(" ".join([*TEXTS] * 40), encoding="utf-8")  # long enough for every stage to be seen at work
    parts = [word for part in ("start", "shares", "memory") for word in ("--part", part)]
    done = kg("bench", "all", str(tmp_path / "a.txt"), *parts, "--documents", "2", "--documents", "4", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    assert 0 < found["start"]["help_to_stanza"] < found["start"]["first_document_to_stanza"]
    shares = found["shares"]
    assert shares["words"] == found["words"]
    assert set(PROCESSORS) - {"mwt"} <= set(shares["stages"]) and {"entities", "events"} <= set(shares["stages"])
    assert sum(stage["share"] for stage in shares["stages"].values()) == pytest.approx(1, abs=0.01)
    assert 0 < shares["relation_layer"] < 1 and 0 < shares["inside_stanza_and_torch"] < 1
    assert [r["documents"] for r in found["memory"]["runs"]] == [2, 4]
    # What a word costs is a difference of two times, which so few words may make less than nothing.
    assert all(r[name] > 0 for r in found["memory"]["runs"] for name in ("words", "seconds", "cpu_seconds", "parent_mb", "all_mb", "memory_to_first"))
