"""kg.accuracy: the figures of the models alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import accuracy
from kg.errors import KgError
from kg.model import Sentence, Word

TREE = """# newdoc id = d
# sent_id = 1
# text = وقال إنه وصل.
1-2	وقال	_	_	_	_	_	_	_	_
1	و	و	CCONJ	_	_	2	cc	_	_
2	قال	قَالَ	VERB	_	_	0	root	_	_
3-4	إنه	_	_	_	_	_	_	_	_
3	إن	إن	SCONJ	_	_	5	mark	_	_
4	ه	هو	PRON	_	_	5	nsubj	_	_
5	وصل	وصل	VERB	_	_	2	ccomp	_	SpaceAfter=No
6	.	.	PUNCT	_	_	2	punct	_	_

# sent_id = 2
# text = عاد أمس.
1	عاد	عاد	VERB	_	_	0	root	_	_
2	أمس	أمس	ADV	_	_	1	advmod:tmod	_	SpaceAfter=No
3	.	.	PUNCT	_	_	1	punct	_	_

"""


def test_figures_of_spans_by_hand() -> None:
    gold = {(0, 4, "STATE"), (5, 9, "PERSON"), (12, 15, "PERSON")}
    found = {(0, 4, "STATE"), (5, 8, "PERSON"), (12, 15, "PERSON"), (20, 22, "WEAPON")}
    figures = accuracy.compare([(gold, found), (set(), set())])
    assert figures == pytest.approx({"p": 2 / 4, "r": 2 / 3, "f1": 4 / 7, "f1.PERSON": 0.5, "f1.STATE": 1.0})
    assert accuracy.compare([(set(), set())]) == {"p": 0.0, "r": 0.0, "f1": 0.0}


@pytest.mark.parametrize(
    ("labels", "found"),
    [
        ("B-PER I-PER O", {(0, 2, "PER")}),
        ("I-PER I-PER B-PER", {(0, 2, "PER"), (2, 3, "PER")}),
        ("B-PER I-LOC", {(0, 1, "PER"), (1, 2, "LOC")}),
        ("O O", set()),
        ("O B-LOC", {(1, 2, "LOC")}),
    ],
)
def test_spans_of_labels(labels: str, found: set[tuple[int, int, str]]) -> None:
    assert accuracy.bio_spans(labels.split()) == found


@given(st.lists(st.tuples(st.sampled_from(["PER", "LOC", ""]), st.integers(1, 3))))
def test_spans_come_back_from_their_labels(pieces: list[tuple[str, int]]) -> None:
    labels: list[str] = []
    spans = set()
    for type, length in pieces:
        if type:
            spans.add((len(labels), len(labels) + length, type))
        labels += [f"B-{type}", *[f"I-{type}"] * (length - 1)] if type else ["O"] * length
    assert accuracy.bio_spans(labels) == spans


def test_a_treebank_is_read(tmp_path: Path) -> None:
    path = tmp_path / "t.conllu"
    path.write_text(TREE, encoding="utf-8")
    trees = accuracy.read_treebank(path)
    assert [len(t.words) for t in trees] == [6, 3]
    assert accuracy.paragraphs(trees) == ["وقال إنه وصل. عاد أمس."]


def test_every_sentence_is_a_paragraph_where_the_treebank_says_so(tmp_path: Path) -> None:
    path = tmp_path / "t.conllu"
    path.write_text(TREE.replace("# sent_id = 2", "# newpar\n# sent_id = 2"), encoding="utf-8")
    assert accuracy.paragraphs(accuracy.read_treebank(path)) == ["وقال إنه وصل.", "عاد أمس."]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("t.conllu", TREE.replace("# text = عاد أمس.\n", ""), "has no '# text' line"),
        ("t.conllu", TREE.replace("\troot\t_\t_\n", "\troot\n", 1), "has 8 columns"),
        ("t.conllu", "# nothing\n", "has no sentences"),
        ("t.bio", "قال O\nبوتين B-PER\nموسكو\n", "t.bio:3: is not a token and its label"),
        ("t.bio", "\n\n", "has no tokens"),
        ("t.bio", "قال\tVERB\n", "t.bio:1: is not a token and its label"),
    ],
)
def test_bad_files_are_named_with_their_line(tmp_path: Path, name: str, content: str, message: str) -> None:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    with pytest.raises(KgError, match=message):
        accuracy.scorer(path, accuracy.kind(path))


def test_the_kind_of_a_file(tmp_path: Path) -> None:
    spans = {"id": "1", "text": "عاد بوتين", "spans": [[4, 9, "PERSON"]]}
    document = {"id": "1", "text": "عاد بوتين", "entities": []}
    for name, row, kind in (("a.jsonl", spans, "spans"), ("b.jsonl", document, "documents")):
        (tmp_path / name).write_text(json.dumps(row), encoding="utf-8")
        assert accuracy.kind(tmp_path / name) == kind
    assert accuracy.kind(Path("x.conllu")) == "treebank"
    assert accuracy.kind(Path("x.bio")) == "tagged"


def test_words_are_written_in_the_characters_of_the_text() -> None:
    text = "قالَ لـه"
    words = (
        Word(0, "قال", "قال", "VERB", {"Aspect": "Perf"}, -1, "root", 0, 4, 0),
        Word(1, "ل", "ل", "ADP", {}, 2, "case", 5, 7, 1),
        Word(2, "ه", "هو", "PRON", {}, 0, "obl", 7, 8, 1),
    )
    rows = [line.split("\t") for line in accuracy.conllu([Sentence(0, 0, 8, words)], text).splitlines() if line]
    assert [(r[0], r[1]) for r in rows] == [("1", "قالَ"), ("2-3", "لـه"), ("2", "لـ"), ("3", "ه")]
    assert [r[6] for r in rows] == ["0", "_", "3", "1"]


def test_characters_outside_of_words_are_kept() -> None:
    text = "ـ قال 🙂 ـ"
    words = (Word(0, "قال", "قال", "VERB", {}, -1, "root", 2, 5, 0),)
    (row,) = [line.split("\t") for line in accuracy.conllu([Sentence(0, 2, 5, words)], text).splitlines() if line]
    assert row[1] == "".join(text.split())
    assert accuracy.conllu([], "NATO 5").split("\t")[:2] == ["1", "NATO5"]
    assert accuracy.conllu([], " ") == ""


def test_only_line_feeds_end_lines(tmp_path: Path) -> None:
    path = tmp_path / "t.conllu"
    path.write_text(TREE.replace("وقال إنه", "وقال\u2028إنه"), encoding="utf-8")
    assert len(accuracy.read_treebank(path)) == 2
    path.write_text(TREE.replace("\n", "\r\n"), encoding="utf-8", newline="")
    assert accuracy.paragraphs(accuracy.read_treebank(path)) == ["وقال إنه وصل. عاد أمس."]


def test_a_token_with_a_blank_needs_a_tab(tmp_path: Path) -> None:
    path = tmp_path / "t.bio"
    path.write_text("10 000\tO\n\n", encoding="utf-8")
    assert accuracy.read_tagged(path) == [[("10 000", "O")]]
