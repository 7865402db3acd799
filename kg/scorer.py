"""The learned reader of events: which words are triggers of which type, which arguments fill which roles, who says so, whether it happened.

A small network (two LSTM layers in both directions over the words that `kg.features` describes, word vectors of the model
pack) trained by `kg.training.events`. What words mean where they stand it takes from `kg.word_models`; events hear of one another's
roles before these are decided. Frames stay: what they propose is part of what the network sees, so that it weighs parse,
position and frame against one another. Several networks that differ in their random start are averaged.
"""

from __future__ import annotations

import io
import random
from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from itertools import groupby, permutations
from pathlib import Path
from typing import Any, cast

import torch
from torch import Tensor, nn

from kg import word_models
from kg.features import BACK, CATEGORIES, DEPRELS, FLAGS, LETTERS, ROLES, TYPES, UPOS, Candidate, Target, Words
from kg.language import _
from kg.model import ENTITY_TYPES, EVENT_ROLES, MODALITIES, POLARITIES
from kg.packs import loading
from kg.recurrent import Stack, possible

#: Dimensions of the embeddings of a pair's categories, in the order of `kg.features.CATEGORIES`.
_CATEGORY_DIMS = (10, 4, 12, 6, 12, 12, 32, 6, 12, 4)


#: How many numbers say where another event stands (`_nearby`), and how many words away is close.
_PLACES, _CLOSE = 7, 5

#: The share of sentences that a network in training reads without the parser's states, so that it can do without.
_WITHOUT = 0.1


@dataclass(frozen=True, slots=True)
class Sizes:
    """Dimensions of a network."""

    vectors: int = 100
    hidden: int = 128
    input: int = 192
    letters: int = 40
    pair: int = 96
    layers: int = 2
    states: int = 400
    context: int = 112
    dropout: float = 0.33
    span: int = 48
    message: int = 48
    read: int = 1024
    meaning: int = 64


#: The words of the sentences of documents -> what they mean where they stand (words x dimensions): `kg.word_models`.
Read = Callable[[Sequence[Sequence[Sequence[str]]]], Sequence[Sequence[Tensor]]]


@dataclass(frozen=True, slots=True)
class _Entered:
    """What a network's LSTM reads (sentence, word, dimension), the governor of every word, and what frames say of it."""

    inputs: Tensor
    heads: Tensor
    frames: Tensor


class Network(nn.Module):
    """See the module. `lookup` gives the number of a word in `vectors`, which are kept out of the saved file, as is what `read` knows."""

    def __init__(self, sizes: Sizes, vectors: Tensor, lookup: Callable[[str], int], read: Read) -> None:
        super().__init__()
        self.sizes, self.lookup, self.read = sizes, lookup, read
        self.vectors = vectors
        n = sizes.hidden * 2
        self.upos = nn.Embedding(len(UPOS) + 1, 16)
        self.deprel = nn.Embedding(len(DEPRELS) + 1, 16)
        self.argument = nn.Embedding(2 * len(ENTITY_TYPES) + 1, 16)
        self.letters = nn.EmbeddingBag(LETTERS, sizes.letters, mode="mean", padding_idx=0)
        self.context = nn.Linear(sizes.states, sizes.context)
        self.enter = nn.Linear(3 * sizes.vectors + 48 + sizes.letters + len(TYPES) + sizes.context, sizes.input)
        self.lstm = nn.LSTM(sizes.input, sizes.hidden, sizes.layers, bidirectional=True, batch_first=True, dropout=sizes.dropout)
        self.meaning = nn.Linear(sizes.read, sizes.meaning)
        self.trigger = nn.Sequential(
            nn.Linear(n + len(TYPES) + sizes.meaning, 128), nn.ReLU(), nn.Dropout(sizes.dropout), nn.Linear(128, len(TYPES) + 1)
        )
        self.kind = nn.Embedding(len(TYPES), 24)
        self.factual = nn.Sequential(
            nn.Linear(3 * n + sizes.meaning + 24 + len(MODALITIES) + len(POLARITIES), 96),
            nn.ReLU(),
            nn.Dropout(sizes.dropout),
            nn.Linear(96, len(MODALITIES) + len(POLARITIES)),
        )
        self.left, self.right = nn.Linear(3 * n, sizes.pair), nn.Linear(3 * n, sizes.pair)
        self.categories = nn.ModuleList(nn.Embedding(size, dim) for size, dim in zip(CATEGORIES, _CATEGORY_DIMS, strict=True))
        self.between = nn.Linear(n, sizes.span)
        width = 3 * sizes.pair + 24 + sum(_CATEGORY_DIMS) + FLAGS + 3 * len(ROLES) + sizes.span
        self.role = nn.Sequential(
            nn.Linear(width, 192), nn.ReLU(), nn.Dropout(sizes.dropout), nn.Linear(192, 96), nn.ReLU(), nn.Dropout(sizes.dropout),
            nn.Linear(96, len(ROLES) + 2),
        )  # fmt: skip
        m, every = sizes.message, len(ROLES) + 1
        self.tell = nn.Sequential(nn.Linear(every + 24 + _PLACES, m), nn.ReLU())
        self.sort = nn.Embedding(len(ENTITY_TYPES) + 1, 12)
        self.again = nn.Sequential(
            nn.Linear(3 * every - 1 + 24 + 12 + 2 * m, 128), nn.ReLU(), nn.Dropout(sizes.dropout), nn.Linear(128, every),
        )  # fmt: skip
        self.drop = nn.Dropout(sizes.dropout)
        allowed = torch.full((len(TYPES), len(ROLES) + 1), float("-inf"))
        allowed[:, 0] = 0.0
        for t, roles in EVENT_ROLES.items():
            for r in roles:
                allowed[TYPES.index(t), ROLES.index(r) + 1] = 0.0
        self.allowed = allowed

    def encode(self, sentences: Sequence[Words], read: Sequence[Tensor] | None = None) -> tuple[Tensor, Tensor]:
        """What the network makes of the sentences of a document, and of what they have been `read` as, where that is known.

        Returns:
            States of all words, each with that of its governor and of the governor's governor and with what the word means there (sentence,
            word, dimension), and the logits of "no trigger" and of every event type.
        """
        entered = self._entered(sentences)
        lengths = torch.tensor([len(s.forms) for s in sentences])
        packed = nn.utils.rnn.pack_padded_sequence(entered.inputs, lengths, batch_first=True, enforce_sorted=False)
        states, _lengths = nn.utils.rnn.pad_packed_sequence(self.lstm(packed)[0], batch_first=True, total_length=int(lengths.max()))
        return self._left(entered, states, self.read([[s.forms for s in sentences]])[0] if read is None else read)

    def encode_together(self, stack: Stack, documents: Sequence[Sequence[Words]], read: Sequence[Sequence[Tensor]]) -> list[tuple[Tensor, Tensor]]:
        """What `encode` gives for each of several documents, by the network's LSTM in whole numbers (`stack`)."""
        entered = [self._entered(sentences) for sentences in documents]
        lengths = [[len(s.forms) for s in sentences] for sentences in documents]
        inputs = [torch.cat([x[:n] for x, n in zip(e.inputs, own, strict=True)]) for e, own in zip(entered, lengths, strict=True)]
        projected = [torch.cat(ways) for ways in zip(*map(stack.project, inputs), strict=True)]
        flat = [n for own in lengths for n in own]
        states = iter(stack.states(projected, torch.arange(sum(flat)).split(flat)))  # type: ignore[no-untyped-call]
        return [
            self._left(e, nn.utils.rnn.pad_sequence([next(states)[-1] for _ in own], batch_first=True), known)
            for e, own, known in zip(entered, lengths, read, strict=True)
        ]

    def _entered(self, sentences: Sequence[Words]) -> _Entered:
        """What the LSTM reads of the sentences of a document."""
        longest = max(len(s.forms) for s in sentences)

        def grid(rows: Sequence[Sequence[int]]) -> Tensor:
            return torch.tensor([[*row, *(0,) * (longest - len(row))] for row in rows])

        forms = self.vectors[grid([[self.lookup(f) for f in s.forms] for s in sentences])]
        lemmas = self.vectors[grid([[self.lookup(w) for w in s.lemmas] for s in sentences])]
        heads = grid([[max(h, 0) for h in s.heads] for s in sentences])
        above = forms.gather(1, heads[:, :, None].expand(-1, -1, forms.shape[2]))
        bags = [word for s in sentences for word in (*s.letters, *((),) * (longest - len(s.forms)))]
        letters = self.letters(*word_models.bagged(bags)).view(len(sentences), longest, -1)
        frames = torch.zeros(len(sentences), longest, len(TYPES))
        for i, s in enumerate(sentences):
            for k, found in enumerate(s.frames):
                for type, strength in found:
                    frames[i, k, type] = strength
        tags = torch.cat([e(grid(rows)) for e, rows in (
            (self.upos, [s.upos for s in sentences]), (self.deprel, [s.deprel for s in sentences]), (self.argument, [s.argument for s in sentences]),
        )], 2)  # fmt: skip
        parsed = torch.zeros(len(sentences), longest, self.sizes.states)
        for i, s in enumerate(sentences):
            # Another parser's states would say something else: then the rest must do.
            if s.states is not None and s.states.shape[1] == self.sizes.states and not (self.training and random.random() < _WITHOUT):
                parsed[i, : len(s.forms)] = torch.from_numpy(s.states).float()
        context = torch.relu(self.context(self.drop(parsed)))
        x = torch.cat([self.drop(torch.cat([forms, lemmas, above], 2)), tags, letters, frames, context], 2)
        return _Entered(self.drop(torch.relu(self.enter(x))), heads, frames)

    def _left(self, entered: _Entered, states: Tensor, read: Sequence[Tensor]) -> tuple[Tensor, Tensor]:
        """What `encode` gives, from the states of the LSTM."""
        states = self.drop(states)
        index = entered.heads[:, :, None].expand(-1, -1, states.shape[2])
        governors = states.gather(1, index)
        meant = torch.zeros(*states.shape[:2], self.sizes.read)
        for i, known in enumerate(read):
            meant[i, : len(known)] = known
        meaning = torch.relu(self.meaning(self.drop(meant)))
        return torch.cat([states, governors, governors.gather(1, index), meaning], 2), self.trigger(torch.cat([states, entered.frames, meaning], 2))

    def facts(self, states: Tensor, targets: Sequence[Target]) -> tuple[Tensor, Tensor]:
        """Logits of the modality and of the polarity of every target."""
        at = states[[t.sentence for t in targets], [t.at for t in targets]]
        rules = torch.zeros(len(targets), len(MODALITIES) + len(POLARITIES))
        for i, t in enumerate(targets):
            rules[i, t.modality] = rules[i, len(MODALITIES) + t.polarity] = 1.0
        out = self.factual(torch.cat([at, self.kind(torch.tensor([t.type for t in targets])), rules], 1))
        return out[:, : len(MODALITIES)], out[:, len(MODALITIES) :]

    def roles(self, states: Tensor, targets: Sequence[Target], candidates: Sequence[Candidate]) -> tuple[Tensor, Tensor]:
        """Logits of "no role" and every role, and the logit of being the event's source, for every entity of the candidates.

        Of an entity with several arguments the odds are added: one of them in the right place is enough.
        """
        owners = [targets[c.target] for c in candidates]
        types = torch.tensor([t.type for t in owners])
        parsed = states[:, :, : -self.sizes.meaning]
        left = self.left(parsed[[t.sentence for t in owners], [t.at for t in owners]])
        right = self.right(parsed[[c.sentence for c in candidates], [c.head for c in candidates]])
        categories = torch.tensor([c.pair.categories for c in candidates])
        known = torch.cat([e(categories[:, i]) for i, e in enumerate(self.categories)], 1)
        numbers = torch.tensor([c.pair.numbers for c in candidates])
        between = torch.relu(self.between(self._span(states, owners, candidates)))
        out = self.role(torch.cat([left * right, torch.relu(left), torch.relu(right), self.kind(types), known, numbers, between], 1))
        odds = torch.cat([out[:, 1:-1] - out[:, :1], out[:, -1:]], 1)
        entities = torch.tensor([c.entity for c in candidates])
        highest = odds.new_full((int(entities.max()) + 1, odds.shape[1]), float("-inf"))
        highest = highest.scatter_reduce(0, entities[:, None].expand_as(odds), odds.detach(), "amax")
        summed = torch.zeros_like(highest).index_add(0, entities, (odds - highest[entities]).exp()).log() + highest
        owner = torch.zeros(len(highest), dtype=torch.long).index_put((entities,), types)
        roles = torch.cat([torch.zeros(len(highest), 1), summed[:, :-1]], 1)
        return roles + self.allowed[owner], summed[:, -1]

    def _span(self, states: Tensor, owners: Sequence[Target], candidates: Sequence[Candidate]) -> Tensor:
        """The mean state of the words from trigger to argument; of the argument alone where it stands in another sentence."""
        sums: Tensor = nn.functional.pad(states[:, :, : self.sizes.hidden * 2].cumsum(1), (0, 0, 1, 0))
        ends = [sorted((c.head, t.at if c.sentence == t.sentence else c.head)) for c, t in zip(candidates, owners, strict=True)]
        low, high = torch.tensor(ends).T
        rows = torch.tensor([c.sentence for c in candidates])
        return cast(Tensor, (sums[rows, high + 1] - sums[rows, low]) / (high + 1 - low)[:, None])

    def revised(self, first: Tensor, targets: Sequence[Target], candidates: Sequence[Candidate]) -> Tensor:
        """The logits of `roles`, when events have heard of the roles that an entity has in others nearby, and of who else is in this one."""
        by_entity = groupby(sorted(candidates, key=lambda c: c.entity), key=lambda c: c.entity)
        mine = [next(group) for _, group in by_entity]
        # What was learned without the others is not to be changed for their sake.
        first_p = first.detach().softmax(1)
        kinds = self.kind(torch.tensor([targets[c.target].type for c in mine]))
        total = first.new_zeros(len(mine), self.sizes.message)
        most = first.new_zeros(len(mine), self.sizes.message)
        if nearby := _nearby(mine, targets):
            to, by = torch.tensor([pair for pair, _ in nearby]).T
            places = torch.tensor([[float(x) for x in place] for _, place in nearby])
            said = self.tell(torch.cat([first_p[by], kinds[by], places], 1)) * places[:, -1:]
            total = total.index_add(0, to, said)
            most = most.scatter_reduce(0, to[:, None].expand_as(said), said, "amax")
        owner = torch.tensor([c.target for c in mine])
        by_target = first.new_zeros(len(targets), first.shape[1])
        others = by_target.index_add(0, owner, first_p)[owner] - first_p
        best = by_target.scatter_reduce(0, owner[:, None].expand_as(first_p), first_p, "amax")[owner]
        sort = self.sort(torch.tensor([c.pair.categories[0] for c in mine]))
        known = [first.detach().clamp(min=-8, max=8), others[:, 1:], best - first_p, kinds, sort, total, most]
        return first + cast(Tensor, self.again(torch.cat(known, 1)))


def _nearby(mine: Sequence[Candidate], targets: Sequence[Target]) -> list[tuple[tuple[int, int], tuple[float, ...]]]:
    """For the candidates of one thing in two events at most two sentences apart: their places in `mine`, and where the second event stands."""
    of: dict[int, list[int]] = defaultdict(list)
    for n, c in enumerate(mine):
        of[c.thing].append(n)
    out: list[tuple[tuple[int, int], tuple[float, ...]]] = []
    for group in of.values():
        for to, by in permutations(group, 2):
            here, there = targets[mine[to].target], targets[mine[by].target]
            gap = there.sentence - here.sentence
            if abs(gap) <= BACK and (gap or there.at != here.at):
                close = gap == 0 and abs(there.at - here.at) <= _CLOSE
                place = gap == 0, gap < 0, gap > 0, gap == 0 and there.at < here.at, close, there.type == here.type, there.surety
                out.append(((to, by), place))
    return out


class Scorer:
    """Networks that are asked together; every answer is the mean of theirs."""

    def __init__(self, networks: Sequence[Network], settings: Mapping[str, float]) -> None:
        self.networks = [n.eval() for n in networks]
        self.settings = dict(settings)
        self._stacks = [Stack([n.lstm]) for n in self.networks] if possible() else []
        self._states: list[Tensor] = []
        self._ahead: dict[tuple[Hashable, ...], list[tuple[Tensor, Tensor]]] = {}

    def look_ahead(self, documents: Sequence[Sequence[Words]]) -> None:
        """Read the sentences of documents together, which costs less; `triggers` will be asked for each. What was read for others is dropped."""
        self._ahead.clear()
        if documents and self._stacks:
            self._ahead |= zip(map(_key, documents), self._encoded(documents), strict=True)

    @torch.no_grad()
    def _encoded(self, documents: Sequence[Sequence[Words]]) -> list[list[tuple[Tensor, Tensor]]]:
        """For each document what each network makes of it."""
        read = self.networks[0].read([[s.forms for s in sentences] for sentences in documents])
        if self._stacks:
            by_network = [n.encode_together(stack, documents, read) for n, stack in zip(self.networks, self._stacks, strict=True)]
        else:
            by_network = [[n.encode(d, known) for d, known in zip(documents, read, strict=True)] for n in self.networks]
        return [list(each) for each in zip(*by_network, strict=True)]

    @torch.no_grad()
    def triggers(self, sentences: Sequence[Words]) -> Tensor:
        """Probabilities (sentence, word, type) of "no trigger" (0) and of every type; the states are kept for `roles` and `facts`."""
        encoded = self._ahead.pop(_key(sentences), None) or self._encoded([sentences])[0]
        self._states = [states for states, _ in encoded]
        return torch.stack([logits.softmax(2) for _, logits in encoded]).mean(0)

    @torch.no_grad()
    def facts(self, targets: Sequence[Target]) -> tuple[Tensor, Tensor]:
        """Probabilities of modalities and polarities of targets in the sentences last read."""
        both = [n.facts(states, targets) for n, states in zip(self.networks, self._states, strict=True)]
        modality, polarity = (torch.stack([b[k].softmax(1) for b in both]).mean(0) for k in (0, 1))
        return modality, polarity

    @torch.no_grad()
    def roles(self, targets: Sequence[Target], candidates: Sequence[Candidate]) -> tuple[Tensor, Tensor]:
        """Probabilities of roles (0: none), and of being the source, of the entities of candidates in the sentences last read."""
        if not candidates:
            return torch.zeros(0, len(ROLES) + 1), torch.zeros(0)
        both = [(n, *n.roles(states, targets, candidates)) for n, states in zip(self.networks, self._states, strict=True)]
        roles = torch.stack([n.revised(first, targets, candidates).softmax(1) for n, first, _source in both]).mean(0)
        return roles, torch.stack([source.sigmoid() for *_first, source in both]).mean(0)


def _key(sentences: Sequence[Words]) -> tuple[Hashable, ...]:
    """What tells documents that are read together from one another: all that is said of their words; arrays cannot be compared so."""
    return tuple((s.forms, s.lemmas, s.upos, s.deprel, s.heads, s.argument, s.frames, id(s.states)) for s in sentences)


#: Weights are written as whole numbers from -127 to 127 with a scale for each row; small ones as they are.
_LEVELS = 127
_SMALL = 1000


def _packed(weight: Tensor) -> dict[str, Tensor]:
    if weight.dim() < 2 or weight.numel() < _SMALL:
        return {"as it is": weight}
    rows = weight.flatten(1)
    scale = rows.abs().amax(1, keepdim=True).clamp(min=1e-12) / _LEVELS
    return {"rows": (rows / scale).round().to(torch.int8).view(weight.shape), "scale": scale}


def _unpacked(packed: Mapping[str, Tensor]) -> Tensor:
    if "as it is" in packed:
        return packed["as it is"]
    rows, scale = packed["rows"], packed["scale"]
    return (rows.float().flatten(1) * scale).view(rows.shape)


def save(scorer: Scorer, path: Path) -> None:
    """Write networks (each weight to a 127th of the largest of its row) and settings, without the word vectors."""
    weights = [{k: _packed(v) for k, v in n.state_dict().items()} for n in scorer.networks]
    torch.save({"sizes": asdict(scorer.networks[0].sizes), "settings": scorer.settings, "weights": weights}, path)


@lru_cache(1)
def read_vectors(path: Path) -> tuple[Tensor, Callable[[str], int]]:
    """The word vectors of a pack, and the number of a word in them (1 for one that is not there)."""
    pretrain: Any = torch.load(path, weights_only=True)
    known: dict[str, int] = pretrain["vocab"]["_unit2id"]
    return cast(Tensor, pretrain["emb"]).float(), lambda word: known.get(word, 1)


def load(path: Path, vectors: Path) -> Scorer:
    """Read what `save` wrote, and the word vectors and word models beside them. KgError if one is not what it should be."""
    with loading(_("cannot load the event model {path}: {error} {why}"), path):
        saved = torch.load(io.BytesIO(path.read_bytes()), weights_only=True)
        emb, lookup = read_vectors(vectors)
        if emb.shape[1] != saved["sizes"]["vectors"]:
            message = _("it was made for word vectors of {wanted} dimensions, and {file} has {found}")
            raise ValueError(message.format(wanted=saved["sizes"]["vectors"], file=vectors, found=emb.shape[1]))
        words = word_models.load(vectors.with_name("words.pt"), emb, lookup)
        networks = []
        for weights in saved["weights"]:
            network = Network(Sizes(**saved["sizes"]), emb, lookup, words.of_documents)
            network.load_state_dict({k: _unpacked(v) if isinstance(v, dict) else v for k, v in weights.items()})
            networks.append(network)
        return Scorer(networks, saved["settings"])
