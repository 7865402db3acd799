"""kg.pipeline without models: paragraphs, states of the parser, heads of taggers, and packs that are not what they should be."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch

from kg import four_classes
from kg.errors import KgError
from kg.four_classes import FourClasses
from kg.model import Document
from kg.packs import FILES, ModelPack, find_models, sha256
from kg.pipeline import Pipeline, paragraphs
from kg.text import clean


def split(text: str) -> list[str]:
    cleaned = clean(text)
    return [cleaned.text[a:b] for a, b in paragraphs(cleaned)]


def test_a_line_is_a_paragraph() -> None:
    assert split("عنوان\n\nسطر أول.\nسطر ثان") == ["عنوان", "سطر أول.", "سطر ثان"]


def test_lines_of_a_wrapped_text_belong_together() -> None:
    line = "كلمة " * 12 + "تتمة"
    assert len(split("\n".join([line] * 8) + "\n\n" + "\n".join([line] * 4))) == 2


def pack(folder: Path) -> Path:
    for name in FILES:
        (folder / name).write_bytes(name.encode())
    files = {name: {"sha256": sha256(folder / name), "bytes": len(name), "processor": FILES[name], "scores": {}} for name in FILES}
    (folder / "manifest.json").write_text(json.dumps({"name": "test", "version": "1", "files": files}), encoding="utf-8")
    return folder


def test_a_sound_pack_is_found_and_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = find_models(str(pack(tmp_path)))
    found.check()
    assert found.version().startswith("test 1 ")
    monkeypatch.setenv("KG_MODELS", str(tmp_path))
    assert find_models() == found


@pytest.mark.parametrize("manifest", ["{", "[]", "{}", '{"files": []}'])
def test_a_bad_manifest_is_named(tmp_path: Path, manifest: str) -> None:
    (pack(tmp_path) / "manifest.json").write_text(manifest, encoding="utf-8")
    with pytest.raises(KgError, match=r"manifest\.json"):
        find_models(str(tmp_path))


def test_a_damaged_or_missing_file_is_named(tmp_path: Path) -> None:
    found: ModelPack = find_models(str(pack(tmp_path)))
    (tmp_path / "parser.pt").write_bytes(b"no")
    with pytest.raises(KgError, match=r"parser\.pt is damaged"):
        found.check()
    (tmp_path / "ner.pt").unlink()
    (tmp_path / "parser.pt").write_bytes(b"parser.pt")
    with pytest.raises(KgError, match=r"ner\.pt is missing"):
        found.check()


def test_a_pack_that_lacks_a_model_is_refused(tmp_path: Path) -> None:
    manifest = pack(tmp_path) / "manifest.json"
    described = json.loads(manifest.read_text(encoding="utf-8"))
    del described["files"]["ner.pt"]
    manifest.write_text(json.dumps(described), encoding="utf-8")
    with pytest.raises(KgError, match=r"does not list ner\.pt"):
        find_models(str(tmp_path)).check()


def test_no_folder_no_models(tmp_path: Path) -> None:
    with pytest.raises(KgError, match="--models"):
        find_models(str(tmp_path / "none"))


# ---------------------------------------------------------------------------------------------------------------------
# States of the parser


class Parsed(Pipeline):
    """A pipeline in which a word is what stands between blanks (و is cut off), and the parser has states of some sentences."""

    def __init__(self, states: dict[tuple[str, ...], Any]) -> None:
        model = SimpleNamespace(deprel=SimpleNamespace(kept=states))
        self._nlp = SimpleNamespace(processors={"depparse": SimpleNamespace(trainer=SimpleNamespace(model=model))})

    def _parse(self, texts: list[str]) -> list[Any]:
        from stanza.models.common.doc import Document as StanzaDocument

        return [StanzaDocument([self._rows(text)], text=text) for text in texts]

    def _rows(self, text: str) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = []
        words = at = 0
        for token in text.split():
            start = text.index(token, at)
            at = start + len(token)
            pieces = ["و", token[1:]] if token[0] == "و" and len(token) > 3 else [token]
            ids = list(range(words + 1, words + 1 + len(pieces)))
            if len(pieces) > 1:
                rows.append({"id": tuple(ids), "text": token, "start_char": start, "end_char": at})
            offsets = {"start_char": start, "end_char": at} if len(pieces) == 1 else {}
            for i, piece in zip(ids, pieces, strict=True):
                rows.append({"id": i, "text": piece, "head": min(i - 1, 1), "deprel": "dep" if i > 1 else "root", **offsets})
            words += len(pieces)
        return rows


def test_sentences_have_the_states_that_the_parser_kept_of_their_words() -> None:
    first, second = np.zeros((3, 4)), np.ones((2, 4))
    pipeline = Parsed({("قال", "و", "ذهب"): first, ("وصل", "بوتين"): second, ("غير", "ذلك"): second})
    documents = [Document("a", "قالَ وذهب\nوصل بوتين"), Document("b", "وصل بوتين"), Document("c", "غاب بوتين")]
    (a, b, c) = (sentences for _, sentences in pipeline(documents))
    assert a[0].states is first and a[1].states is second  # vowel signs are no part of what the parser reads
    assert b[0].states is second
    assert c[0].states is None
    assert [len(s.words) for s in a] == [len(s.states) for s in a]
    assert pipeline._nlp.processors["depparse"].trainer.model.deprel.kept == {}


# ---------------------------------------------------------------------------------------------------------------------
# Four classes


class Tagger:
    """A trainer that labels every word with the head that it is asked for."""

    def __init__(self, labels: Sequence[str], breaks: bool = False) -> None:
        self.args: dict[str, Any] = {"predict_tagset": 7}
        self.vocab = {"tag": SimpleNamespace(items=lambda head: ["O", *(f"B-{head_label}" for head_label in labels)])}
        self.model = SimpleNamespace(num_output_layers=2)
        self.labels, self.breaks = labels, breaks
        self.heads: list[int] = []

    def predict(self, batch: Any) -> list[list[str]]:
        if self.breaks:
            raise RuntimeError("out of memory")
        self.heads.append(self.args["predict_tagset"])
        return [[self.labels[i % len(self.labels)] for i in range(len(s.tokens))] for s in batch]


@pytest.fixture
def loader(monkeypatch: pytest.MonkeyPatch) -> None:
    """A loader that hands on the sentences of a document one by one."""
    from stanza.models.ner import data

    monkeypatch.setattr(data, "DataLoader", lambda document, *_, **__: [[s] for s in document.sentences])


SENTENCES = [["قال", "فلاديمير", "بوتين"], ["روسيا"]]


@pytest.mark.usefixtures("loader")
def test_labels_are_bio() -> None:
    tagger = Tagger(["B-PER", "E-PER", "S-LOC"])
    assert four_classes.label(tagger, 1, SENTENCES) == [["B-PER", "I-PER", "B-LOC"], ["B-PER"]]
    assert four_classes.label(Tagger(["O", "I-ORG"]), 1, SENTENCES) == [["O", "I-ORG", "O"], ["O"]]
    assert tagger.heads == [1, 1]
    assert four_classes.label(Tagger(["O"]), 0, []) == []


@pytest.mark.usefixtures("loader")
def test_a_tagger_keeps_the_head_that_it_had() -> None:
    for tagger in (Tagger(["O"]), Tagger(["O"], breaks=True)):
        try:
            four_classes.label(tagger, 0, SENTENCES)
        except RuntimeError:
            assert tagger.breaks
        assert tagger.args["predict_tagset"] == 7


class Vocabulary(dict[str, int]):
    def unit2id(self, word: str) -> int:
        return self[word]


def four(tagger: Any = None, bias: float = 0.0) -> FourClasses:
    """A tagger for which «معجم» is a word of encyclopedias and «أعلن» one of news."""
    vectors = SimpleNamespace(vocab=Vocabulary({"معجم": 2, "أعلن": 3}), emb=np.array([[9, 9], [9, 9], [1, 0], [0, 1]], dtype=np.float32))
    return FourClasses([tagger], [(0, 0)], [(0, 1)], vectors, torch.tensor([2.0, -1.0]), bias)


def test_the_words_of_a_text_say_what_kind_it_is() -> None:
    assert four().encyclopedic([["معجم", "معجم"], ["أعلن"]]) == pytest.approx((2 * 2 - 1) / 3)
    assert four(bias=-1.5).encyclopedic([["معجم"]]) == pytest.approx(0.5)
    assert four().encyclopedic([["أعلن", "غريب"]]) == -1.0  # unknown words say nothing
    assert four(bias=3.0).encyclopedic([["غريب"]]) == four(bias=3.0).encyclopedic([]) == 0.0


@pytest.mark.usefixtures("loader")
@pytest.mark.parametrize(("text", "head"), [([["معجم"], ["أعلن", "معجم"]], 0), ([["أعلن"], ["أعلن", "معجم", "أعلن"]], 1), ([["غريب"]], 1)])
def test_each_kind_of_text_has_its_head(text: list[list[str]], head: int) -> None:
    tagger = Tagger(["O"])
    four(tagger).label(text)
    assert set(tagger.heads) == {head}


def test_taggers_are_asked_together_whatever_the_order_of_their_tags(monkeypatch: pytest.MonkeyPatch) -> None:
    no_tags = ["<PAD>", "<UNK>", "<EMPTY>", "<ROOT>"]
    orders = {"first": [*no_tags, "O", "S-PER", "S-LOC"], "second": [*no_tags, "S-LOC", "O", "S-PER"]}
    sure = {"first": {"O": [0.0, 2.0], "S-PER": [1.0, 0.0]}, "second": {"S-LOC": [3.0, 0.0], "O": [0.0, 1.0]}}

    def scores(trainer: Any, head: int, sentences: Any) -> tuple[list[Any], Any]:
        assert head == {"first": 0, "second": 1}[trainer.name]
        return [np.array([[sure[trainer.name].get(t, [-1.0] * 2)[i] for t in orders[trainer.name]] for i in range(2)])], np.zeros((7, 7))

    first, second = (SimpleNamespace(name=n, vocab={"tag": SimpleNamespace(items=lambda head, n=n: orders[n])}) for n in orders)
    monkeypatch.setattr(four_classes, "_scores", scores)
    assert four_classes.label_together([(first, 0), (second, 1)], [["سيول", "قالت"]]) == [["B-LOC", "O"]]


def with_tagger(folder: Path, tagger: Any, *files: str) -> Pipeline:
    pipeline = object.__new__(Pipeline)
    pipeline.pack = ModelPack(folder, {"files": {name: {"sha256": ""} for name in files}})
    pipeline._nlp = SimpleNamespace(processors={"ner": SimpleNamespace(trainers=[tagger])})
    return pipeline


@pytest.mark.usefixtures("loader")
def test_without_four_classes_the_last_head_of_the_tagger_labels(tmp_path: Path) -> None:
    tagger = Tagger(["PER", "LOC"])
    assert with_tagger(tmp_path, tagger).four_classes([["روسيا"]]) == [["PER"]]
    assert tagger.heads == [1]
    with pytest.raises(KgError, match=r"no head for PER, LOC, ORG and MISC .*WEAPON"):
        with_tagger(tmp_path, Tagger(["PER", "WEAPON"])).four_classes([["روسيا"]])


def test_a_pack_with_four_classes_uses_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    def load(path: Path, shorthand: str) -> Any:
        asked.append((path, shorthand))
        return SimpleNamespace(label=lambda sentences: [["O"] * len(s) for s in sentences])

    monkeypatch.setattr(four_classes, "load", load)
    assert with_tagger(tmp_path, Tagger(["WEAPON"]), "four.pt").four_classes(SENTENCES) == [["O"] * 3, ["O"]]
    assert asked == [(tmp_path / "four.pt", "ar")]


@pytest.mark.parametrize("how", ["gone", "empty", "no model", "a list", "no domain", "no vectors"])
def test_a_file_that_is_no_tagger_of_four_classes_is_named(tmp_path: Path, how: str) -> None:
    path = tmp_path / "four.pt"
    match how:
        case "empty":
            path.write_bytes(b"")
        case "no model":
            path.write_bytes(b"not a model")
        case "a list":
            torch.save([1, 2], path)
        case "no domain":
            torch.save({"taggers": []}, path)
        case "no vectors":
            torch.save({"domain": {"weights": torch.zeros(2), "bias": 0.0}, "taggers": [{"vocab": {}}]}, path)
    with pytest.raises(KgError, match=r"cannot load the four-class tagger .*four\.pt"):
        four_classes.load(path, "ar")
