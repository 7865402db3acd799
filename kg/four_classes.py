"""The tagger of the four classes PER, LOC, ORG and MISC, which the literature measures Arabic NER by.

ANERcorp (newswire) and AQMAR (Wikipedia) annotate by different rules: MISC is nationalities in the one, terms and events in the
other. So there is a head for each, and the words say which of the two kinds of text is before it. Where taggers that were trained in
different ways have a head for one kind, their scores are added: their mistakes differ.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.language import _
from kg.packs import loading

_BIO = str.maketrans({"S": "B", "E": "I"})
_BATCH = 64


def label(trainer: Any, head: int, sentences: Sequence[Sequence[str]]) -> list[list[str]]:
    """BIO labels of one head of a Stanza NER trainer, for sentences given as tokens."""
    import torch

    # A pipeline returns one head; this may be another.
    kept, trainer.args["predict_tagset"] = trainer.args["predict_tagset"], head
    try:
        with torch.no_grad():
            tags = [labels for batch in _batches(trainer, sentences) for labels in trainer.predict(batch)]
    finally:
        trainer.args["predict_tagset"] = kept
    return [_plain(labels) for labels in tags]


def label_together(asked: Sequence[tuple[Any, int]], sentences: Sequence[Sequence[str]]) -> list[list[str]]:
    """BIO labels by the sum of the scores of several trainers' heads, which know the same tags."""
    from stanza.models.common.crf import viterbi_decode
    from stanza.models.common.vocab import VOCAB_PREFIX_SIZE
    from stanza.models.ner.trainer import fix_singleton_tags

    if len(asked) == 1:
        return label(*asked[0], sentences)
    tags: list[str] = asked[0][0].vocab["tag"].items(asked[0][1])
    scores: list[Any] = []
    moves: Any = 0.0
    for trainer, head in asked:
        theirs = trainer.vocab["tag"].items(head)
        order = [theirs.index(tag) for tag in tags]
        found, between = _scores(trainer, head, sentences)
        moves = moves + between[order][:, order]
        scores = [own + new[:, order] for own, new in zip(scores or [0.0] * len(found), found, strict=True)]
    paths = [viterbi_decode(s / len(asked), moves / len(asked))[0] for s in scores]
    return [_plain(fix_singleton_tags([tags[i] if i >= VOCAB_PREFIX_SIZE else "O" for i in path])) for path in paths]


def _scores(trainer: Any, head: int, sentences: Sequence[Sequence[str]]) -> tuple[list[Any], Any]:
    """A head's scores of all tags, words x tags for each sentence, and of one tag after another."""
    import torch
    from stanza.models.common.utils import unsort
    from stanza.models.ner.trainer import unpack_batch

    trainer.model.eval()
    out: list[Any] = []
    moves: Any = None
    with torch.no_grad():
        for batch in _batches(trainer, sentences):
            inputs, order, word_order, char_order, lengths, word_lengths, char_lengths, offsets = unpack_batch(batch, "cpu")
            word, letters, mask, chars, tags = inputs
            _loss, logits, between = trainer.model(
                word, letters, mask, tags, word_order, lengths, word_lengths, chars, offsets, char_lengths, char_order
            )
            out += unsort([logits[head][i, :n].numpy() for i, n in enumerate(lengths)], order)
            moves = between[head].numpy()
    return out, moves


def _batches(trainer: Any, sentences: Sequence[Sequence[str]]) -> Any:
    from stanza.models.common.doc import Document
    from stanza.models.ner.data import DataLoader

    document = Document([[{"id": i + 1, "text": t} for i, t in enumerate(tokens)] for tokens in sentences])
    return DataLoader(document, _BATCH, trainer.args, vocab=trainer.vocab, evaluation=True, preprocess_tags=False)


def _plain(labels: Sequence[str]) -> list[str]:
    return [t[:1].translate(_BIO) + t[1:] for t in labels]


def read_vectors(path: Path) -> Any:
    """A pack's word vectors as Stanza's `Pretrain`, in single precision."""
    from stanza.models.common.pretrain import Pretrain

    vectors = Pretrain(str(path))
    vectors._emb = vectors.emb.float()
    return vectors


def mean_vector(vectors: Any, sentences: Sequence[Sequence[str]]) -> Any:
    """The mean of the vectors of all tokens that have one; None if none has."""
    import torch

    rows = [vectors.vocab.unit2id(t) for tokens in sentences for t in tokens if t in vectors.vocab]
    return torch.as_tensor(vectors.emb)[torch.tensor(rows)].mean(0) if rows else None


@dataclass(frozen=True, slots=True)
class FourClasses:
    """Taggers; which of their heads (tagger, head) answer for Wikipedia, and which for news; the direction in the word vectors that parts them."""

    taggers: Sequence[Any]
    encyclopedia: Sequence[tuple[int, int]]
    news: Sequence[tuple[int, int]]
    vectors: Any
    weights: Any
    bias: float

    def encyclopedic(self, sentences: Sequence[Sequence[str]]) -> float:
        """How much a text is like an encyclopedia (above 0) rather than news: logistic regression over the mean of its word vectors."""
        mean = mean_vector(self.vectors, sentences)
        return 0.0 if mean is None else float(mean @ self.weights + self.bias)

    def label(self, sentences: Sequence[Sequence[str]]) -> list[list[str]]:
        """BIO labels of sentences, which are taken for one text."""
        heads = self.encyclopedia if self.encyclopedic(sentences) > 0 else self.news
        return label_together([(self.taggers[t], head) for t, head in heads], sentences)


def load(path: Path, shorthand: str) -> FourClasses:
    """Read a pack's `four.pt`, with the word vectors and character models beside it. KgError if one cannot be read."""
    import torch

    with loading(_("cannot load the four-class tagger {path}: {error} {why}"), path):
        saved = torch.load(path, map_location="cpu", weights_only=True)
        vectors = read_vectors(path.with_name("vectors.pt"))
        taggers = [_trainer(tagger, vectors, path, shorthand) for tagger in saved["taggers"]]
        weights, bias = saved["domain"]["weights"].float(), float(saved["domain"]["bias"])
        return FourClasses(taggers, saved["encyclopedia"], saved["news"], vectors, weights, bias)


def _trainer(saved: dict[str, Any], vectors: Any, path: Path, shorthand: str) -> Any:
    """A Stanza trainer from its saved form without the vocabulary of the word vectors, which all share."""
    import torch
    from stanza.models.ner.trainer import Trainer

    saved["vocab"]["word"] = vectors.vocab.state_dict()
    characters = {f"charlm_{name}_file": str(path.with_name(f"{name}.pt")) for name in ("forward", "backward")}
    with tempfile.TemporaryDirectory() as folder:  # Stanza reads files only
        whole = Path(folder) / path.name
        torch.save(saved, whole)
        return Trainer(model_file=str(whole), pretrain=vectors, args=characters | {"shorthand": shorthand}, device="cpu")
