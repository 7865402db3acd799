"""kg.training: treebank conversion and NER data; nothing is trained."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from kg.training import ner_data
from kg.training.vectors import Splitter

V1 = """# sent_id s1
# orig_file_sentence X#1
1	وَ	وَ	CONJ	C---------	_	0	root	_	_
2	قَالَت	قَال	VERB	VP-A-3FS--	_	1	parataxis	_	_
3	رَئِيسَةُ	رَئِيسَة	NOUN	N------S1R	Case=Nom	2	nsubj	_	_
4	هَا	هُوَ	PRON	SP---3FS2-	Case=Gen	3	nmod	_	_
5	لِ	لِ	ADP	P---------	_	6	case	_	_
6	اَلصَّحِيفَةِ	صَحِيفَة	NOUN	N------S2D	Case=Gen	2	dobj	_	_
7	.	.	PUNCT	G---------	_	1	punct	_	_

"""


def test_padt_becomes_ud_v2_with_surface_tokens(tmp_path: Path) -> None:
    treebank = pytest.importorskip("kg.training.treebank")
    pytest.importorskip("udapi", reason="udapi comes with the extra [train]")
    (tmp_path / "in.conllu").write_text(V1, encoding="utf-8")
    (tree,) = treebank.read(tmp_path / "in.conllu")
    treebank.convert(tree, random.Random(1))
    assert tree.text.split() == ["وقالت", "رئيستها", "للصحيفة."]
    assert [t.form for t in tree.multiword_tokens] == ["وقالت", "رئيستها", "للصحيفة"]
    assert all("".join(w.form for w in t.words) == t.form for t in tree.multiword_tokens)
    words = {w.form: w for w in tree.descendants}
    assert words["قالت"].parent.is_root()
    assert (words["و"].parent, words["و"].deprel, words["و"].upos) == (words["قالت"], "cc", "CCONJ")
    assert words["لصحيفة"].deprel == "obl"
    assert words["قالت"].lemma == "قال"


def test_a_token_takes_the_label_of_the_span_in_it() -> None:
    text = "وصل لروسيا الرئيس. عاد إلى كوريا الشمالية"
    spans = [(text.index("روسيا"), text.index("روسيا") + 5, "STATE"), (text.index("كوريا"), len(text), "STATE")]
    first, second = ner_data.label(text, spans)
    assert first == [("وصل", "O"), ("لروسيا", "B-STATE"), ("الرئيس", "O"), (".", "O")]
    assert second == [("عاد", "O"), ("إلى", "O"), ("كوريا", "B-STATE"), ("الشمالية", "I-STATE")]


def test_misspelling_keeps_the_labels() -> None:
    rows = [("أوكرانيا", "B-STATE"), ("إلى", "O")]
    seen = {tuple(ner_data.misspell(rows, random.Random(seed))) for seed in range(20)}
    assert {tuple(tag for _, tag in s) for s in seen} == {("B-STATE", "O")}
    assert any(s[0][0] == "اوكرانيا" for s in seen)


@pytest.mark.parametrize(("word", "pieces"), [("وروسيا", ["و", "روسيا"]), ("واشنطن", ["واشنطن"]), ("ليبيا", ["ليبيا"]), ("للأمم", ["ل", "الأمم"])])
def test_clitics_are_split_where_the_rest_is_known(word: str, pieces: list[str]) -> None:
    from collections import Counter

    assert Splitter(Counter({"روسيا": 900, "وروسيا": 40, "واشنطن": 500, "ليبيا": 300, "الأمم": 400, "للأمم": 100})).split(word) == pieces
