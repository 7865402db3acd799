"""Character language models over the news corpus, forward and backward, with Stanza's `charlm` trainer.

NER reads tokens, tagger and parser read syntactic words, so every third sentence has its clitics split off. Sentences are
written as `build_char_representation` joins them at run time: words parted by one space.

Stanza trains with plain SGD, for many epochs on GPUs. Here one pass over the corpus must do: Adam, whose rate rises over the
first hundredth and falls to nothing along a cosine, learns far more in it.
"""

from __future__ import annotations

import collections
import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kg.training.rates import fall
from kg.training.vectors import Splitter, read

#: Sentence ends inside a line of the corpus.
_ENDS = frozenset(".!؟?")
#: The last lines of the corpus, never trained on: the eval figure of the trainer.
_EVAL_LINES = 2_000


def prepare(corpus: Path, train: Path, evaluation: Path) -> int:
    """Write the corpus as training and evaluation text, a sentence a line; returns the number of characters to train on."""
    lines = list(read(corpus))
    splitter = Splitter(collections.Counter(w for line in lines for w in line))
    size = number = 0
    for path, part in ((train, lines[:-_EVAL_LINES]), (evaluation, lines[-_EVAL_LINES:])):
        size = 0
        with path.open("w", encoding="utf-8") as out:
            for line in part:
                sentence: list[str] = []
                for i, word in enumerate(line):
                    sentence += splitter.split(word) if number % 3 == 2 else [word]
                    if (word in _ENDS and len(sentence) > 3) or i + 1 == len(line):
                        size += out.write(" ".join(sentence) + " \n")
                        sentence, number = [], number + 1
        if path == train:
            train_size = size
    return train_size


def train(arguments: list[str], steps: int, rate: float) -> None:
    """Run Stanza's trainer with Adam for `steps` updates in place of SGD."""
    import torch
    from stanza.models import charlm
    from stanza.models.common.char_model import CharacterLanguageModelTrainer

    class Trainer(CharacterLanguageModelTrainer):  # type: ignore[misc]  # Stanza is untyped
        @classmethod
        def from_new_model(cls, args: dict[str, Any], vocab: Any) -> Any:
            trainer = super().from_new_model(args, vocab)
            trainer.optimizer = fall(torch.optim.Adam(trainer.params, lr=rate), steps, rate)
            trainer.scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(trainer.optimizer, factor=1 - 1e-9, patience=10**9)
            return trainer

    charlm.CharacterLanguageModelTrainer = Trainer
    try:
        charlm.main(arguments)
    finally:
        charlm.CharacterLanguageModelTrainer = CharacterLanguageModelTrainer


@contextlib.contextmanager
def remembered() -> Iterator[None]:
    """While a tagger or parser is trained, keep what the frozen language models say of a sentence: it never changes.

    Without this every epoch computes it anew, and that is most of the work.
    """
    import torch
    from stanza.models.common.char_model import CharacterLanguageModel
    from torch.nn.utils.rnn import pack_sequence

    kept: dict[tuple[int, object], torch.Tensor] = {}
    by_words, by_characters = CharacterLanguageModel.build_char_representation, CharacterLanguageModel.get_representation

    def build_char_representation(self: Any, sentences: list[list[str]]) -> list[torch.Tensor]:
        keys = [(id(self), tuple(words)) for words in sentences]
        missing = {key: words for key, words in zip(keys, sentences, strict=True) if key not in kept}
        if missing:
            kept.update(zip(missing, (r.clone() for r in by_words(self, list(missing.values()))), strict=True))
        return [kept[key] for key in keys]

    def get_representation(self: Any, chars: torch.Tensor, offsets: list[list[int]], lengths: list[int], order: list[int]) -> Any:
        # Rows come sorted by their number of characters; `order` says where each belongs.
        keys = [(id(self), chars[i, :n].numpy().tobytes()) for i, n in enumerate(lengths)]
        rows = list({key: i for i, key in enumerate(keys) if key not in kept}.values())
        if rows:
            with torch.no_grad():
                output, _, _ = self.forward(chars[rows], [lengths[i] for i in rows])
            kept.update((keys[i], output[k, offsets[i]].clone()) for k, i in enumerate(rows))
        placed: list[torch.Tensor] = [kept[keys[0]]] * len(keys)
        for key, place in zip(keys, order, strict=True):
            placed[place] = kept[key]
        return pack_sequence(placed)

    CharacterLanguageModel.build_char_representation = build_char_representation
    CharacterLanguageModel.get_representation = get_representation
    try:
        yield
    finally:
        CharacterLanguageModel.build_char_representation, CharacterLanguageModel.get_representation = by_words, by_characters
