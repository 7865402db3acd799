"""kg.highways: Stanza's LSTMs over words in whole numbers say nearly the same."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
import torch
from stanza.models.common.hlstm import HighwayLSTM
from stanza.models.common.packed_lstm import PackedLSTM
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence

from kg import recurrent
from kg.highways import WholeLSTM, quicken

needed = pytest.mark.skipif(not recurrent.possible(), reason="this processor has no instructions for products of whole numbers")
LENGTHS = [9, 7, 7, 2, 1]
BENT = HighwayLSTM(4, 3, 1, bidirectional=True, highway_func=torch.relu)


def highway(pad: bool = False, layers: int = 3) -> Any:
    torch.manual_seed(5)
    made = HighwayLSTM(20, 16, layers, batch_first=True, bidirectional=True, highway_func=torch.tanh, pad=pad).eval()
    for around in (*made.highway, *made.gate):
        torch.nn.init.normal_(around.bias)
    return made


def packed(pad: bool = False) -> Any:
    torch.manual_seed(6)
    return PackedLSTM(20, 16, 1, batch_first=True, bidirectional=True, pad=pad).eval()


def inputs() -> torch.Tensor:
    return torch.randn(len(LENGTHS), max(LENGTHS), 20, generator=torch.Generator().manual_seed(1))


@needed
@pytest.mark.parametrize("make", [highway, packed])
@pytest.mark.parametrize("pad", [False, True])
@pytest.mark.parametrize("filled", [False, True])
@pytest.mark.parametrize("started", [False, True])
@torch.no_grad()
def test_states_are_nearly_those_of_stanza(make: Any, pad: bool, filled: bool, started: bool) -> None:
    module = make(pad)
    model = SimpleNamespace(taggerlstm=module)
    assert quicken(model)
    assert isinstance(model.taggerlstm, WholeLSTM)
    ways = 2 * len(getattr(module, "highway", [None]))
    start = tuple(torch.full((ways, len(LENGTHS), 16), x) for x in (0.3, -0.7)) if started else None
    given = inputs() if filled else pack_padded_sequence(inputs(), LENGTHS, batch_first=True)
    theirs, (h, c) = module(given, LENGTHS, start)
    ours, (last, cells) = model.taggerlstm(given, LENGTHS, start)
    assert isinstance(ours, torch.Tensor if pad else PackedSequence)
    mine, expected = (x if pad else x.data for x in (ours, theirs))
    assert mine.shape == expected.shape
    assert (mine - expected).abs().max() < 0.1
    assert (mine - expected).abs().mean() < 0.01
    assert (last - h).abs().max() < 0.1
    assert (cells - c).abs().max() < 0.15


@needed
@torch.no_grad()
def test_a_sentence_is_read_the_same_whatever_stands_beside_it() -> None:
    model = SimpleNamespace(parserlstm=highway(pad=True))
    quicken(model)
    together = model.parserlstm(inputs(), LENGTHS)[0]
    for i, n in enumerate(LENGTHS):
        assert torch.equal(model.parserlstm(inputs()[i : i + 1, :n], [n])[0][0], together[i, :n])


@needed
@torch.no_grad()
def test_layers_that_make_inputs_compute_in_whole_numbers_too() -> None:
    model = SimpleNamespace(parserlstm=highway(), trans_pretrained=torch.nn.Linear(8, 4, bias=False), trans_char=None)
    plain, x = model.trans_pretrained, torch.randn(2, 3, 8)
    quicken(model)
    assert isinstance(model.trans_pretrained, recurrent.Linear)
    assert (model.trans_pretrained(x) - plain(x)).abs().max() < 0.1


@needed
@torch.no_grad()
def test_without_a_bend_a_highway_is_linear() -> None:
    module = HighwayLSTM(20, 16, 2, batch_first=True, bidirectional=True).eval()
    model = SimpleNamespace(parserlstm=module)
    assert quicken(model)
    given = pack_padded_sequence(inputs(), LENGTHS, batch_first=True)
    assert (model.parserlstm(given, LENGTHS)[0].data - module(given, LENGTHS)[0].data).abs().max() < 0.1


@needed
def test_sequences_that_are_not_sorted_are_refused() -> None:
    model = SimpleNamespace(parserlstm=highway())
    quicken(model)
    with pytest.raises(ValueError, match="sorted"):
        model.parserlstm(pack_padded_sequence(inputs(), LENGTHS[::-1], batch_first=True, enforce_sorted=False), None)


@needed
@pytest.mark.parametrize(
    "module",
    [
        None,
        torch.nn.Linear(2, 2),
        PackedLSTM(4, 3, 2, batch_first=True, bidirectional=True),
        packed().lstm,
        PackedLSTM(4, 3, 1, bidirectional=True, rec_dropout=0.1),
        BENT,
    ],
)
def test_what_is_made_otherwise_is_left_alone(module: Any) -> None:
    model = SimpleNamespace(taggerlstm=module)
    assert not quicken(model)
    assert model.taggerlstm is module


def test_where_the_machine_cannot_nothing_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recurrent, "possible", lambda: False)
    model = SimpleNamespace(taggerlstm=(module := packed()))
    assert not quicken(model)
    assert model.taggerlstm is module
