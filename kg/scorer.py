"""The learned reader of events: which words are triggers of which type, which arguments fill which roles, who says so, whether it happened.

A small network (two LSTM layers in both directions over the words that `kg.features` describes, word vectors of the model
pack) trained by `kg.training.events`. What words mean where they stand it takes from `kg.word_models`; events hear of one another's
roles before these are decided. Frames stay: what they propose is part of what the network sees, so that it weighs parse,
position and frame against one another. Several networks that differ in their random start are averaged.
"""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence, pack_sequence

from kg import word_models
from kg.features import CATEGORIES, DEPRELS, FLAGS, LETTERS, ROLES, TYPES, UPOS, Candidate, Target, Words
from kg.language import _
from kg.model import ENTITY_TYPES, EVENT_ROLES, MODALITIES, POLARITIES
from kg.packs import loading
from kg.recurrent import Linear, Stack, possible
from kg.tensors import PLACES, PairRows, TargetRows, WordRows, starts_of

#: Dimensions of the embeddings of a pair's categories, in the order of `kg.features.CATEGORIES`.
_CATEGORY_DIMS = (10, 4, 12, 6, 12, 12, 32, 6, 12, 4)

#: The share of sentences that a network in training reads without the parser's states, so that it can do without.
_WITHOUT = 0.1


@dataclass(frozen=True, slots=True)
class Sizes:
    """Dimensions of a network."""

    vectors: int = 100
    hidden: int = 192
    input: int = 256
    letters: int = 40
    pair: int = 128
    layers: int = 2
    states: int = 400
    context: int = 112
    dropout: float = 0.25
    span: int = 48
    message: int = 48
    read: int = 1024
    meaning: int = 64


#: The words of the sentences of documents -> what they mean where they stand (words x dimensions): `kg.word_models`.
Read = Callable[[Sequence[Sequence[Sequence[str]]]], Sequence[Sequence[Tensor]]]


class _Drop(nn.Module):
    """Dropout whose chances are whole numbers of 256ths: PyTorch draws each number by itself, which took a quarter of the training."""

    def __init__(self, rate: float) -> None:
        super().__init__()
        self.below = round(rate * 256)

    def forward(self, x: Tensor) -> Tensor:
        if not self.training or not self.below:
            return x
        drawn = torch.empty((x.numel() + 7) // 8, dtype=torch.long, device=x.device).random_(-(2**63), None).view(torch.uint8)
        return x * (drawn[: x.numel()].view(x.shape) >= self.below) * (256 / (256 - self.below))


class Network(nn.Module):
    """See the module. `lookup` gives the number of a word in `vectors`, which are kept out of the saved file, as is what `read` knows.

    `fast_lstm` may give in training the states of the LSTM for its packed inputs, in less time.
    """

    fast_lstm: Callable[[PackedSequence], Tensor] | None = None

    def __init__(self, sizes: Sizes, vectors: Tensor, lookup: Callable[[str], int], read: Read) -> None:
        super().__init__()
        self.sizes, self.lookup, self.read = sizes, lookup, read
        self.vectors = vectors
        n = sizes.hidden * 2
        self.upos = nn.Embedding(len(UPOS) + 1, 16)
        self.deprel = nn.Embedding(len(DEPRELS) + 1, 16)
        self.argument = nn.Embedding(2 * len(ENTITY_TYPES) + 1, 16)
        self.letters = nn.EmbeddingBag(LETTERS, sizes.letters, mode="mean", padding_idx=0)
        self.context = Linear(sizes.states, sizes.context)
        self.enter = Linear(3 * sizes.vectors + 48 + sizes.letters + len(TYPES) + sizes.context, sizes.input)
        self.lstm = nn.LSTM(sizes.input, sizes.hidden, sizes.layers, bidirectional=True, batch_first=True, dropout=sizes.dropout)
        self.meaning = Linear(sizes.read, sizes.meaning)
        self.trigger = nn.Sequential(Linear(n + len(TYPES) + sizes.meaning, 128), nn.ReLU(), _Drop(sizes.dropout), Linear(128, len(TYPES) + 1))
        self.kind = nn.Embedding(len(TYPES), 24)
        self.factual = nn.Sequential(
            nn.Linear(3 * n + sizes.meaning + 24 + len(MODALITIES) + len(POLARITIES), 96),
            nn.ReLU(),
            _Drop(sizes.dropout),
            nn.Linear(96, len(MODALITIES) + len(POLARITIES)),
        )
        self.left, self.right = nn.Linear(3 * n, sizes.pair), nn.Linear(3 * n, sizes.pair)
        self.categories = nn.ModuleList(nn.Embedding(size, dim) for size, dim in zip(CATEGORIES, _CATEGORY_DIMS, strict=True))
        self.between = nn.Linear(n, sizes.span)
        width = 3 * sizes.pair + 24 + sum(_CATEGORY_DIMS) + FLAGS + 3 * len(ROLES) + sizes.span
        self.role = nn.Sequential(
            nn.Linear(width, 192), nn.ReLU(), _Drop(sizes.dropout), nn.Linear(192, 96), nn.ReLU(), _Drop(sizes.dropout),
            nn.Linear(96, len(ROLES) + 2),
        )  # fmt: skip
        m, every = sizes.message, len(ROLES) + 1
        self.tell = nn.Sequential(nn.Linear(every + 24 + PLACES, m), nn.ReLU())
        self.sort = nn.Embedding(len(ENTITY_TYPES) + 1, 12)
        self.again = nn.Sequential(
            nn.Linear(3 * every - 1 + 24 + 12 + 2 * m, 128), nn.ReLU(), _Drop(sizes.dropout), nn.Linear(128, every),
        )  # fmt: skip
        self.drop = _Drop(sizes.dropout)
        allowed = torch.full((len(TYPES), len(ROLES) + 1), float("-inf"))
        allowed[:, 0] = 0.0
        for t, roles in EVENT_ROLES.items():
            for r in roles:
                allowed[TYPES.index(t), ROLES.index(r) + 1] = 0.0
        self.allowed = allowed

    def rows(self, sentences: Sequence[Words]) -> WordRows:
        """The words of sentences as tensors; those of one network serve all that ship together."""
        return WordRows.of(sentences, self.vectors, self.lookup, self.sizes.states)

    def encode(self, words: WordRows, read: Tensor) -> tuple[Tensor, Tensor]:
        """What the network makes of the words of a document, and of what they have been `read` as (words x dimensions).

        Returns:
            States of all words, each with that of its governor and of the governor's governor and with what the word means there (words x
            dimensions), and the logits of "no trigger" and of every event type (words x types).
        """
        order = pack_sequence(torch.arange(len(words.governors)).split(words.lengths), enforce_sorted=False)  # type: ignore[no-untyped-call]
        packed = PackedSequence(self.lstm_inputs(words)[order.data], order.batch_sizes)
        found = self.fast_lstm(packed) if self.fast_lstm and self.training else self.lstm(packed)[0].data
        return self.from_states(words, torch.empty_like(found).index_put((order.data,), found), read)

    def lstm_inputs(self, words: WordRows) -> Tensor:
        """What the LSTM reads of words."""
        parsed = words.parsed
        if self.training:  # the rest must do where another parser has parsed
            kept = torch.tensor([random.random() >= _WITHOUT for _ in words.lengths], dtype=parsed.dtype)
            parsed = parsed * kept.repeat_interleave(torch.tensor(words.lengths))[:, None]
        context = torch.relu(self.context(self.drop(parsed)))
        tags = [e(words.tags[:, i]) for i, e in enumerate((self.upos, self.deprel, self.argument))]
        x = torch.cat([self.drop(words.known), *tags, self.letters(*words.letters), words.frames, context], 1)
        return cast(Tensor, self.drop(torch.relu(self.enter(x))))

    def from_states(self, words: WordRows, states: Tensor, read: Tensor) -> tuple[Tensor, Tensor]:
        """What `encode` gives, from the states of the LSTM."""
        states = self.drop(states)
        governors = states[words.governors]
        meaning = torch.relu(self.meaning(self.drop(read)))
        return torch.cat([states, governors, governors[words.governors], meaning], 1), self.trigger(torch.cat([states, words.frames, meaning], 1))

    def facts(self, states: Tensor, targets: TargetRows) -> tuple[Tensor, Tensor]:
        """Logits of the modality and of the polarity of every target."""
        out = self.factual(torch.cat([states[targets.at], self.kind(targets.types), targets.rules], 1))
        return out[:, : len(MODALITIES)], out[:, len(MODALITIES) :]

    def roles(self, states: Tensor, pairs: PairRows) -> tuple[Tensor, Tensor]:
        """Logits of "no role" and every role, and the logit of being the event's source, for every entity of the candidates.

        Of an entity with several arguments the odds are added: one of them in the right place is enough.
        """
        parsed = states[:, : -self.sizes.meaning]
        left = self.left(parsed[pairs.targets.at])[pairs.of_target]
        right = self.right(parsed[pairs.head_rows])[pairs.head_at]
        kinds = self.kind(pairs.targets.types)[pairs.of_target]
        known = [e(pairs.categories[:, i]) for i, e in enumerate(self.categories)]
        between = torch.relu(self.between(self._span(states, pairs)))
        out = self.role(torch.cat([left * right, torch.relu(left), torch.relu(right), kinds, *known, pairs.numbers, between], 1))
        odds = torch.cat([out[:, 1:-1] - out[:, :1], out[:, -1:]], 1)
        highest = odds.new_full((len(pairs.entity_target), odds.shape[1]), float("-inf"))
        highest = highest.scatter_reduce(0, pairs.entity[:, None].expand_as(odds), odds.detach(), "amax")
        summed = torch.zeros_like(highest).index_add(0, pairs.entity, (odds - highest[pairs.entity]).exp()).log() + highest
        roles = torch.cat([torch.zeros(len(highest), 1), summed[:, :-1]], 1)
        return roles + self.allowed[pairs.targets.types[pairs.entity_target]], summed[:, -1]

    def _span(self, states: Tensor, pairs: PairRows) -> Tensor:
        """The mean state of the words from trigger to argument; of the argument alone where it stands in another sentence."""
        sums: Tensor = nn.functional.pad(states[:, : self.sizes.hidden * 2].cumsum(0, dtype=torch.double), (0, 0, 1, 0))
        return ((sums[pairs.high + 1] - sums[pairs.low]) / (pairs.high + 1 - pairs.low)[:, None]).to(states.dtype)

    def revised(self, first: Tensor, pairs: PairRows) -> Tensor:
        """The logits of `roles`, when events have heard of the roles that an entity has in others nearby, and of who else is in this one."""
        # What was learned without the others is not to be changed for their sake.
        first_p = first.detach().softmax(1)
        kinds = self.kind(pairs.targets.types)[pairs.entity_target]
        total = first.new_zeros(len(first), self.sizes.message)
        most = first.new_zeros(len(first), self.sizes.message)
        if len(pairs.to):
            said = self.tell(torch.cat([first_p[pairs.by], kinds[pairs.by], pairs.places], 1)) * pairs.places[:, -1:]
            total = total.index_add(0, pairs.to, said)
            most = most.scatter_reduce(0, pairs.to[:, None].expand_as(said), said, "amax")
        by_target = first.new_zeros(len(pairs.targets.at), first.shape[1])
        others = by_target.index_add(0, pairs.entity_target, first_p)[pairs.entity_target] - first_p
        best = by_target.scatter_reduce(0, pairs.entity_target[:, None].expand_as(first_p), first_p, "amax")[pairs.entity_target]
        known = [first.detach().clamp(min=-8, max=8), others[:, 1:], best - first_p, kinds, self.sort(pairs.entity_type), total, most]
        return first + cast(Tensor, self.again(torch.cat(known, 1)))


@dataclass(frozen=True, slots=True)
class _Encoded:
    """How long the sentences of a document are, and what each network makes of them (`Network.encode`)."""

    lengths: tuple[int, ...]
    by_network: list[tuple[Tensor, Tensor]]


class Scorer:
    """Networks that are asked together; every answer is the mean of theirs."""

    def __init__(self, networks: Sequence[Network], settings: Mapping[str, float]) -> None:
        self.networks = [n.eval() for n in networks]
        self.settings = dict(settings)
        self._stack = Stack([[n.lstm] for n in self.networks]) if possible() else None
        self._starts: tuple[int, ...] = ()
        self._states: list[Tensor] = []
        self._ahead: dict[tuple[Hashable, ...], _Encoded] = {}

    def look_ahead(self, documents: Sequence[Sequence[Words]]) -> None:
        """Read the sentences of documents together, which costs less; `triggers` will be asked for each. What was read for others is dropped."""
        self._ahead.clear()
        if documents and self._stack:
            self._ahead |= zip(map(_key, documents), self._encoded(documents), strict=True)

    @torch.no_grad()
    def _encoded(self, documents: Sequence[Sequence[Words]]) -> list[_Encoded]:
        """What each network makes of each document."""
        read = [torch.cat(list(known)) for known in self.networks[0].read([[s.forms for s in sentences] for sentences in documents])]
        lengths = [tuple(len(s.forms) for s in sentences) for sentences in documents]
        if self._stack:
            # Whatever stands beside a word here, its numbers are the same: whole ones, or each computed by itself.
            rows = self.networks[0].rows([s for sentences in documents for s in sentences])
            inputs = [n.lstm_inputs(rows) for n in self.networks]
            columns = self._stack.states(inputs, [torch.arange(len(rows.governors))] * len(inputs), rows.lengths)
            known = torch.cat(read)
            sizes = [sum(own) for own in lengths]
            both = [n.from_states(rows, layers[-1], known) for n, layers in zip(self.networks, columns, strict=True)]
            by_network = [list(zip(states.split(sizes), logits.split(sizes), strict=True)) for states, logits in both]  # type: ignore[no-untyped-call]
        else:
            each_rows = [self.networks[0].rows(sentences) for sentences in documents]
            by_network = [[n.encode(*each) for each in zip(each_rows, read, strict=True)] for n in self.networks]
        return [_Encoded(own, list(each)) for own, each in zip(lengths, zip(*by_network, strict=True), strict=True)]

    @torch.no_grad()
    def triggers(self, sentences: Sequence[Words]) -> list[Tensor]:
        """For each sentence probabilities (word, type) of "no trigger" (0) and of every type; the states are kept for `roles` and `facts`."""
        encoded = self._ahead.pop(_key(sentences), None) or self._encoded([sentences])[0]
        self._starts = starts_of(encoded.lengths)
        self._states = [states for states, _ in encoded.by_network]
        mean = torch.stack([logits.softmax(1) for _, logits in encoded.by_network]).mean(0)
        return list(mean.split(encoded.lengths))  # type: ignore[no-untyped-call]

    @torch.no_grad()
    def facts(self, targets: Sequence[Target]) -> tuple[Tensor, Tensor]:
        """Probabilities of modalities and polarities of targets in the sentences last read."""
        rows = TargetRows.of(self._starts, targets)
        both = [n.facts(states, rows) for n, states in zip(self.networks, self._states, strict=True)]
        modality, polarity = (torch.stack([b[k].softmax(1) for b in both]).mean(0) for k in (0, 1))
        return modality, polarity

    @torch.no_grad()
    def roles(self, targets: Sequence[Target], candidates: Sequence[Candidate]) -> tuple[Tensor, Tensor]:
        """Probabilities of roles (0: none), and of being the source, of the entities of candidates in the sentences last read."""
        if not candidates:
            return torch.zeros(0, len(ROLES) + 1), torch.zeros(0)
        pairs = PairRows.of(self._starts, targets, candidates)
        both = [(n, *n.roles(states, pairs)) for n, states in zip(self.networks, self._states, strict=True)]
        roles = torch.stack([n.revised(first, pairs).softmax(1) for n, first, _source in both]).mean(0)
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
