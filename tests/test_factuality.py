"""kg.factuality: polarity, modality and source of an attack."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import KgError
from kg.factuality import Cues
from tests.small import read, sentence

BEHIND = [("روسيا", "PROPN", "nsubj"), ("أوكرانيا", "PROPN", "obj")]


def attack(ahead: str, verb: str) -> tuple[str, str, list[tuple[int, int, str]]]:
    """«AHEAD VERB روسيا أوكرانيا», with `ahead` as "word/TAG …"; text, rows and names."""
    words = [tuple(w.split("/")) for w in ahead.split()]
    at = len(words) + 1
    rows = [f"{w} {w} {t} {at} dep" for w, t in words] + [f"{verb} هاجم VERB 0 root"] + [f"{w} {w} {t} {at} {d}" for w, t, d in BEHIND]
    named = [(i, i + 1, "STATE") for i, row in enumerate(rows) if row.split()[2] == "PROPN"]
    return " ".join(row.split()[0] for row in rows), "\n".join(rows), named


@pytest.mark.parametrize(
    ("ahead", "verb", "polarity", "modality"),
    [
        ("", "هاجمت", "positive", "asserted"),
        ("لم/PART", "تهاجم", "negative", "asserted"),
        ("لن/PART", "تهاجم", "negative", "asserted"),
        ("سوف/PART", "تهاجم", "positive", "planned"),
        ("قد/PART", "تهاجم", "positive", "possible"),
        ("قد/PART", "هاجمت", "positive", "asserted"),
        ("ربما/ADV", "هاجمت", "positive", "possible"),
        ("إذا/SCONJ", "هاجمت", "positive", "conditional"),
        ("من/ADP المقرر/ADJ أن/SCONJ", "تهاجم", "positive", "planned"),
    ],
)
def test_polarity_and_modality(tmp_path: Path, ahead: str, verb: str, polarity: str, modality: str) -> None:
    text, rows, ner = attack(ahead, verb)
    (event,) = read(tmp_path, text, sentence(text, rows, ner)).events
    assert (event.type, event.polarity, event.modality) == ("ATTACK", polarity, modality)


@pytest.mark.parametrize(
    ("rows", "source"),
    [
        ("قالت قال VERB 0 root\nإيران إيران PROPN 1 nsubj\nإن إن PART 5 mark\nروسيا روسيا PROPN 5 nsubj\n"
         "هاجمت هاجم VERB 1 ccomp\nأوكرانيا أوكرانيا PROPN 5 obj", ["Iran"]),
        ("هاجمت هاجم VERB 0 root\nروسيا روسيا PROPN 1 nsubj\nأوكرانيا أوكرانيا PROPN 1 obj\nبحسب بحسب ADP 5 case\nإيران إيران PROPN 1 obl", ["Iran"]),
        ("هاجمت هاجم VERB 0 root\nروسيا روسيا PROPN 1 nsubj\nأوكرانيا أوكرانيا PROPN 1 obj", []),
    ],
)  # fmt: skip
def test_source(tmp_path: Path, rows: str, source: list[str]) -> None:
    words = [row.split() for row in rows.splitlines()]
    text = " ".join(w[0] for w in words)
    x = read(tmp_path, text, sentence(text, rows, [(i, i + 1, "STATE") for i, w in enumerate(words) if w[2] == "PROPN"]))
    (event,) = x.events
    assert [x.entity(i).name for i in event.source] == source
    assert [x.entity(i).name for i in event.roles["agent"]] == ["Russia"]


def test_cues_that_are_not_turtle(tmp_path: Path) -> None:
    (tmp_path / "cues.ttl").write_text("this is no Turtle", encoding="utf-8")
    with pytest.raises(KgError, match=r"cues\.ttl is not Turtle"):
        Cues.load(tmp_path / "cues.ttl")
