"""kg.word_models: language models over words, as they are before training."""

from __future__ import annotations

import lzma
from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from kg import word_models
from kg.errors import KgError
from kg.recurrent import possible
from kg.training import word_models as training
from kg.word_models import PIECE, Sizes, cut
from tests import tiny

SIZES = tiny.READER.sizes
WORDS = st.lists(st.sampled_from([*tiny.VOCABULARY, "غريب", "ـ"]), min_size=1, max_size=9)


def states(*texts: list[str]) -> list[Tensor]:
    return tiny.READER.states(texts)


@settings(deadline=None, max_examples=30)
@given(st.lists(WORDS, min_size=1, max_size=4))
def test_texts_are_read_as_if_each_were_alone(texts: list[list[str]]) -> None:
    for text, found in zip(texts, states(*texts), strict=True):
        assert found.shape == (len(text), 2 * SIZES.layers * SIZES.hidden)
        assert torch.allclose(found, states(text)[0], atol=1e-6)


@settings(deadline=None, max_examples=30)
@given(WORDS, WORDS, WORDS)
def test_one_model_reads_from_each_end(begins: list[str], one: list[str], other: list[str]) -> None:
    half = SIZES.layers * SIZES.hidden
    a, b = states(begins + one)[0], states(begins + other)[0]
    assert torch.allclose(a[: len(begins), :half], b[: len(begins), :half], atol=1e-6)
    a, b = states(one + begins)[0], states(other + begins)[0]
    assert torch.allclose(a[-len(begins) :, half:], b[-len(begins) :, half:], atol=1e-6)


def test_unknown_words_differ_by_their_letters() -> None:
    one, other = states(["زيلينسكي"], ["بوروشينكو"])
    assert not torch.allclose(one, other, atol=1e-5)


@settings(deadline=None)
@given(st.lists(st.integers(1, 2 * PIECE), max_size=12))
def test_pieces_are_whole_sentences(lengths: list[int]) -> None:
    pieces = list(cut(lengths))
    assert [i for a, b in pieces for i in range(a, b)] == list(range(len(lengths)))
    for n, (a, b) in enumerate(pieces):
        assert b - a == 1 or sum(lengths[a:b]) <= PIECE
        if n + 1 < len(pieces):
            assert sum(lengths[a : b + 1]) > PIECE  # the next would have been too much


def test_a_sentence_is_read_with_those_before_it() -> None:
    one, other = ["روسيا", "هاجمت"], ["أوكرانيا", "."]
    (together,) = tiny.READER.of_documents([[one, other]])
    assert [len(x) for x in together] == [2, 2]
    assert torch.allclose(torch.cat(together), states(one + other)[0], atol=1e-6)
    assert tiny.READER.of_documents([[]]) == [[]]


@pytest.mark.skipif(not possible(), reason="this processor has no instructions for products of whole numbers")
@settings(deadline=None, max_examples=30)
@given(st.lists(st.lists(WORDS, max_size=4), max_size=4))
def test_in_whole_numbers_documents_are_read_as_if_each_were_alone(documents: list[list[list[str]]]) -> None:
    quick = tiny.reader()
    quick.quicken()
    together = quick.of_documents(documents)
    for sentences, found in zip(documents, together, strict=True):
        assert [len(x) for x in found] == list(map(len, sentences))
        for mine, alone, plain in zip(found, *quick.of_documents([sentences]), *tiny.READER.of_documents([sentences]), strict=True):
            assert torch.allclose(mine, alone, atol=1e-6)
            assert torch.allclose(mine, plain, atol=0.02)


def test_models_are_read_as_they_were_written(tmp_path: Path) -> None:
    word_models.save(tiny.READER, tmp_path / "words.pt")
    again = word_models.load(tmp_path / "words.pt", tiny.VECTORS, tiny.number)
    (one,), (other,) = again.states([["روسيا", "غريب"]]), states(["روسيا", "غريب"])
    assert torch.allclose(one, other, atol=2e-3)  # in half precision
    assert not again.training


@pytest.mark.parametrize("content", [None, b"", b"not a model"])
def test_a_file_that_is_none_is_named(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "words.pt").write_bytes(content)
    with pytest.raises(KgError, match=r"cannot load the word models .*words\.pt"):
        word_models.load(tmp_path / "words.pt", tiny.VECTORS, tiny.number)


# ---------------------------------------------------------------------------------------------------------------------
# Training


@pytest.fixture
def corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> training.Corpus:
    """Two sentences again and again, of which the second word tells the third."""
    monkeypatch.setattr(training, "HELD_OUT", 4)
    monkeypatch.setattr(training, "KNOWN", 20)
    monkeypatch.setattr(training, "DRAWN", 30)
    path = tmp_path / "news.txt.xz"
    with lzma.open(path, "wt", encoding="utf-8") as out:
        out.write("أرسلت كوريا صواريخ .\nقالت روسيا إن .\n" * 60)
    return training.Corpus(path, tiny.VECTORS, tiny.number)


@pytest.mark.parametrize("direction", [0, 1])
def test_what_follows_is_learned(corpus: training.Corpus, direction: int) -> None:
    torch.manual_seed(1)
    learner = training.Learner(corpus, direction, Sizes(vectors=5, letters=3, hidden=8, layers=2))
    before = learner.perplexity()
    learner.drop.train()
    learner.train(60_000)
    assert learner.perplexity() < min(2.0, before / 4)


def test_the_same_corpus_gives_the_same_models(corpus: training.Corpus) -> None:
    sizes = Sizes(vectors=5, letters=3, hidden=4, layers=1)
    one, same, other = (training.train(corpus, d, 500, sizes) for d in (0, 0, 1))
    assert all(torch.equal(one[k], same[k]) for k in one)
    assert {k.split(".")[1] for k in one} == {"0"}
    assert {k.split(".")[1] for k in other} == {"1"}


def test_texts_are_cut_into_pieces_and_short_ones_left_out(tmp_path: Path) -> None:
    path = tmp_path / "news.txt"
    path.write_text("\n".join(["كلمة " * (PIECE + 10), "كلمة كلمة", "كلمة كلمة كلمة كلمة"]), encoding="utf-8")
    words, found = training.texts(path)
    assert words == ["كلمة"]
    assert [len(t) for t in found] == [PIECE, 10, 4]
