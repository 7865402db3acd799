"""`kg evaluate` on spans, labels and a treebank, through the command with the real models."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .conftest import SHARED, kg

pytestmark = pytest.mark.slow

TREEBANK = """# sent_id = 1
# text = وصل بوتين إلى بكين، ورافقه وزيره.
1	وصل	وَصَل	VERB	_	_	0	root	_	_
2	بوتين	بُوتِين	PROPN	_	_	1	nsubj	_	_
3	إلى	إِلَى	ADP	_	_	4	case	_	_
4	بكين	بكين	PROPN	_	_	1	obl:arg	_	SpaceAfter=No
5	،	،	PUNCT	_	_	7	punct	_	_
6	و	وَ	CCONJ	_	_	7	cc	_	SpaceAfter=No
7	رافق	رَافَق	VERB	_	_	1	conj	_	SpaceAfter=No
8	ه	هُوَ	PRON	_	_	7	obj	_	_
9	وزير	وَزِير	NOUN	_	_	7	nsubj	_	SpaceAfter=No
10	ه	هُوَ	PRON	_	_	9	nmod	_	SpaceAfter=No
11	.	.	PUNCT	_	_	1	punct	_	_

"""


def figures(path: Path, *options: str) -> dict[str, float]:
    done = kg("evaluate", str(path), "--json", *options)
    assert done.returncode == 0, done.stderr
    flat: dict[str, float] = json.loads(done.stdout)
    assert all(isinstance(value, int | float) for value in flat.values())
    return flat


def test_spans_with_marks_and_clitics(models: Path, tmp_path: Path) -> None:
    text = "أرسلت كوريا الشماليّة صواريخ لروسيـا."
    gold = [[text.index("كوريا"), text.index(" صواريخ"), "STATE"], [text.index("صواريخ"), text.index(" لر"), "WEAPON"]]
    gold.append([text.index("روسيـا"), len(text) - 1, "STATE"])
    path = tmp_path / "spans.jsonl"
    path.write_text(json.dumps({"text": text, "spans": gold, "id": "1"}) + "\n", encoding="utf-8")
    assert figures(path) == {"p": 1.0, "r": 1.0, "f1": 1.0, "f1.STATE": 1.0, "f1.WEAPON": 1.0}
    assert figures(path, "--tagger-only").keys() >= {"p", "r", "f1", "f1.STATE", "f1.WEAPON"}


def test_labels_keep_the_given_tokens(models: Path, tmp_path: Path) -> None:
    path = tmp_path / "names.bio"
    rows = ["التقى O", "الرئيس O", "فلاديمير B-PER", "بوتين I-PER", "في O", "لموسكو B-LOC", ". O"]
    path.write_text("\n".join(rows) + "\n\n" + "قال O\nأوباما B-PER\n", encoding="utf-8")
    found = figures(path)
    assert found["f1.PER"] == 1.0 and found["f1.LOC"] == 1.0


def test_a_treebank_in_puds_manner(models: Path, tmp_path: Path) -> None:
    path = tmp_path / "t.conllu"
    path.write_text(TREEBANK, encoding="utf-8")
    found = figures(path)
    assert found.keys() >= {"Tokens", "Sentences", "Words", "UPOS", "Lemmas", "UAS", "LAS", "UAS.gold", "LAS.gold"}
    assert found["Sentences"] == 100.0
    assert min(found[name] for name in ("Words", "UPOS", "Lemmas")) > 75 and found["UAS.gold"] > 60


def test_a_table_for_people(models: Path, tmp_path: Path) -> None:
    path = tmp_path / "names.bio"
    path.write_text("قال O\nبوتين B-PER\n", encoding="utf-8")
    done = kg("evaluate", str(path))
    assert done.returncode == 0, done.stderr
    assert [line.split()[0] for line in done.stdout.splitlines()] == ["p", "r", "f1", "f1.PER"]


def test_predictions_are_for_documents(tmp_path: Path) -> None:
    path = tmp_path / "names.bio"
    path.write_text("قال O\n", encoding="utf-8")
    done = kg("evaluate", str(path), "--predicted", str(path))
    assert done.returncode != 0 and "--predicted" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("file", "floors"),
    [
        ("fine.dev.jsonl", {"f1": 0.86, "f1.WEAPON": 0.83, "f1.FORCE": 0.82, "f1.PERSON": 0.89, "f1.STATE": 0.93}),
        ("aqmar.dev.bio", {"f1": 0.66}),
    ],
)
def test_figures_do_not_fall(models: Path, file: str, floors: dict[str, float]) -> None:
    path = SHARED / "data" / "ner" / file
    if not path.is_file():
        pytest.skip("the annotated data do not travel with kg")
    found = figures(path)
    assert {name: found[name] for name, floor in floors.items() if found[name] < floor} == {}
