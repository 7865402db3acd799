"""kg.characters: the states are Stanza's, and computed once."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import characters
from kg.recurrent import possible


def language_model(forward: bool = True, rec_dropout: float = 0.1) -> Any:
    from stanza.models.common.char_model import CharacterLanguageModel
    from stanza.models.common.vocab import CharVocab

    torch.manual_seed(3)
    vocab = CharVocab([list("\n وقالرئيسمد")], lang="ar")
    args = {
        "char_emb_dim": 4, "char_hidden_dim": 6, "char_num_layers": 1, "char_dropout": 0.1, "char_unit_dropout": 0.1, "char_rec_dropout": rec_dropout,
    }  # fmt: skip
    model = CharacterLanguageModel(args, {"char": vocab}, is_forward_lm=forward)
    model.eval()
    return model


SENTENCES = st.lists(st.lists(st.text("وقالرئيسمدx", min_size=1, max_size=6), min_size=1, max_size=5), min_size=1, max_size=5)


@pytest.mark.parametrize("forward", [True, False])
@settings(deadline=None, max_examples=30)
@given(sentences=SENTENCES)
def test_states_are_stanzas(forward: bool, sentences: list[list[str]]) -> None:
    plain, quick = language_model(forward), language_model(forward)
    assert characters.quicken(quick)
    for asked in (sentences, [["\n", *words] for words in sentences]):  # the tagger, then the parser
        expected = plain.build_char_representation(asked)
        for ours, theirs in zip(quick.build_char_representation(asked), expected, strict=True):
            assert torch.allclose(ours, theirs, atol=1e-6)


@pytest.mark.skipif(not possible(), reason="this processor has no instructions for products of whole numbers")
@pytest.mark.parametrize("forward", [True, False])
@settings(deadline=None, max_examples=30)
@given(sentences=SENTENCES)
def test_in_whole_numbers_states_are_nearly_stanzas(forward: bool, sentences: list[list[str]]) -> None:
    plain, quick = language_model(forward, 0), language_model(forward, 0)
    assert characters.quicken(quick)
    expected = plain.build_char_representation(sentences)
    for ours, theirs in zip(quick.build_char_representation(sentences), expected, strict=True):
        assert torch.allclose(ours, theirs, atol=0.03)
    words = sentences[0]
    for ours, theirs in zip(quick.per_char_representation(words), plain.per_char_representation(words), strict=True):
        assert ours.shape == theirs.shape
        assert torch.allclose(ours, theirs, atol=0.03)
    chars, lengths = torch.tensor([[1, 2, 3], [2, 1, 0]]), [3, 2]
    for mine, given_state in zip(quick.forward(chars, lengths)[1], plain.forward(chars, lengths)[1], strict=True):
        assert torch.allclose(mine, given_state, atol=0.03)


def test_a_sentence_is_read_once_until_forgotten() -> None:
    model = language_model(forward=False)
    characters.quicken(model)
    lengths: list[int] = []
    lstm = model.charlstm.forward

    def counted(*args: Any, **kwargs: Any) -> Any:
        lengths.append(len(args[1]))
        return lstm(*args, **kwargs)

    model.charlstm.forward = counted
    model.build_char_representation([["قال", "و"], ["رئيس"]])
    model.build_char_representation([["\n", "رئيس"], ["\n", "قال", "و"], ["\n", "مد"], ["\n", "مد"]])
    assert lengths == [2, 1]
    characters.forget(model)
    model.build_char_representation([["\n", "رئيس"]])
    assert lengths == [2, 1, 1]


def test_other_modules_are_left_alone() -> None:
    linear = torch.nn.Linear(2, 2)
    assert not characters.quicken(linear)
    characters.forget(linear)


def test_a_vocabulary_maps_as_before() -> None:
    vocab = language_model().char_vocab()
    before = vocab.map(list("قالx "))
    characters.remember(vocab)
    assert vocab.map(list("قالx ")) == before
    assert vocab.map(iter("قا")) == before[:2]
