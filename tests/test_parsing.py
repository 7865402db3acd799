"""kg.parsing: relations scored for chosen heads only are those that the whole table would give."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.packs import find_models
from kg.parsing import best_tree, quicken, relation_scores


def scorer(dimensions: int, hidden: int, relations: int) -> torch.nn.Module:
    from stanza.models.common.biaffine import DeepBiaffineScorer

    made = DeepBiaffineScorer(dimensions, dimensions, hidden, relations)
    torch.nn.init.normal_(made.scorer.W_bilin.weight)
    torch.nn.init.normal_(made.scorer.W_bilin.bias)
    made.eval()
    return made


@settings(deadline=None)
@given(st.integers(1, 9), st.integers(0, 2**32 - 1))
def test_scores_of_chosen_heads_are_those_of_the_table(words: int, seed: int) -> None:
    torch.manual_seed(seed)
    made, states, heads = scorer(5, 4, 3), torch.randn(words, 5), torch.randint(0, words, (words,))
    with torch.no_grad():
        table = made(states.unsqueeze(0), states.unsqueeze(0))[0]
        assert torch.allclose(relation_scores(made, states, heads), table[torch.arange(words), heads], atol=1e-4)


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


@pytest.mark.slow
def test_the_trees_are_stanzas(models: Path) -> None:
    from kg.pipeline import Pipeline, load

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
    assert sum(map(len, ours)) > 300
    assert ours == theirs
