"""The tagger of the four classes PER, LOC, ORG and MISC, which the literature measures Arabic NER by.

ANERcorp (newswire) and AQMAR (Wikipedia) annotate by different rules: MISC is nationalities in the one, terms and events in the
other. So the tagger has a head for each, and the words say which of the two kinds of text is before it.
"""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.errors import KgError

_BIO = str.maketrans({"S": "B", "E": "I"})
_BATCH = 64


def label(trainer: Any, head: int, sentences: Sequence[Sequence[str]]) -> list[list[str]]:
    """BIO labels of one head of a Stanza NER trainer, for sentences given as tokens."""
    import torch
    from stanza.models.common.doc import Document
    from stanza.models.ner.data import DataLoader

    document = Document([[{"id": i + 1, "text": t} for i, t in enumerate(tokens)] for tokens in sentences])
    loaded = DataLoader(document, _BATCH, trainer.args, vocab=trainer.vocab, evaluation=True, preprocess_tags=False)
    # A pipeline returns one head; this may be another.
    kept, trainer.args["predict_tagset"] = trainer.args["predict_tagset"], head
    try:
        with torch.no_grad():
            tags = [labels for batch in loaded for labels in trainer.predict(batch)]
    finally:
        trainer.args["predict_tagset"] = kept
    return [[t[:1].translate(_BIO) + t[1:] for t in labels] for labels in tags]


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
    """A tagger with a head for Wikipedia (0) and one for newswire (1), and the direction in the word vectors that parts the two."""

    trainer: Any
    vectors: Any
    weights: Any
    bias: float

    def encyclopedic(self, sentences: Sequence[Sequence[str]]) -> float:
        """How much a text is like an encyclopedia (above 0) rather than news: logistic regression over the mean of its word vectors."""
        mean = mean_vector(self.vectors, sentences)
        return 0.0 if mean is None else float(mean @ self.weights + self.bias)

    def label(self, sentences: Sequence[Sequence[str]]) -> list[list[str]]:
        """BIO labels of sentences, which are taken for one text."""
        return label(self.trainer, 0 if self.encyclopedic(sentences) > 0 else 1, sentences)


def load(path: Path, shorthand: str) -> FourClasses:
    """Read a pack's `four.pt`, with the word vectors and character models beside it. KgError if one cannot be read."""
    import torch
    from stanza.models.ner.trainer import Trainer

    try:
        saved = torch.load(path, map_location="cpu", weights_only=True)
        domain = saved.pop("domain")
        vectors = read_vectors(path.with_name("vectors.pt"))
        saved["vocab"]["word"] = vectors.vocab.state_dict()
        characters = {f"charlm_{name}_file": str(path.with_name(f"{name}.pt")) for name in ("forward", "backward")}
        with tempfile.TemporaryDirectory() as folder:  # Stanza reads files only
            whole = Path(folder) / path.name
            torch.save(saved, whole)
            trainer = Trainer(model_file=str(whole), pretrain=vectors, args=characters | {"shorthand": shorthand}, device="cpu")
        return FourClasses(trainer, vectors, domain["weights"].float(), float(domain["bias"]))
    except (OSError, EOFError, RuntimeError, KeyError, TypeError, ValueError, AttributeError, pickle.UnpicklingError) as e:
        raise KgError(f"cannot load the four-class tagger {path}: {type(e).__name__} {str(e)[:200]}") from e
