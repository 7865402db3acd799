"""Stanza's LSTMs over words in whole numbers (`kg.recurrent`), in the place of those that its tagger, its parser and its NER tagger have.

Nothing of what they read is then computed in single precision together with other sentences: on one thread the states of words are the same,
bit for bit, whatever is read beside them. What tags and trees are chosen by is single precision as before.
"""

from __future__ import annotations

from functools import partial
from typing import Any, cast

import torch
from torch import Tensor
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence

from kg import recurrent

#: Where Stanza's models keep them.
_LSTMS = ("taggerlstm", "parserlstm")
#: The linear layers that make their inputs.
_INPUT_LAYERS = ("charmodel_forward_transform", "charmodel_backward_transform", "trans_pretrained", "trans_char", "input_transform")


def quicken(model: Any) -> bool:
    """Let a model of Stanza read words in whole numbers. Returns whether it could: the machine may not, and some models have none."""
    if not recurrent.possible():
        return False
    for name in _LSTMS:
        layers = _layers(getattr(model, name, None))
        if layers:
            setattr(model, name, WholeLSTM(getattr(model, name), layers))
            for before in _INPUT_LAYERS:
                if isinstance(linear := getattr(model, before, None), torch.nn.Linear):
                    setattr(model, before, recurrent.Linear.of(linear))
            return True
    return False


def _layers(module: Any) -> list[torch.nn.LSTM]:
    """The bidirectional LSTMs of one layer that a module is made of, the lowest first; none of modules that are made otherwise."""
    from stanza.models.common.hlstm import HighwayLSTM
    from stanza.models.common.packed_lstm import PackedLSTM

    packed = list(module.lstm) if isinstance(module, HighwayLSTM) else [module] if isinstance(module, PackedLSTM) else []
    found = [p.lstm for p in packed]
    if getattr(module, "highway_func", None) not in (None, torch.tanh):
        return []
    fit = all(isinstance(x, torch.nn.LSTM) and x.num_layers == 1 and x.bidirectional and x.weight_ih_l0.device.type == "cpu" for x in found)
    return found if fit else []


class WholeLSTM(torch.nn.Module):
    """What `HighwayLSTM` and `PackedLSTM` compute, in whole numbers; nothing is learned from it.

    What a layer's inputs say to the gates of both directions and to the highway around it (Srivastava et al. 2015) is one product.
    """

    def __init__(self, module: Any, layers: list[torch.nn.LSTM]) -> None:
        super().__init__()
        self.batch_first: bool = module.batch_first
        self.pad: bool = module.pad
        # tanh(x) = 2 sigmoid(2x) - 1, which is faster, and does not depend on how many are computed together.
        self.has_tanh = getattr(module, "highway_func", None) is torch.tanh
        self.ways = [[recurrent.Direction(lstm, "l0"), recurrent.Direction(lstm, "l0_reverse")] for lstm in layers]
        highways = zip(module.highway, module.gate, strict=True) if hasattr(module, "highway") else ([] for _ in layers)
        self.entering = []
        for ways, highway in zip(self.ways, highways, strict=True):
            around = [(h.weight * times, h.bias * times) for h, times in zip(highway, (1 + self.has_tanh, 1), strict=False)]
            self.entering.append(recurrent.entering(ways, around))

    @torch.no_grad()
    def forward(self, inputs: Any, lengths: Any, hx: tuple[Tensor, Tensor] | None = None) -> tuple[Any, tuple[Tensor, Tensor]]:
        """As those of Stanza: inputs packed or filled up, with lengths, and first states and cells (layer and direction, sequence, dimension)."""
        packed = inputs if isinstance(inputs, PackedSequence) else pack_padded_sequence(inputs, lengths, batch_first=self.batch_first)
        if packed.sorted_indices is not None:
            raise ValueError("sequences must be sorted by length, as Stanza's are")
        sizes, back = packed.batch_sizes.tolist(), recurrent.reversal(packed.batch_sizes)
        x, every, ends = packed.data, torch.arange(len(back)), []
        for i, (ways, entering) in enumerate(zip(self.ways, self.entering, strict=True)):
            n = ways[0].full
            product = entering(x)
            said = partial(recurrent.rows_of, [product[:, : 4 * n], product[:, 4 * n : 8 * n]], [every, back])
            start = (hx[0][2 * i : 2 * i + 2], hx[1][2 * i : 2 * i + 2]) if hx else None
            states, last, cells = recurrent.run(ways, said, sizes, start)
            ends.append((last, cells))
            x = torch.cat([states[0], states[1][back]], 1)
            if product.shape[1] > 8 * n:
                highway, gate = product[:, 8 * n :].chunk(2, 1)
                x += torch.sigmoid(gate).mul_(torch.sigmoid(highway).mul_(2).sub_(1) if self.has_tanh else highway)
        out: Any = packed._replace(data=x)
        if self.pad:
            out = torch.nn.utils.rnn.pad_packed_sequence(out, batch_first=self.batch_first)[0]
        return out, cast(tuple[Tensor, Tensor], tuple(torch.cat(e) for e in zip(*ends, strict=True)))
