"""An LSTM in whole numbers: what it spends its time on, the product of a state with the recurrent weights, in 8 bits.

The state of an LSTM lies between -1 and 1 by its making, so one scale fits every state and nothing has to be measured over a batch: a
text is read the same, bit for bit, whatever stands beside it. Weights have a scale for each row (Jacob et al. 2018, "Quantization and
training of neural networks for efficient integer-arithmetic-only inference"). Inputs are multiplied in single precision: a character
model knows few, and each of them is multiplied once for all.

Many processors have instructions for such products (VNNI), four times as fast as those for single precision. `docs/explanation/scale.md` says
what this gains and costs.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

#: A state s is kept as the whole number s * _LEVELS + _ZERO.
_LEVELS, _ZERO = 127, 128


def possible() -> bool:
    """Whether this processor and this PyTorch have what it takes: oneDNN's product of whole numbers, which PyTorch's compiler uses too."""
    vnni = getattr(torch.cpu, "_is_vnni_supported", None)
    onednn: bool = torch.backends.mkldnn.is_available()  # type: ignore[no-untyped-call]
    return bool(vnni and vnni() and onednn and hasattr(torch.ops.onednn, "qlinear_pointwise"))


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
        self.scale = recurrent.abs().amax(1).clamp(min=1e-12) / 127
        self.zero = torch.zeros(len(recurrent), dtype=torch.long)
        self.recurrent = torch.ops.onednn.qlinear_prepack((recurrent / self.scale[:, None]).round().to(torch.int8), None)

    def _ordered(self, weight: Tensor) -> Tensor:
        first, forget, cell, output = weight.chunk(4)
        return torch.cat([first, forget, output, 2 * cell]).contiguous()

    def project(self, inputs: Tensor) -> Tensor:
        """What inputs (number x dimensions) say to the gates."""
        return torch.addmm(self.bias, inputs, self.enter.T)

    def run(
        self, said: Callable[[int, int], Tensor], sizes: list[int], start: tuple[Tensor, Tensor], reverse: bool = False
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Read sequences that are packed as PyTorch packs them.

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
        whole = _whole(state)
        out = state.new_empty(sum(sizes), n)
        first = 0 if not reverse else len(out)
        step = torch.ops.onednn.qlinear_pointwise.binary
        for live in sizes if not reverse else sizes[::-1]:
            first -= live if reverse else 0
            gates = said(first, first + live)
            step(
                whole[:live], 1 / _LEVELS, _ZERO, self.recurrent, self.scale, self.zero, gates, None, 1.0, 0, torch.float32,
                1.0, 0, "sum", 1.0, "none", [], "",
            )  # fmt: skip
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
