"""Stanza's graph parser without the work whose results it throws away.

The parser scores every relation for every pair of words of a sentence, and needs those of one head a word. On a CPU that was
more than half of the time of a whole extraction. Here heads are decided first and relations are scored for them alone; all
pairs are scored only in sentences where a head has got two subjects or two objects, for Stanza's repair weighs them. Trees and
relations are the same, to the rounding of sums; where the processor can, relations for one head are scored in whole numbers (`kg.recurrent`), and a
few differ.

The states of its LSTM, which know more of a sentence than the one tree that is made of them, are kept for the reader of events.
"""

from __future__ import annotations

import types
from collections.abc import Sequence
from typing import Any


def quicken(model: Any) -> bool:
    """Let a parser model decide relations after heads. Returns whether it could: other kinds of parsers are left as they are."""
    import torch
    from stanza.models.depparse.model import GraphParser

    if not isinstance(model, GraphParser) or model.args.get("use_arc_embedding"):
        return False

    class Later(torch.nn.Module):
        """In the place of the relation scorer: keeps what it would have scored."""

        def __init__(self, scorer: Any) -> None:
            super().__init__()
            self.scorer, self.states = scorer, torch.empty(0)
            self.relations = Relations(scorer)
            self.kept: dict[tuple[str, ...], Any] = {}

        def forward(self, dependents: torch.Tensor, heads: torch.Tensor) -> torch.Tensor:
            self.states = dependents  # the same as `heads`: no dropout is at work when a pipeline runs
            return dependents.new_zeros(1)

    model.deprel = Later(model.deprel)
    model.predict = types.MethodType(_predict, model)
    return True


def states_of(model: Any) -> dict[tuple[str, ...], Any]:
    """What the parser's LSTM made of each sentence that it has read since last asked: words -> words x dimensions. Empty of other parsers."""
    kept = getattr(getattr(model, "deprel", None), "kept", {})
    out = dict(kept)
    kept.clear()
    return out


def _predict(model: Any, *inputs: Any, resolve_head_constraints: bool = False) -> list[list[list[Any]]]:
    """What `GraphParser.predict` returns: for each sentence [head, relation] of each word; heads count from 1."""
    import torch
    from stanza.models.common.vocab import VOCAB_PREFIX_SIZE
    from stanza.models.depparse.head_constraints import find_head_constraint_violations, resolve_head_constraint_violations

    lengths: Sequence[int] = inputs[12]  # with the root
    texts: Sequence[Sequence[str]] = inputs[14]
    unlabelled = model.forward_scores(*inputs)[0]
    scores = torch.log_softmax(unlabelled, 2).cpu().numpy()
    trees = [best_tree(scores[i][:n, :n]) for i, n in enumerate(lengths)]
    vocab, later = model.vocab["deprel"], model.deprel
    out = []
    for i, (n, tree) in enumerate(zip(lengths, trees, strict=True)):
        states = later.states[i, :n]
        # In half precision: what differs between batches, where states are not computed in whole numbers, is mostly lost in rounding.
        later.kept[tuple(texts[i])] = states[1:].half().cpu().numpy()
        best = later.relations(states, torch.as_tensor(tree)).argmax(1)[1:]
        relations = vocab.unmap((best + VOCAB_PREFIX_SIZE).tolist())
        if resolve_head_constraints and find_head_constraint_violations(tree, relations):
            pairs = later.scorer(states.unsqueeze(0), states.unsqueeze(0))[0]
            tree, labels = resolve_head_constraint_violations(scores[i][:n, :n], torch.log_softmax(pairs, 2).cpu().numpy(), tree, vocab)
            relations = vocab.unmap([label + VOCAB_PREFIX_SIZE for label in labels])
        out.append([[head, relation] for head, relation in zip(tree[1:], relations, strict=True)])
    return out


def best_tree(scores: Any) -> Any:
    """The heads of the best tree with one root, as Stanza's `chuliu_edmonds_one_root` gives them.

    Stanza makes roots so dear that no word chooses one, and then contracts cycles until all words are one: as many steps as words. But the
    best of all trees mostly has one root, and where the best head of every word makes a tree, which is most often, there is no step at all.

    Args:
        scores: words x heads, the root first.
    """
    import numpy as np
    from stanza.models.common.chuliu_edmonds import chuliu_edmonds, chuliu_edmonds_one_root

    free = scores.astype(np.float64)
    np.fill_diagonal(free, -np.inf)
    heads = free.argmax(axis=1)
    heads[0] = 0
    above = heads
    for _ in range(len(heads).bit_length()):
        above = above[above]
    if above.any():
        heads = chuliu_edmonds(free)
    return heads if (heads[1:] == 0).sum() == 1 else chuliu_edmonds_one_root(scores)


class Relations:
    """A biaffine scorer's scores of all relations of each word to one head: in whole numbers, where the processor can."""

    def __init__(self, scorer: Any) -> None:
        """`scorer` is Stanza's `DeepBiaffineScorer`."""
        import torch

        from kg import recurrent

        self.scorer, self.bilinear = scorer, scorer.scorer.W_bilin
        weight = self.bilinear.weight  # word dimension x head dimension x relations
        self.flat = weight.detach().reshape(weight.shape[0], -1)
        fit = recurrent.possible() and weight.device.type == "cpu"
        self.whole = recurrent.Product(self.flat.T, torch.zeros(self.flat.shape[1])) if fit else None

    def __call__(self, states: Any, heads: Any) -> Any:
        """Words x relations.

        Args:
            states: words x dimensions.
            heads: for each word the index of its head.
        """
        import torch

        word = self.scorer.hidden_func(self.scorer.W1(states))
        head = self.scorer.hidden_func(self.scorer.W2(states))[heads]
        one = word.new_ones(len(word), 1)
        known = torch.cat([word, one], 1)
        by_head = (known @ self.flat if self.whole is None else self.whole(known)).view(len(word), *self.bilinear.weight.shape[1:])
        return torch.bmm(torch.cat([head, one], 1).unsqueeze(1), by_head).squeeze(1) + self.bilinear.bias
