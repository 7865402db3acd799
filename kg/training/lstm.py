"""An LSTM for training on a CPU: PyTorch's adds to the gradient of the weights at every word, this one once for all words.

What it computes is that of `torch.nn.LSTM`, whose weights it reads; gradients as in Hochreiter and Schmidhuber 1997 and Gers et al. 2000, with
what does not depend on the word before multiplied for all words at once.
"""

from __future__ import annotations

from itertools import accumulate
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence

#: The steps of one direction: for each the first row, how many rows, the first row of the step before it, and how many rows that has in common.
_Steps = list[tuple[int, int, int, int]]


def run(lstm: nn.LSTM, inputs: PackedSequence) -> Tensor:
    """The states that `lstm(inputs)` gives, as rows in the order of the packed inputs; differentiable."""
    sizes = inputs.batch_sizes.tolist()
    firsts = list(accumulate(sizes[:-1], initial=0))
    there: _Steps = [(firsts[t], n, firsts[t - 1] if t else 0, n if t else 0) for t, n in enumerate(sizes)]
    end = len(sizes) - 1
    back: _Steps = [(firsts[t], sizes[t], firsts[t + 1] if t < end else 0, sizes[t + 1] if t < end else 0) for t in range(end, -1, -1)]
    x = inputs.data
    for layer in range(lstm.num_layers):
        ways = []
        for suffix, steps in (("", there), ("_reverse", back)) if lstm.bidirectional else (("", there),):
            enter, recurrent, b, c = (getattr(lstm, f"{name}_l{layer}{suffix}") for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"))
            ways.append(_Direction.apply(torch.addmm(b + c, x, enter.T), recurrent, steps))  # type: ignore[no-untyped-call]
        x = torch.cat(ways, 1)
        if layer + 1 < lstm.num_layers:
            x = nn.functional.dropout(x, lstm.dropout, lstm.training)
    return x


class _Direction(torch.autograd.Function):
    """States of one direction of one layer, from what its inputs say to the gates (input, forget, cell, output)."""

    @staticmethod
    def forward(ctx: Any, said: Tensor, recurrent: Tensor, steps: _Steps) -> Tensor:
        n = recurrent.shape[1]
        gates, cells, shown, states = torch.empty_like(said), *(said.new_empty(len(said), n) for _ in range(3))
        weight = recurrent.T.contiguous()
        for first, live, before, known in steps:
            now, cell, seen = gates[first : first + live], cells[first : first + live], shown[first : first + live]
            torch.addmm(said[first : first + known], states[before : before + known], weight, out=now[:known])
            now[known:] = said[first + known : first + live]
            now[:, : 2 * n].sigmoid_()
            now[:, 2 * n : 3 * n].tanh_()
            now[:, 3 * n :].sigmoid_()
            torch.mul(now[:, :n], now[:, 2 * n : 3 * n], out=cell)
            cell[:known].addcmul_(now[:known, n : 2 * n], cells[before : before + known])
            torch.tanh(cell, out=seen)
            torch.mul(now[:, 3 * n :], seen, out=states[first : first + live])
        ctx.steps = steps
        ctx.save_for_backward(recurrent, gates, cells, shown, states)
        return states

    @staticmethod
    def backward(ctx: Any, *wanted: Tensor) -> tuple[Tensor, Tensor, None]:
        recurrent, gates, cells, shown, states = ctx.saved_tensors
        n = recurrent.shape[1]
        enter, keep, new, show = gates.split(n, 1)
        earlier, above = torch.zeros_like(states), torch.zeros_like(cells)
        for first, _live, before, known in ctx.steps:
            earlier[first : first + known], above[first : first + known] = states[before : before + known], cells[before : before + known]
        # What a change of the cell does to the first three gates, and one of the state to the last and to the cell.
        by_cell = torch.stack([new * enter * (1 - enter), above * keep * (1 - keep), enter * (1 - new * new)], 1)
        by_state, to_cell = shown * show * (1 - show), show * (1 - shown * shown)
        out = torch.empty_like(gates)
        most = max(live for _, live, _, _ in ctx.steps)
        state, cell = states.new_zeros(most, n), states.new_zeros(most, n)
        for first, live, _before, known in reversed(ctx.steps):
            here = slice(first, first + live)
            change = wanted[0][here] + state[:live]
            in_cell = torch.addcmul(cell[:live], change, to_cell[here])
            torch.mul(in_cell[:, None], by_cell[here], out=out[here, : 3 * n].view(live, 3, n))
            torch.mul(change, by_state[here], out=out[here, 3 * n :])
            state.zero_()
            cell.zero_()
            if known:
                torch.mm(out[first : first + known], recurrent, out=state[:known])
                torch.mul(in_cell[:known], keep[first : first + known], out=cell[:known])
        return out, out.T @ earlier, None
