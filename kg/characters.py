"""Stanza's character language models without the work that is done twice, or whose results are thrown away.

A character language model guesses the next character after every one that it reads; taggers want its states only, so nothing is guessed
here. Tagger and parser ask for the states of the same words one after the other. The parser sets a line break before a sentence, in the
place of its root: what the backward model reads last. So its states of the words are the same for both, and are computed once.
Where the processor can, the states are computed in whole numbers (`kg.recurrent`).
"""

from __future__ import annotations

import types
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

#: What Stanza's parser writes for the root of a sentence.
_ROOT = "\n"


class _Numbers(dict[str, Any]):
    """The numbers of units in a vocabulary, each looked up once."""

    def __init__(self, vocab: Any) -> None:
        super().__init__()
        self.look_up = vocab.unit2id

    def __missing__(self, unit: str) -> Any:
        self[unit] = number = self.look_up(unit)
        return number


def remember(vocab: Any) -> None:
    """Let a vocabulary of few units (characters, features) look up each of them only once."""
    numbers = _Numbers(vocab)
    vocab.map = lambda units: [numbers[u] for u in units]


def quicken(model: Any) -> bool:
    """Let a `CharacterLanguageModel` guess nothing, and a backward one keep the states of sentences until `forget`. Returns whether it is one."""
    from stanza.models.common.char_model import CharacterLanguageModel

    if not isinstance(model, CharacterLanguageModel):
        return False
    model.kept = {}
    model.direction = _direction(model)
    if model.direction is not None:
        model.said = model.direction.project(model.char_emb.weight.detach())
    model.forward = types.MethodType(_forward, model)
    if not model.is_forward_lm:
        model.build_char_representation = types.MethodType(_build, model)
    remember(model.char_vocab())
    return True


def _direction(model: Any) -> Any:
    """The model's only layer in whole numbers; None where it has more, or the machine cannot."""
    from torch import nn

    from kg import recurrent

    lstm = model.charlstm.lstm
    fit = isinstance(lstm, nn.LSTM) and model.args["char_num_layers"] == 1 and lstm.weight_ih_l0.device.type == "cpu"
    return recurrent.Direction(lstm, "l0") if fit and recurrent.possible() else None


def forget(model: Any) -> None:
    """Drop the states that were kept."""
    if hasattr(model, "kept"):
        model.kept.clear()


def _forward(model: Any, chars: Any, lengths: Any, hidden: Any = None) -> tuple[Any, Any, None]:
    """States of characters, as `CharacterLanguageModel.forward` gives them, and nothing decoded."""
    from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

    from kg import recurrent

    size = model.args["char_num_layers"], chars.size(0), model.args["char_hidden_dim"]
    hidden = hidden or (model.charlstm_h_init.expand(*size).contiguous(), model.charlstm_c_init.expand(*size).contiguous())
    if model.direction is None:
        output, hidden = model.charlstm(pack_padded_sequence(model.char_emb(chars), lengths, batch_first=True), lengths, hx=hidden)
        return pad_packed_sequence(output, batch_first=True)[0], hidden, None
    packed = pack_padded_sequence(chars, lengths, batch_first=True)
    chosen = partial(recurrent.rows_of, [model.said], [packed.data])
    states, last, cells = recurrent.run([model.direction], chosen, packed.batch_sizes.tolist(), hidden)
    return _Places(states[0], packed.batch_sizes), (last, cells), None


class _Places:
    """States of packed sequences, by number of the sequence and places in it; or one sequence after the other, filled up."""

    def __init__(self, states: Any, sizes: Any) -> None:
        self.states, self.sizes, self.starts = states, sizes, sizes.cumsum(0) - sizes

    def __iter__(self) -> Iterator[Any]:
        from torch.nn.utils.rnn import PackedSequence, pad_packed_sequence

        return iter(pad_packed_sequence(PackedSequence(self.states, self.sizes), batch_first=True)[0])

    def __getitem__(self, at: tuple[int, Sequence[int]]) -> Any:
        sequence, places = at
        return self.states[self.starts[list(places)] + sequence]


def _build(model: Any, sentences: Sequence[Sequence[str]]) -> list[Any]:
    """The states at the first characters of words, words x dimensions for each sentence."""
    from stanza.models.common.char_model import CharacterLanguageModel

    rooted = [tuple(words) if words and words[0] == _ROOT else (_ROOT, *words) for words in sentences]
    new = list(dict.fromkeys(key for key in rooted if key not in model.kept))
    if new:
        model.kept.update(zip(new, CharacterLanguageModel.build_char_representation(model, [list(key) for key in new]), strict=True))
    return [model.kept[key] if words and words[0] == _ROOT else model.kept[key][1:] for key, words in zip(rooted, sentences, strict=True)]
