"""LSTMs in whole numbers: the products that they spend their time on, in 8 bits.

The state of an LSTM lies between -1 and 1 by its making, so one scale fits every state; inputs have a scale for each word, weights one for
each row (Jacob et al. 2018, "Quantization and training of neural networks for efficient integer-arithmetic-only inference"). Nothing is
measured over a batch: a text is read the same, whatever stands beside it (bit for bit on one thread; PyTorch may round the last digit
otherwise where several share a row).

Many processors have instructions for such products (VNNI), four times as fast as those for single precision. `docs/explanation/scale.md` says
what this gains and costs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import accumulate
from typing import Any, cast

import torch
from torch import Tensor
from torch.nn.functional import pad
from torch.nn.utils.rnn import pack_sequence

from kg.machine import vnni

#: Numbers from -1 to 1 are kept as whole numbers from -_LEVELS to _LEVELS; oneDNN wants those of inputs without a sign, _ZERO more.
_LEVELS, _ZERO = 127, 128

#: How many numbers PyTorch computes together, at most.
_TOGETHER = 32

#: Where a processor multiplies tiles (AMX), oneDNN takes another program for fewer inputs or rows than this, which rounds the last digit
#: otherwise; with 16 inputs, or 8 rows, some products still differ.
_LEAST = 32


@cache
def possible() -> bool:
    """Whether this processor and this PyTorch have what it takes: oneDNN's product of whole numbers, which PyTorch's compiler uses too."""
    if not vnni():
        return False
    weight, states = torch.linspace(-1, 1, 64 * 32).view(64, 32), torch.linspace(-1, 1, 5 * 32).view(5, 32)
    try:
        whole, turned, recalled = _whole(states), _whole(weight).T.contiguous(), torch.empty(2, 5, 64, dtype=torch.int32)
        torch._int_mm(whole, turned, out=recalled[0])
        torch._int_mm(whole[:1], turned, out=recalled[1, :1])
        out = Product(weight, torch.zeros(64))(states) + recalled[0] / _LEVELS**2
    except (AttributeError, RuntimeError, TypeError):  # PyTorch has it in another form, or not at all
        return False
    return bool((out - 2 * states @ weight.T).abs().max() < 0.4) and torch.equal(recalled[0, 0], recalled[1, 0])


class _Rows:
    """A matrix in whole numbers, with a scale for each row, as oneDNN keeps it: filled up with zeros to at least _LEAST rows."""

    def __init__(self, weight: Tensor) -> None:
        self.size = len(weight)
        weight = pad(weight, (0, 0, 0, max(0, _LEAST - self.size)))
        self.scale = weight.abs().amax(1).clamp(min=1e-12) / 127
        self.zero = torch.zeros(len(weight), dtype=torch.long)
        self.packed = torch.ops.onednn.qlinear_prepack((weight / self.scale[:, None]).round().to(torch.int8).contiguous(), None)

    def __deepcopy__(self, memo: object) -> _Rows:
        return self  # it never changes, and PyTorch cannot copy oneDNN's form of it

    def __matmul__(self, whole: Tensor) -> Tensor:
        """The product (number x rows) with inputs, given as whole numbers without a sign (number x columns)."""
        out = torch.ops.onednn.qlinear_pointwise.default(
            whole, 1 / _LEVELS, _ZERO, self.packed, self.scale, self.zero, None, 1.0, 0, torch.float32, "none", [], ""
        )
        return cast(Tensor, out[:, : self.size])


class Product:
    """`weight @ x + bias` of any inputs, in whole numbers."""

    def __init__(self, weight: Tensor, bias: Tensor) -> None:
        self.rows, self.bias = _Rows(weight.detach()), bias.detach()

    def __call__(self, inputs: Tensor) -> Tensor:
        """Of inputs (number x columns): number x rows."""
        most = inputs.abs().amax(1, keepdim=True).clamp_(min=1e-12)
        # oneDNN makes a program for every number of rows that it has not met, which takes as long as some products do.
        whole = torch.zeros(_rounded(len(inputs)), inputs.shape[1], dtype=torch.uint8)
        whole[: len(inputs)] = torch.add(_ZERO + 0.5, inputs / most, alpha=_LEVELS)
        return (self.rows @ whole)[: len(inputs)].mul_(most).add_(self.bias)


class Linear(torch.nn.Linear):
    """A linear layer that computes in whole numbers where nothing is learned and the processor can.

    In single precision its last digits would depend on how many inputs there are.
    """

    _known: tuple[tuple[int, ...], Product] | None = None

    def forward(self, input: Tensor) -> Tensor:
        if self.training or torch.is_grad_enabled() or not possible() or input.device.type != "cpu":
            return super().forward(input)
        # Weights may change in place at any time (not through `.data`, which nobody hears of).
        versions = tuple(x for w in (self.weight, self.bias) if w is not None for x in (id(w), w._version))
        if self._known is None or self._known[0] != versions:
            self._known = versions, Product(self.weight, self.weight.new_zeros(self.out_features) if self.bias is None else self.bias)
        return self._known[1](input.reshape(-1, self.in_features)).view(*input.shape[:-1], self.out_features)

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name != "_known"}

    @classmethod
    def of(cls, linear: torch.nn.Linear) -> Linear:
        """A layer with the weights of another."""
        made = cls(linear.in_features, linear.out_features, linear.bias is not None)
        made.load_state_dict(linear.state_dict())
        return made.eval()


def _rounded(rows: int) -> int:
    """A number at most a fifth above, of few, but not fewer than _LEAST."""
    step = max(4, min(128, 2 ** (rows.bit_length() - 3)))
    return max(_LEAST, int(-(-rows // step) * step))


class Direction:
    """The weights of one direction of one layer of an LSTM.

    It has `size` dimensions, filled up to `full` by some that stay zero: what is left over when PyTorch takes them 32 at a time, it computes
    otherwise in the last digit. Its gates stand in the order input, forget, output, cell. The rows of the cell gate are doubled, for
    tanh(x) = 2 sigmoid(2x) - 1, and PyTorch's sigmoid is many times as fast as its tanh.
    """

    def __init__(self, lstm: torch.nn.LSTM, suffix: str) -> None:
        """`suffix` names the layer and direction as PyTorch does: `l0`, `l0_reverse`."""
        self.size = lstm.hidden_size
        self.full = -(-self.size // _TOGETHER) * _TOGETHER
        weights = [getattr(lstm, f"{name}_{suffix}").detach() for name in ("weight_ih", "weight_hh")]
        biases = [getattr(lstm, f"{name}_{suffix}").detach() for name in ("bias_ih", "bias_hh")] if lstm.bias else []
        self.enter, recurrent = (self._ordered(w) for w in weights)
        self.bias = self._ordered(sum(biases)[:, None])[:, 0] if biases else recurrent.new_zeros(4 * self.full)
        recurrent = pad(recurrent, (0, self.full - self.size))
        most = recurrent.abs().amax(1).clamp(min=1e-12)
        self.recurrent, self.scale = _whole(recurrent / most[:, None]).T.contiguous(), most / _LEVELS**2

    def _ordered(self, weight: Tensor) -> Tensor:
        first, forget, cell, output = (pad(w, (0, 0, 0, self.full - self.size)) for w in weight.chunk(4))
        return torch.cat([first, forget, output, 2 * cell]).contiguous()

    def project(self, inputs: Tensor) -> Tensor:
        """What inputs (number x dimensions) say to the gates, in single precision."""
        return torch.addmm(self.bias, inputs, self.enter.T)


@torch.no_grad()
def run(
    directions: Sequence[Direction], said: Callable[[int, int], Tensor], sizes: Sequence[int], start: tuple[Tensor, Tensor] | None = None
) -> tuple[Tensor, Tensor, Tensor]:
    """Read sequences that are packed as PyTorch packs them, by several LSTMs of one size step by step together; nothing is learned from it.

    Args:
        said: gives what the inputs of places [first, last) say to the gates (direction, place, gate), as a tensor that may be written upon.
        sizes: how many sequences are at least 1, 2, … long.
        start: state and cell before the first input (direction, sequence, dimension); zeros if they are not given.

    Returns:
        The states of all places, and the last states and cells of the sequences, each for every direction.
    """
    ways, size, n = len(directions), directions[0].size, directions[0].full
    state, cell = torch.zeros(ways, sizes[0], n), torch.zeros(ways, sizes[0], n)
    minus_one, firsts = torch.tensor(-1.0), list(accumulate(sizes[:-1], initial=0))
    if start is not None:
        state[:, :, :size], cell[:, :, :size] = start
    whole = _whole(state.clamp(-1, 1))  # a start may have been learned
    recalled, scale = torch.empty(ways, sizes[0], 4 * n, dtype=torch.int32), torch.stack([d.scale for d in directions])[:, None]
    out = state.new_empty(ways, sum(sizes), n)
    for first, live in zip(firsts, sizes, strict=True):
        gates = said(first, first + live)
        for k, direction in enumerate(directions):
            torch._int_mm(whole[k, :live], direction.recurrent, out=recalled[k, :live])
        gates.addcmul_(recalled[:, :live].to(torch.float32), scale).sigmoid_()
        enter, keep, show, new = gates.split(n, 2)  # type: ignore[no-untyped-call]
        here, states = cell[:, :live], out[:, first : first + live]
        # Products and sums are rounded one by one (a number is doubled without rounding): where PyTorch joins them depends on how many there are.
        here.mul_(keep).add_(torch.add(minus_one, new, alpha=2, out=new).mul_(enter))
        torch.mul(here, 2, out=states)
        torch.add(minus_one, states.sigmoid_(), alpha=2, out=states).mul_(show)
        whole[:, :live] = torch.mul(states, _LEVELS).round_()
    ends = [0] * sizes[0]
    for first, live in zip(firsts, sizes, strict=True):
        ends[:live] = range(first, first + live)
    return out[:, :, :size], out[:, ends, :size], cell[:, :, :size]


def _whole(states: Tensor) -> Tensor:
    """What lies between -1 and 1 as whole numbers from -127 to 127."""
    return torch.mul(states, _LEVELS).round_().to(torch.int8)


@dataclass(frozen=True, slots=True)
class Order:
    """Sequences as PyTorch packs them: the longest first, and of each its first place, then the second of each …

    `places` gives for each row of the pack where it stands when the sequences stand one after the other, `back` for each row which row
    stands in its place when every sequence is read from its end.
    """

    sizes: list[int]
    places: Tensor
    back: Tensor

    @classmethod
    def of(cls, lengths: Sequence[int]) -> Order:
        long = torch.tensor(lengths)
        packed = pack_sequence(torch.arange(int(long.sum())).split(list(lengths)), enforce_sorted=False)  # type: ignore[no-untyped-call]
        return cls(packed.batch_sizes.tolist(), packed.data, reversal(packed.batch_sizes))


def reversal(sizes: Tensor) -> Tensor:
    """For each row of a pack the row that stands in its place when every sequence is read from its end."""
    first = sizes.cumsum(0) - sizes
    step = torch.arange(len(sizes)).repeat_interleave(sizes)
    sequence = torch.arange(len(step)) - first[step]
    lengths = torch.bincount(sequence)
    return first[lengths[sequence] - 1 - step] + sequence


def entering(directions: Sequence[Direction], more: Sequence[tuple[Tensor, Tensor]] = ()) -> Product:
    """What inputs say to the gates of directions, and to more layers given by weight and bias. The directions keep their own weights no longer."""
    parts = [(d.__dict__.pop("enter"), d.__dict__.pop("bias")) for d in directions] + list(more)
    return Product(torch.cat([w for w, _ in parts]), torch.cat([b for _, b in parts]))


def rows_of(tables: Sequence[Tensor], rows: Sequence[Tensor], first: int, end: int) -> Tensor:
    """Of each table those rows that are numbered in places [first, end): table, place, column."""
    out = tables[0].new_empty(len(tables), end - first, tables[0].shape[1])
    for table, numbers, into in zip(tables, rows, out, strict=True):
        torch.index_select(table, 0, numbers[first:end], out=into)
    return out


class Stack:
    """LSTM layers, one upon the other, over the sequences of many documents together, each of which is read as if it were alone.

    There may be several side by side, of one size, each with inputs of its own.
    """

    def __init__(self, columns: Sequence[Sequence[torch.nn.LSTM]]) -> None:
        """For each column its LSTMs, the lowest first; each may have several layers and directions."""
        self.layers: list[list[list[Direction]]] = []  # layer, column, direction
        for lstms in zip(*columns, strict=True):
            suffixes = ("", "_reverse") if lstms[0].bidirectional else ("",)
            for layer in range(lstms[0].num_layers):
                self.layers.append([[Direction(lstm, f"l{layer}{suffix}") for suffix in suffixes] for lstm in lstms])
        self.entering = [[entering(ways) for ways in layer] for layer in self.layers]

    def states(self, inputs: Sequence[Tensor], rows: Sequence[Tensor], lengths: Sequence[int]) -> list[list[Tensor]]:
        """The states of every layer (places x dimensions) of every column, one sequence after the other.

        Args:
            inputs: of each column: number x dimensions.
            rows: of each column the numbers of its inputs at each place of the sequences, one sequence after the other.
            lengths: of the sequences.
        """
        order = Order.of(lengths)
        found: list[list[Tensor]] = [[] for _ in inputs]
        below = list(inputs)
        chosen = [r[order.places] for r in rows]
        inverse = torch.empty_like(order.places).scatter_(0, order.places, torch.arange(len(order.places)))
        for layer, products in zip(self.layers, self.entering, strict=True):
            said, at = [], []
            for product, x, picked, ways in zip(products, below, chosen, layer, strict=True):
                said += product(x).split([4 * d.full for d in ways], 1)  # type: ignore[no-untyped-call]
                at += [picked if way == 0 else picked[order.back] for way in range(len(ways))]
            states = iter(run([d for ways in layer for d in ways], partial(rows_of, said, at), order.sizes)[0])
            below = [torch.cat([next(states) if way == 0 else next(states)[order.back] for way in range(len(ways))], 1) for ways in layer]
            for column, x in zip(found, below, strict=True):
                column.append(x[inverse])
            chosen = [torch.arange(len(order.places))] * len(below)
        return found
