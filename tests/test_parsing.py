"""kg.parsing: relations scored for chosen heads only are those that the whole table would give."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.packs import find_models
from kg.parsing import Relations, best_tree, quicken, states_of
from kg.recurrent import possible


def scorer(dimensions: int, hidden: int, relations: int) -> torch.nn.Module:
    from stanza.models.common.biaffine import DeepBiaffineScorer

    made = DeepBiaffineScorer(dimensions, dimensions, hidden, relations)
    torch.nn.init.normal_(made.scorer.W_bilin.weight)
    torch.nn.init.normal_(made.scorer.W_bilin.bias)
    made.eval()
    return made


@settings(deadline=None)
@given(st.integers(1, 9), st.integers(0, 2**32 - 1), st.booleans())
def test_scores_of_chosen_heads_are_those_of_the_table(words: int, seed: int, whole: bool) -> None:
    torch.manual_seed(seed)
    made, states, heads = scorer(5, 4, 3), torch.randn(words, 5), torch.randint(0, words, (words,))
    with torch.no_grad(), patch("kg.recurrent.possible", lambda: whole and possible()):
        table = made(states.unsqueeze(0), states.unsqueeze(0))[0][torch.arange(words), heads]
        found = Relations(made)(states, heads)
        assert torch.allclose(found, table, atol=0.03 * float(table.abs().max()) + 0.1 if whole else 1e-4)


@settings(deadline=None)
@given(st.integers(2, 12), st.integers(0, 2**32 - 1))
def test_the_best_tree_is_stanzas(words: int, seed: int) -> None:
    import numpy as np
    from stanza.models.common.chuliu_edmonds import chuliu_edmonds_one_root

    scores = np.log(np.random.default_rng(seed).dirichlet(np.full(words, 0.3), words)).astype(np.float32)
    np.fill_diagonal(scores, -np.inf)
    assert best_tree(scores).tolist() == chuliu_edmonds_one_root(scores).tolist()


def test_other_parsers_are_left_alone() -> None:
    assert not quicken(torch.nn.Linear(2, 2))


class Names:
    """Of a vocabulary what a parser asks of it."""

    def unmap(self, ids: list[int]) -> list[str]:
        return [f"r{i}" for i in ids]


def parser(arcs: bool = False) -> Any:
    """A parser of which the states of words are given in the place of words."""
    from stanza.models.depparse.model import GraphParser

    class Given(GraphParser):
        def __init__(self) -> None:
            torch.nn.Module.__init__(self)
            self.args, self.vocab = {"use_arc_embedding": arcs}, {"deprel": Names()}
            self.unlabeled = scorer(5, 4, 1)
            if not arcs:
                self.deprel = scorer(5, 4, 3)

        def forward_scores(self, *inputs: Any) -> tuple[torch.Tensor, torch.Tensor]:
            scores = self.unlabeled(inputs[0], inputs[0]).squeeze(3)
            scores.diagonal(dim1=1, dim2=2).fill_(float("-inf"))
            return scores, self.deprel(inputs[0], inputs[0])

    torch.manual_seed(1)
    return Given().eval()


@torch.no_grad()
def parse(model: Any, *sentences: str, seed: int = 1) -> tuple[list[list[list[Any]]], torch.Tensor]:
    """The heads and relations of words in one batch, and the states that the parser has been given for the root and them."""
    words = [s.split() for s in sentences]
    states = torch.randn(len(words), max(map(len, words)) + 1, 5, generator=torch.Generator().manual_seed(seed))
    return model.predict(states, *[None] * 11, [len(w) + 1 for w in words], None, words), states


def test_states_of_a_sentence_are_those_of_its_words() -> None:
    model = parser()
    assert quicken(model)
    trees, given_states = parse(model, "أرسلت روسيا صواريخ باليستية", "قال بوتين")
    assert [len(t) for t in trees] == [4, 2]
    kept = states_of(model)
    assert set(kept) == {("أرسلت", "روسيا", "صواريخ", "باليستية"), ("قال", "بوتين")}
    assert (kept["أرسلت", "روسيا", "صواريخ", "باليستية"] == given_states[0, 1:].half().numpy()).all()  # without the root
    assert (kept["قال", "بوتين"] == given_states[1, 1:3].half().numpy()).all()  # without padding


def test_states_are_those_since_last_asked() -> None:
    model = parser()
    quicken(model)
    parse(model, "قال بوتين")
    parse(model, "وصل أمس")
    assert set(states_of(model)) == {("قال", "بوتين"), ("وصل", "أمس")}
    assert states_of(model) == {}
    _, given_states = parse(model, "قال بوتين", seed=2)
    assert (states_of(model)["قال", "بوتين"] == given_states[0, 1:].half().numpy()).all()


def test_other_parsers_have_no_states() -> None:
    assert states_of(parser()) == {}  # not quickened
    arcs = parser(arcs=True)
    assert not quicken(arcs)
    assert states_of(arcs) == {}


@pytest.mark.slow
@pytest.mark.parametrize("whole", [False, True])
def test_the_trees_are_stanzas(models: Path, whole: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same ones; nearly, where states and relations are computed in whole numbers: of 100 words 96 to 98."""
    from kg import recurrent
    from kg.pipeline import Pipeline, load

    if whole and not recurrent.possible():
        pytest.skip("this processor has no instructions for products of whole numbers")
    monkeypatch.setattr(recurrent, "possible", lambda: whole)
    pack = find_models(str(models))
    plain, _ = load(pack)
    quick = Pipeline(pack)
    reports = sorted((Path(__file__).parents[1] / "seeds").glob("*.txt"))[:4]
    words = [[w.text for w in s.words] for r in reports for s in plain.process(r.read_text(encoding="utf-8"), processors="tokenize,mwt").sentences]
    document = plain.process("\n\n".join(" ".join(s) for s in words), processors="tokenize")
    assert document.sentences
    given_words = [[w.text for w in s.words] for s in document.sentences]
    plain.process(document, processors="pos,lemma,depparse")
    theirs = [[(w.head, w.deprel) for w in s.words] for s in document.sentences]
    ours = quick.parse_words(given_words)
    both = [pair for mine, given in zip(ours, theirs, strict=True) for pair in zip(mine, given, strict=True)]
    same = sum(mine == given for mine, given in both)
    assert len(both) > 300
    assert same >= 0.95 * len(both) if whole else same == len(both)


@pytest.mark.slow
def test_a_document_is_read_the_same_whatever_is_read_beside_it(models: Path) -> None:
    """States bit for bit, on one thread: what depends on how much is read together is whole numbers. Tags are but for ties."""
    import numpy as np

    from kg.documents import Problems, read
    from kg.pipeline import Pipeline

    if not possible():
        pytest.skip("this processor has no instructions for products of whole numbers")
    pipeline = Pipeline(find_models(str(models)))
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    documents = list(read([Path(__file__).parents[1] / "seeds"], Problems()))[:4]
    try:
        for document, together in pipeline(documents):
            ((_, alone),) = pipeline([document])
            assert [s.words for s in alone] == [s.words for s in together]
            assert [s.ner for s in alone] == [s.ner for s in together]
            assert all(np.array_equal(a.states, b.states) for a, b in zip(alone, together, strict=True))
    finally:
        torch.set_num_threads(threads)
