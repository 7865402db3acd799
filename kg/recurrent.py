"""LSTMs in whole numbers: what they spend their time on, the product of a state with the recurrent weights, in 8 bits.

The state of an LSTM lies between -1 and 1 by its making, so one scale fits every state and nothing has to be measured over a batch: a
text is read the same, whatever stands beside it (bit for bit on one thread; PyTorch may round the last digit otherwise where several share
a row). Weights have a scale for each row (Jacob et al. 2018, "Quantization and training of neural networks for efficient
integer-arithmetic-only inference"). Inputs are multiplied in single precision: a character model knows few, and each of them is multiplied
once for all.

Many processors have instructions for such products (VNNI), four times as fast as those for single precision. `docs/explanation/scale.md` says
what this gains and costs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

import torch
from torch import Tensor
from torch.nn.utils.rnn import PackedSequence, pack_sequence, unpack_sequence

from kg.machine import vnni

#: A state s is kept as the whole number s * _LEVELS + _ZERO.
_LEVELS, _ZERO = 127, 128


@cache
def possible() -> bool:
    """Whether this processor and this PyTorch have what it takes: oneDNN's product of whole numbers, which PyTorch's compiler uses too."""
    if not vnni():
        return False
    weight, states = torch.linspace(-1, 1, 64 * 32).view(64, 32), torch.linspace(-1, 1, 5 * 32).view(5, 32)
    try:
        out = torch.zeros(5, 64)
        _Rows(weight).add_to(out, _whole(states))
    except (AttributeError, RuntimeError, TypeError):  # PyTorch has it in another form, or not at all
        return False
    return bool((out - states @ weight.T).abs().max() < 0.2)


class _Rows:
    """A matrix in whole numbers, with a scale for each row, that states are multiplied with."""

    def __init__(self, weight: Tensor) -> None:
        self.scale = weight.abs().amax(1).clamp(min=1e-12) / 127
        self.zero = torch.zeros(len(weight), dtype=torch.long)
        self.packed = torch.ops.onednn.qlinear_prepack((weight / self.scale[:, None]).round().to(torch.int8), None)

    def __deepcopy__(self, memo: object) -> _Rows:
        return self  # it never changes, and PyTorch cannot copy oneDNN's form of it

    def add_to(self, out: Tensor, whole: Tensor) -> None:
        """Add to `out` (number x rows) the product with states, given as whole numbers (number x columns)."""
        torch.ops.onednn.qlinear_pointwise.binary(
            whole, 1 / _LEVELS, _ZERO, self.packed, self.scale, self.zero, out, None, 1.0, 0, torch.float32, 1.0, 0, "sum", 1.0, "none", [], ""
        )


class Direction:
    """One direction of one layer of an LSTM.

    Its gates stand in the order input, forget, output, cell. The rows of the cell gate are doubled, for tanh(x) = 2 sigmoid(2x) - 1, and PyTorch's
    sigmoid is many times as fast as its tanh.
    """

    def __init__(self, lstm: torch.nn.LSTM, suffix: str) -> None:
        """`suffix` names the layer and direction as PyTorch does: `l0`, `l0_reverse`."""
        self.size = lstm.hidden_size
        weights = [getattr(lstm, f"{name}_{suffix}").detach() for name in ("weight_ih", "weight_hh")]
        biases = [getattr(lstm, f"{name}_{suffix}").detach() for name in ("bias_ih", "bias_hh")] if lstm.bias else []
        self.enter, recurrent = (self._ordered(w) for w in weights)
        self.bias = self._ordered(sum(biases)[:, None])[:, 0] if biases else recurrent.new_zeros(4 * self.size)
        self.recurrent = _Rows(recurrent)
        self.entering: _Rows | None = None

    def _ordered(self, weight: Tensor) -> Tensor:
        first, forget, cell, output = weight.chunk(4)
        return torch.cat([first, forget, output, 2 * cell]).contiguous()

    def project(self, inputs: Tensor) -> Tensor:
        """What inputs (number x dimensions) say to the gates."""
        return torch.addmm(self.bias, inputs, self.enter.T)

    def project_states(self, states: Tensor) -> Tensor:
        """The same of inputs that are states of another LSTM: in whole numbers."""
        self.entering = self.entering or _Rows(self.enter)
        out = self.bias.repeat(len(states), 1)
        self.entering.add_to(out, _whole(states))
        return out

    @torch.no_grad()
    def run(
        self, said: Callable[[int, int], Tensor], sizes: list[int], start: tuple[Tensor, Tensor], reverse: bool = False
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Read sequences that are packed as PyTorch packs them; nothing is learned from it.

        Args:
            said: gives what the inputs of places [first, last) say to the gates, as a tensor that may be written upon.
            sizes: how many sequences are at least 1, 2, … long.
            start: state and cell before the first input, sequences x size.
            reverse: read from the end.

        Returns:
            The states of all places, and the last states and cells of the sequences.
        """
        n = self.size
        state, cell = start[0].clone(), start[1].clone()
        whole = _whole(state.clamp(-1, 1))  # a start may have been learned
        out = state.new_empty(sum(sizes), n)
        first = 0 if not reverse else len(out)
        for live in sizes if not reverse else sizes[::-1]:
            first -= live if reverse else 0
            gates = said(first, first + live)
            self.recurrent.add_to(gates, whole[:live])
            gates.sigmoid_()
            enter, keep, show, new = gates[:, :n], gates[:, n : 2 * n], gates[:, 2 * n : 3 * n], gates[:, 3 * n :]
            here = cell[:live]
            # Products and sums are rounded one by one: where PyTorch joins them depends on how many sequences there are.
            here.mul_(keep).add_(new.mul_(2).sub_(1).mul_(enter))
            states = torch.mul(here, 2, out=out[first : first + live])
            states.sigmoid_().mul_(2).sub_(1).mul_(show)
            whole[:live] = _whole(states)
            state[:live] = states
            first += live if not reverse else 0
        return out, state, cell


def _whole(states: Tensor) -> Tensor:
    """States as whole numbers from 1 to 255."""
    return torch.add(_ZERO + 0.5, states, alpha=_LEVELS).to(torch.uint8)


class Stack:
    """LSTM layers, one upon the other, over the sequences of many documents together, each of which is read as if it were alone.

    What depends on how many are read together is only the product of the first inputs, in single precision: `project` it for each
    document by itself.
    """

    def __init__(self, lstms: Sequence[torch.nn.LSTM]) -> None:
        self.layers = [
            [Direction(lstm, f"l{layer}{way}") for way in (("", "_reverse") if lstm.bidirectional else ("",))]
            for lstm in lstms
            for layer in range(lstm.num_layers)
        ]

    def project(self, inputs: Tensor) -> list[Tensor]:
        """What inputs (number x dimensions) say to the gates of each direction of the first layer."""
        return [direction.project(inputs) for direction in self.layers[0]]

    def states(self, projected: Sequence[Tensor], sequences: Sequence[Tensor]) -> list[list[Tensor]]:
        """The states of every layer (words x dimensions) for every sequence.

        Args:
            projected: for each direction the rows of `project`, those of all documents one after the other.
            sequences: the numbers of the rows that are the inputs of each.
        """
        order = sorted(range(len(sequences)), key=lambda i: -len(sequences[i]))
        packed = pack_sequence([sequences[i] for i in order])
        rows, sizes = packed.data, packed.batch_sizes.tolist()
        found: list[list[Tensor]] = [[] for _ in sequences]
        below: Tensor | None = None
        for layer in self.layers:
            ways = []
            for way, direction in enumerate(layer):
                said = _chosen(projected[way], rows) if below is None else _part(direction.project_states(below))
                start = torch.zeros(sizes[0], direction.size)
                ways.append(direction.run(said, sizes, (start, start), reverse=way == 1)[0])
            below = torch.cat(ways, 1) if len(ways) > 1 else ways[0]
            for i, states in zip(order, unpack_sequence(PackedSequence(below, packed.batch_sizes)), strict=True):
                found[i].append(states)
        return found


def _chosen(table: Tensor, rows: Tensor) -> Callable[[int, int], Tensor]:
    return lambda first, end: table.index_select(0, rows[first:end])


def _part(table: Tensor) -> Callable[[int, int], Tensor]:
    return lambda first, end: table[first:end]
