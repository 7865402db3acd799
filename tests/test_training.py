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


REPEATED = """# sent_id s1
# orig_file_sentence X#1
1	نُرِيدُ	أَرَاد	VERB	VIIA-1-P--	_	0	root	_	_
2	ولرفضنا	ولرفضنا	X	U---------	_	1	cc	_	_
3	ولرفضنا	ولرفضنا	X	U---------	_	4	case	_	_
4	ولرفضنا	ولرفضنا	X	U---------	_	1	nmod	_	_
5	ولرفضنا	ولرفضنا	X	U---------	_	4	nmod	_	_
6	كاسترو	كاسترو	X	U---------	_	4	nmod	_	_
7	المنفذة	المنفذة	X	U---------	_	6	nmod	_	_

"""


def test_a_token_that_padt_repeats_for_each_of_its_words_stands_once(tmp_path: Path) -> None:
    treebank = pytest.importorskip("kg.training.treebank")
    pytest.importorskip("udapi")
    (tmp_path / "in.conllu").write_text(REPEATED, encoding="utf-8")
    (tree,) = treebank.read(tmp_path / "in.conllu")
    treebank.convert(tree, random.Random(1))
    assert tree.text == "نريد ولرفضنا كاسترو المنفذة"
    assert [(n.form, n.upos) for n in tree.descendants] == [
        ("نريد", "VERB"), ("و", "CCONJ"), ("ل", "ADP"), ("رفض", "NOUN"), ("نا", "PRON"), ("كاسترو", "PROPN"), ("المنفذة", "ADJ"),
    ]  # fmt: skip
    assert tree.descendants[-1].deprel == "amod"


@pytest.mark.parametrize(
    ("token", "relations", "cut"),
    [
        ("ونحن", ["cc", "nsubj"], ["و", "نحن"]),
        ("علينا", ["case", "nmod"], ["علي", "نا"]),
        ("بيننا", ["case", "nmod"], ["بين", "نا"]),
        ("لكننا", ["cc", "nsubj"], ["لكن", "نا"]),
        ("لموسيقى", ["case", "nmod"], ["ل", "موسيقى"]),
        ("وسنضع", ["cc", "aux", "conj"], ["و", "س", "نضع"]),
        ("فب", ["nmod", "dep"], None),
    ],
)
def test_where_a_repeated_token_is_cut(token: str, relations: list[str], cut: list[str] | None) -> None:
    from kg.training import unanalysed

    assert unanalysed.pieces(token, relations) == cut


def test_marked_sentences_become_text_and_spans() -> None:
    a = ner_data.unmarked("أرسلت [STATE كوريا الشمالية] جنودا ل[STATE روسيا].")
    assert a.text == "أرسلت كوريا الشمالية جنودا لروسيا."
    assert [(a.text[s:e], t) for s, e, t in a.spans] == [("كوريا الشمالية", "STATE"), ("روسيا", "STATE")]


def test_kgs_own_sentences_are_well_marked() -> None:
    from kg.model import ENTITY_TYPES

    own = Path(ner_data.__file__).with_name("data")
    texts = [a for path in sorted(own.glob("ner_*.txt")) for a in ner_data.from_markup(path)]
    assert len(texts) > 900
    for a in texts:
        assert "[" not in a.text and "]" not in a.text, a.text
        assert {t for *_, t in a.spans} <= set(ENTITY_TYPES), a.text
        assert all(a.text[s:e] == a.text[s:e].strip() != "" for s, e, _ in a.spans), a.text


def test_other_names_keep_their_types_and_clitics() -> None:
    a = ner_data.unmarked("وقال [PERSON بوتين] ل[PERSON شي] إن [WEAPON الصواريخ] في [PLACE كورسك]")
    names = {"PERSON": ["كيم جونغ أون"], "PLACE": ["دونيتسك"], "WEAPON": ["مسيّرات"]}
    seen = {ner_data.rename(a, names, random.Random(seed)) for seed in range(60)}
    assert any(r.text == "وقال كيم جونغ أون لكيم جونغ أون إن الصواريخ في دونيتسك" for r in seen)
    for r in seen:
        assert [t for *_, t in r.spans] == ["PERSON", "PERSON", "WEAPON", "PLACE"]
        assert {r.text[s:e] for s, e, _ in r.spans} <= {"بوتين", "شي", "كيم جونغ أون", "الصواريخ", "كورسك", "دونيتسك"}


def test_each_corpus_trains_its_own_head(tmp_path: Path) -> None:
    import json

    ner_data.write([[("بوتين", "B-PERSON")]], [[("بوتين", "B-PER"), ("قال", "O")]], tmp_path / "n.json")
    first, second = json.loads((tmp_path / "n.json").read_text(encoding="utf-8"))
    assert [w["multi_ner"] for w in first] == [["B-PERSON", "-"]]
    assert [w["multi_ner"] for w in second] == [["-", "B-PER"], ["-", "O"]]


def test_the_last_tenth_is_counted_in_tokens() -> None:
    corpus = [[("a", "O")] * n for n in (50, 40, 4, 6)]
    assert ner_data.last_tenth(corpus) == 2


def test_careless_spaces_change_white_space_only() -> None:
    treebank = pytest.importorskip("kg.training.treebank")
    text = 'قال "نعم" ثم ذهب، وعاد. وصل (أمس) إلى 3.5 كم.'
    seen = {treebank.careless_spaces(text, random.Random(seed)) for seed in range(40)}
    assert len(seen) > 5
    assert {"".join(s.split()) for s in seen} == {"".join(text.split())}


def test_remembered_language_models_say_the_same() -> None:
    import torch
    from stanza.models.common.char_model import CharacterLanguageModel
    from stanza.models.pos.vocab import CharVocab

    from kg.training import charlm

    torch.manual_seed(1)
    shape = {"char_emb_dim": 4, "char_hidden_dim": 6, "char_num_layers": 1, "char_dropout": 0.0, "char_rec_dropout": 0.0}
    vocab = {"char": CharVocab([sorted("\n ابتثج")])}
    model = CharacterLanguageModel(shape, vocab)
    model.eval()
    sentences = [["اب", "تث"], ["ج", "ابت", "ث"], ["تث"]]

    def characters(order: list[int]) -> list[torch.Tensor]:
        # As Stanza's NER loader makes them: rows sorted by characters, results in the order of the sentences.
        rows = [["\n", *"".join(w + " " for w in sentences[i])] for i in order]
        by_length = sorted(range(len(rows)), key=lambda k: -len(rows[k]))
        ids = torch.zeros(len(rows), max(map(len, rows)), dtype=torch.long)
        for at, k in enumerate(by_length):
            ids[at, : len(rows[k])] = torch.tensor(vocab["char"].map(rows[k]))
        ends = [[sum(len(w) + 1 for w in sentences[order[k]][: j + 1]) for j in range(len(sentences[order[k]]))] for k in by_length]
        packed = model.get_representation(ids, ends, [len(rows[k]) for k in by_length], by_length)
        padded, lengths = torch.nn.utils.rnn.pad_packed_sequence(packed, batch_first=True)
        return [row[:n] for row, n in zip(padded, lengths, strict=True)]

    order = [1, 0, 2]  # longest first, as a packed sequence wants it
    words, letters = model.build_char_representation(sentences), characters(order)
    with charlm.remembered():
        for _ in range(2):
            again, part = model.build_char_representation(sentences), characters([0, 2])
            whole = characters(order)
            assert all(torch.allclose(a, b, atol=1e-6) for a, b in zip(words, again, strict=True))
            assert all(torch.allclose(a, b, atol=1e-6) for a, b in zip(letters, whole, strict=True))
            assert torch.allclose(part[0], letters[1], atol=1e-6) and torch.allclose(part[1], letters[2], atol=1e-6)
    assert all(torch.equal(a, b) for a, b in zip(words, model.build_char_representation(sentences), strict=True))
