"""kg.scorer: what the odds of a network mean, and that a saved one says the same. The networks are tiny and have learned nothing."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from torch import Tensor

from kg import recurrent, scorer, word_models
from kg.errors import KgError
from kg.features import BACK, ROLES, TYPES, Candidate, Target, Words
from kg.model import EVENT_ROLES, MODALITIES, POLARITIES
from kg.recurrent import possible
from kg.scorer import Network, Scorer
from kg.tensors import PairRows, TargetRows
from tests import tiny

SENTENCES = tiny.words(tiny.sent(), tiny.denied(), tiny.planned())
SEEDS = st.integers(0, 2**32 - 1)


@pytest.fixture(scope="module")
def network() -> Network:
    return tiny.network()


def with_states(words: Words, dimensions: int) -> Words:
    return replace(words, states=np.random.default_rng(1).normal(size=(len(words.forms), dimensions)).astype(np.float32))


def target(chance: random.Random) -> Target:
    n = chance.randrange(len(SENTENCES))
    at = chance.randrange(len(SENTENCES[n].forms))
    return Target(n, at, chance.randrange(len(TYPES)), chance.randrange(len(MODALITIES)), chance.randrange(len(POLARITIES)))


def candidate(chance: random.Random, targets: list[Target], entity: int, of: int | None = None) -> Candidate:
    n = chance.randrange(len(SENTENCES))
    return Candidate(
        chance.randrange(len(targets)) if of is None else of, n, chance.randrange(len(SENTENCES[n].forms)), tiny.pair(chance), entity, entity
    )


def encode(network: Network, sentences: Sequence[Words], read: Tensor | None = None) -> tuple[Tensor, Tensor]:
    """States and triggers of the words of a document."""
    known = torch.cat(list(network.read([[s.forms for s in sentences]])[0])) if read is None else read
    return network.encode(network.rows(sentences), known)


def pairs(network: Network, targets: Sequence[Target], candidates: Sequence[Candidate]) -> PairRows:
    return PairRows.of(network.rows(SENTENCES).starts, targets, candidates)


def roles_of(network: Network, states: Tensor, targets: Sequence[Target], candidates: Sequence[Candidate]) -> tuple[Tensor, Tensor]:
    return network.roles(states, pairs(network, targets, candidates))


# ---------------------------------------------------------------------------------------------------------------------
# Roles


@settings(deadline=None, max_examples=30)
@given(SEEDS, st.integers(2, 4))
@torch.no_grad()
def test_several_arguments_of_an_entity_add_their_odds(network: Network, seed: int, count: int) -> None:
    chance = random.Random(seed)
    states, _ = encode(network, SENTENCES)
    targets = [target(chance)]
    arguments = [candidate(chance, targets, 0) for _ in range(count)]
    roles, source = roles_of(network, states, targets, arguments)
    alone = [roles_of(network, states, targets, [a]) for a in arguments]
    assert roles.shape == (1, len(ROLES) + 1)
    for one, said in alone:  # one in the right place is enough
        assert bool((roles >= one - 1e-5).all())
        assert bool((source >= said - 1e-5).all())
    odds = torch.stack([one.exp() for one, _ in alone]).sum(0)  # exp(-inf) is 0: a role that the type does not have
    assert torch.allclose(roles[:, 1:].exp(), odds[:, 1:], rtol=1e-4)
    assert torch.allclose(source.exp(), torch.stack([said.exp() for _, said in alone]).sum(0), rtol=1e-4)
    assert float(roles[0, 0]) == 0.0  # "no role" is what the odds are against, however many arguments


def test_odds_are_added_for_gradients_too(network: Network) -> None:
    chance = random.Random(3)
    targets = [target(chance)]
    one, other = candidate(chance, targets, 0), candidate(chance, targets, 0)
    bias = network.role[-1].bias
    column = 1 + next(i for i, r in enumerate(ROLES) if r in EVENT_ROLES[TYPES[targets[0].type]])

    def gradient(of: Callable[[Tensor], Tensor]) -> Tensor:
        network.zero_grad()
        states, _ = encode(network, SENTENCES)
        of(states).backward()
        return bias.grad.clone()

    together = gradient(lambda states: roles_of(network, states, targets, [one, other])[0][0, column])
    apart = gradient(lambda states: torch.logsumexp(torch.stack([roles_of(network, states, targets, [a])[0][0, column] for a in (one, other)]), 0))
    network.zero_grad()
    assert float(apart.abs().max()) > 0.1
    assert torch.allclose(together, apart, atol=1e-5)


@settings(deadline=None, max_examples=30)
@given(SEEDS, st.integers(1, 3), st.integers(1, 6))
@torch.no_grad()
def test_entities_do_not_disturb_each_other(network: Network, seed: int, owners: int, entities: int) -> None:
    chance = random.Random(seed)
    states, _ = encode(network, SENTENCES)
    targets = [target(chance) for _ in range(owners)]
    of = [chance.randrange(owners) for _ in range(entities)]
    candidates = [candidate(chance, targets, e, of[e]) for e in range(entities) for _ in range(chance.randint(1, 3))]
    shuffled = chance.sample(candidates, len(candidates))
    roles, source = roles_of(network, states, targets, shuffled)
    for e in range(entities):
        own = [replace(c, entity=0) for c in candidates if c.entity == e]
        alone, said = roles_of(network, states, targets, own)
        assert torch.allclose(roles[e], alone[0], atol=1e-4)
        assert torch.allclose(source[e], said[0], atol=1e-4)


@settings(deadline=None, max_examples=30)
@given(SEEDS, st.integers(2, 4))
@torch.no_grad()
def test_events_hear_of_the_roles_in_others_nearby(network: Network, seed: int, things: int) -> None:
    chance = random.Random(seed)
    states, _ = encode(network, SENTENCES)
    here, there = Target(0, 0, 0, 0, 0), Target(1, 1, 1, 0, 0)
    mine = [replace(candidate(chance, [here], n, 0), thing=n) for n in range(things)]
    theirs = [replace(candidate(chance, [here, there], things + n, 1), thing=n) for n in range(things)]

    def heard(other: Target, candidates: list[Candidate]) -> Tensor:
        first, _ = roles_of(network, states, [here, other], candidates)
        return network.revised(first, pairs(network, [here, other], candidates))[:things]

    together = heard(there, mine + theirs)
    shuffled = chance.sample(mine + theirs, 2 * things)
    assert torch.allclose(together, heard(there, shuffled), atol=1e-5)
    strangers = [replace(c, thing=c.thing + things) for c in theirs]
    alone = heard(there, mine + strangers)
    assert not torch.allclose(together, alone, atol=1e-4)
    assert torch.allclose(heard(replace(there, surety=0.0), mine + theirs), alone, atol=1e-5)  # who is not sure says nothing
    assert torch.equal(together.isinf(), alone.isinf())  # what a type does not have it does not get


@torch.no_grad()
def test_events_far_away_are_not_heard(network: Network) -> None:
    targets = [Target(0, 0, 0, 0, 0), Target(BACK + 1, 0, 1, 0, 0)]
    chance = random.Random(1)
    pair = [replace(candidate(chance, targets, n, n), thing=0) for n in range(2)]
    first = torch.randn(2, len(ROLES) + 1)
    apart = [pair[0], replace(pair[1], thing=1)]
    assert torch.equal(network.revised(first, pairs(network, targets, pair)), network.revised(first, pairs(network, targets, apart)))
    near = [targets[0], replace(targets[1], sentence=BACK)]
    assert not torch.allclose(network.revised(first, pairs(network, near, pair)), network.revised(first, pairs(network, near, apart)), atol=1e-4)


@settings(deadline=None, max_examples=20)
@given(SEEDS)
def test_only_roles_of_the_event_type_are_possible(network: Network, seed: int) -> None:
    chance = random.Random(seed)
    asked = Scorer([network], {})
    asked.triggers(SENTENCES)
    targets = [replace(target(chance), type=t) for t in range(len(TYPES))]
    roles, _ = asked.roles(targets, [candidate(chance, targets, t, t) for t in range(len(TYPES))])
    for t, type in enumerate(TYPES):
        possible = [r in EVENT_ROLES[type] for r in ROLES]
        assert [float(p) > 0 for p in roles[t, 1:]] == possible
    assert float(roles[:, 0].min()) > 0  # none of them is always possible
    assert torch.allclose(roles.sum(1), torch.ones(len(TYPES)), atol=1e-5)


def test_without_candidates_nobody_has_a_role(network: Network) -> None:
    asked = Scorer([network], {})
    asked.triggers(SENTENCES)
    roles, source = asked.roles([target(random.Random(1))], [])
    assert (roles.shape, source.shape) == ((0, len(ROLES) + 1), (0,))


# ---------------------------------------------------------------------------------------------------------------------
# Words


@torch.no_grad()
def test_sentences_are_read_as_if_each_were_alone(network: Network) -> None:
    together = encode(network, SENTENCES, torch.cat([network.read([[s.forms]])[0][0] for s in SENTENCES]))
    states, logits = (rows.split([len(s.forms) for s in SENTENCES]) for rows in together)
    for n, s in enumerate(SENTENCES):
        own_states, own_logits = encode(network, [s])
        assert torch.allclose(states[n], own_states, atol=1e-5)
        assert torch.allclose(logits[n], own_logits, atol=1e-5)


@torch.no_grad()
def test_a_state_holds_those_of_the_governors(network: Network) -> None:
    states, _ = encode(network, SENTENCES)
    n = 2 * tiny.SIZES.hidden
    assert states.shape[1] == 3 * n + tiny.SIZES.meaning
    for s, of_words in zip(SENTENCES, states.split([len(s.forms) for s in SENTENCES]), strict=True):
        own = of_words[:, :n]
        for i, head in enumerate(s.heads):
            above = max(head, 0)  # above the root stands the first word
            assert torch.equal(of_words[i, n : 2 * n], own[above])
            assert torch.equal(of_words[i, 2 * n : 3 * n], own[max(s.heads[above], 0)])


@torch.no_grad()
def test_states_of_the_parser_are_heard(network: Network) -> None:
    s = SENTENCES[0]
    (plain, *_), (heard, *_) = encode(network, [s]), encode(network, [with_states(s, tiny.SIZES.states)])
    assert not torch.allclose(plain, heard, atol=1e-3)
    (other, *_) = encode(network, [with_states(s, tiny.SIZES.states + 1)])  # of another parser: they mean something else
    assert torch.equal(plain, other)


@torch.no_grad()
@pytest.mark.parametrize(
    "change",
    [
        {"forms": tiny.VOCABULARY[:8]},
        {"lemmas": ("روسيا",) * 8},
        {"upos": (1,) * 8},
        {"deprel": (1,) * 8},
        {"heads": (-1,) * 8},
        {"argument": (1,) * 8},
        {"letters": ((7,),) * 8},
        {"frames": (((3, 0.5),),) * 8},
    ],
)
def test_all_that_is_known_of_words_is_heard(network: Network, change: dict[str, Any]) -> None:
    s = replace(SENTENCES[2], forms=("غريب", "إلى") * 5 + (".",))
    s = replace(s, **{field: getattr(s, field)[:8] for field in asdict(s) if field not in ("states", "heads")}, heads=(1,) * 8)
    assert not torch.allclose(encode(network, [s])[1], encode(network, [replace(s, **change)])[1], atol=1e-4)


def test_in_training_some_sentences_are_read_without_states() -> None:
    still = tiny.network(sizes=replace(tiny.SIZES, dropout=0.0)).train()
    s = with_states(SENTENCES[0], tiny.SIZES.states)
    with_them, without = encode(still.eval(), [s])[1], encode(still, [replace(s, states=None)])[1]
    random.seed(1)
    still.train()
    seen = [encode(still, [s])[1] for _ in range(60)]
    counts = [sum(torch.allclose(x, y, atol=1e-5) for x in seen) for y in (with_them, without)]
    assert sum(counts) == 60
    assert counts[0] > counts[1] > 0


# ---------------------------------------------------------------------------------------------------------------------
# Several networks


def test_answers_are_the_mean_of_those_of_the_networks() -> None:
    chance = random.Random(5)
    nets = [tiny.network(1), tiny.network(2)]
    targets = [target(chance) for _ in range(3)]
    candidates = [candidate(chance, targets, e) for e in range(4)]

    def answers(networks: list[Network]) -> list[Tensor]:
        asked = Scorer(networks, {})
        return [torch.cat(asked.triggers(SENTENCES)), *asked.facts(targets), *asked.roles(targets, candidates)]

    both, one, other = answers(nets), answers(nets[:1]), answers(nets[1:])
    for mean, a, b in zip(both, one, other, strict=True):
        assert torch.allclose(mean, (a + b) / 2, atol=1e-6)
        assert not torch.allclose(a, b, atol=1e-4)


def test_a_scorer_can_be_copied_and_changed() -> None:
    asked = Scorer([tiny.network(1)], {})
    other, before = deepcopy(asked), torch.cat(asked.triggers(SENTENCES))
    with torch.no_grad():
        other.networks[0].enter.weight.add_(1)
    assert torch.equal(torch.cat(asked.triggers(SENTENCES)), before)
    assert not torch.equal(torch.cat(other.triggers(SENTENCES)), before)


def test_answers_are_probabilities() -> None:
    chance = random.Random(6)
    asked = Scorer([tiny.network(1).train(), tiny.network(2).train()], {})
    by_sentence = asked.triggers(SENTENCES)
    assert [p.shape for p in by_sentence] == [(len(s.forms), len(TYPES) + 1) for s in SENTENCES]
    triggers = torch.cat(by_sentence)
    assert torch.equal(triggers, torch.cat(asked.triggers(SENTENCES)))  # no dropout is at work, though the networks came from training
    targets = [target(chance) for _ in range(3)]
    modality, polarity = asked.facts(targets)
    assert (modality.shape, polarity.shape) == ((3, len(MODALITIES)), (3, len(POLARITIES)))
    for p in (triggers, modality, polarity):
        assert torch.allclose(p.sum(-1), torch.ones(p.shape[:-1]), atol=1e-5)
    _, source = asked.roles(targets, [candidate(chance, targets, e) for e in range(4)])
    assert 0 < float(source.min()) <= float(source.max()) < 1


def test_documents_that_are_read_together_are_read_as_if_each_were_alone() -> None:
    asked = Scorer([tiny.network(1), tiny.network(2)], {})
    documents = [tiny.words(tiny.sent()), SENTENCES, tiny.words(tiny.planned()), tiny.words(tiny.planned())]
    alone = [torch.cat(asked.triggers(d)) for d in documents]
    asked.look_ahead(documents)
    assert all(torch.allclose(torch.cat(asked.triggers(d)), mine, atol=1e-6) for d, mine in zip(documents, alone, strict=True))
    asked.look_ahead(documents[:1])
    assert torch.allclose(torch.cat(asked.triggers(documents[2])), alone[2], atol=1e-6)  # not one of those
    asked.look_ahead([])


@pytest.mark.skipif(not possible(), reason="this processor has no instructions for products of whole numbers")
def test_in_whole_numbers_a_network_says_nearly_the_same(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    quick = Scorer([network], {})
    whole = torch.cat(quick.triggers(SENTENCES))
    for module in (scorer, recurrent):
        monkeypatch.setattr(module, "possible", lambda: False)
    single = torch.cat(Scorer([network], {}).triggers(SENTENCES))
    assert torch.allclose(whole, single, atol=0.01)
    assert not torch.equal(whole, single)


@torch.no_grad()
def test_what_rules_say_of_a_fact_is_heard(network: Network) -> None:
    states, _ = encode(network, SENTENCES)
    one = Target(0, 0, 0, 0, 0)
    said = [
        torch.cat(network.facts(states, TargetRows.of(network.rows(SENTENCES).starts, [t])), 1)
        for t in (one, replace(one, modality=1), replace(one, polarity=1), replace(one, type=1))
    ]
    assert all(not torch.allclose(said[0], other, atol=1e-4) for other in said[1:])


# ---------------------------------------------------------------------------------------------------------------------
# Files


def save_vectors(path: Path) -> Path:
    words = {w: n for n, w in enumerate(tiny.VOCABULARY, 2)}
    torch.save({"vocab": {"_unit2id": words}, "emb": tiny.VECTORS.half()}, path)
    word_models.save(tiny.READER, path.with_name("words.pt"))
    return path


@pytest.fixture
def saved(tmp_path: Path) -> tuple[Path, Path]:
    scorer.save(Scorer([tiny.network(1), tiny.network(2)], {"trigger": 0.35, "bias": 1.5}), tmp_path / "events.pt")
    return tmp_path / "events.pt", save_vectors(tmp_path / "vectors.pt")


def test_a_saved_scorer_gives_the_same_answers_up_to_rounding(saved: tuple[Path, Path]) -> None:
    chance = random.Random(7)
    asked, again = Scorer([tiny.network(1), tiny.network(2)], {}), scorer.load(*saved)
    assert again.settings == {"trigger": 0.35, "bias": 1.5}
    assert [n.sizes for n in again.networks] == [tiny.SIZES, tiny.SIZES]
    heard = [with_states(s, tiny.SIZES.states) for s in SENTENCES]
    targets = [target(chance) for _ in range(5)]
    candidates = [candidate(chance, targets, e) for e in range(9)]

    def answers(of: Scorer) -> list[Tensor]:
        return [torch.cat(of.triggers(heard)), *of.facts(targets), *of.roles(targets, candidates)]

    for mine, loaded, other in zip(answers(asked), answers(again), answers(Scorer([tiny.network(3)], {})), strict=True):
        assert torch.allclose(mine, loaded, atol=5e-3)
        assert not torch.allclose(mine, other, atol=5e-3)


@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(SEEDS, st.sampled_from([1e-3, 1.0, 50.0]))
def test_a_weight_is_saved_to_a_254th_of_the_largest_of_its_row(tmp_path: Path, seed: int, size: float) -> None:
    network = tiny.network(seed)
    with torch.no_grad():
        for p in network.parameters():
            p.mul_(size)
        network.letters.weight[5] = 0.0
    scorer.save(Scorer([network], {}), tmp_path / "events.pt")
    loaded = scorer.load(tmp_path / "events.pt", save_vectors(tmp_path / "vectors.pt")).networks[0].state_dict()
    for name, weight in network.state_dict().items():
        step = weight.flatten(1).abs().amax(1) / 254 if weight.dim() > 1 and weight.numel() >= 1000 else torch.zeros(len(weight))
        off = (loaded[name] - weight).abs().flatten(1).amax(1) if weight.dim() > 1 else (loaded[name] - weight).abs()
        assert bool((off <= step * 1.001 + 1e-9).all()), name
    assert not loaded["letters.weight"][5].any()


def test_saving_what_was_loaded_changes_nothing(saved: tuple[Path, Path]) -> None:
    first = scorer.load(*saved)
    scorer.save(first, saved[0].with_name("again.pt"))
    second = scorer.load(saved[0].with_name("again.pt"), saved[1])
    assert torch.allclose(torch.cat(first.triggers(SENTENCES)), torch.cat(second.triggers(SENTENCES)), atol=1e-6)


def test_word_vectors_are_not_saved_twice(tmp_path: Path) -> None:
    scorer.save(Scorer([tiny.network()], {}), tmp_path / "few.pt")
    many = scorer.Network(tiny.SIZES, torch.zeros(5000, tiny.SIZES.vectors), tiny.number, tiny.READER.of_documents)
    scorer.save(Scorer([many], {}), tmp_path / "many.pt")
    assert abs((tmp_path / "few.pt").stat().st_size - (tmp_path / "many.pt").stat().st_size) < 1000


def test_words_are_looked_up_in_the_vectors_of_the_pack(tmp_path: Path) -> None:
    vectors, lookup = scorer.read_vectors(save_vectors(tmp_path / "vectors.pt"))
    assert (vectors.dtype, lookup("روسيا"), lookup("غريب")) == (torch.float32, tiny.number("روسيا"), 1)
    assert torch.allclose(vectors, tiny.VECTORS, atol=2e-3)


def broken(path: Path, how: str) -> None:
    """Spoil a saved scorer."""
    kept: Any = torch.load(path, weights_only=True)
    weights: dict[str, Tensor] = kept["weights"][0]
    match how:
        case "gone":
            path.unlink()
        case "empty":
            path.write_bytes(b"")
        case "cut off":
            path.write_bytes(path.read_bytes()[:1000])
        case "no model":
            path.write_bytes(b"not a model")
        case "a folder":
            path.unlink()
            path.mkdir()
        case "no sizes":
            torch.save({k: v for k, v in kept.items() if k != "sizes"}, path)
        case "sizes of another kg":
            torch.save({**kept, "sizes": {**kept["sizes"], "depth": 3}}, path)
        case "other dimensions":
            torch.save({**kept, "sizes": {**kept["sizes"], "hidden": 5}}, path)
        case "a weight too few":
            torch.save({**kept, "weights": [{k: v for k, v in weights.items() if k != "kind.weight"}]}, path)
        case "a list":
            torch.save([1, 2], path)


@pytest.mark.parametrize(
    "how",
    ["gone", "empty", "cut off", "no model", "a folder", "no sizes", "sizes of another kg", "other dimensions", "a weight too few", "a list"],
)
def test_a_file_that_is_no_scorer_is_named(saved: tuple[Path, Path], how: str) -> None:
    broken(saved[0], how)
    with pytest.raises(KgError, match=r"cannot load the event model .*events\.pt") as e:
        scorer.load(*saved)
    assert len(str(e.value)) < 400 + len(str(saved[0]))


@pytest.mark.parametrize("content", [None, b"", b"not vectors"])
def test_vectors_that_cannot_be_read_are_an_error_too(saved: tuple[Path, Path], content: bytes | None) -> None:
    saved[1].unlink()
    if content is not None:
        saved[1].write_bytes(content)
    with pytest.raises(KgError, match="cannot load the event model"):
        scorer.load(*saved)


def test_vectors_of_other_dimensions_are_an_error(saved: tuple[Path, Path]) -> None:
    torch.save({"vocab": {"_unit2id": {}}, "emb": torch.zeros(20, tiny.SIZES.vectors + 1)}, saved[1])
    with pytest.raises(KgError, match="cannot load the event model"):
        scorer.load(*saved)


# ---------------------------------------------------------------------------------------------------------------------
# Dropout


def test_dropout_keeps_the_mean_and_drops_its_share() -> None:
    drop = scorer._Drop(0.33)
    torch.manual_seed(1)
    dropped = drop(torch.ones(3, 50_001))
    assert abs(float((dropped == 0).float().mean()) - 84 / 256) < 0.01
    assert torch.allclose(dropped[dropped > 0], torch.tensor(256 / 172))
    # Numbers that stand together are drawn together: they must not know of each other.
    rows = (dropped == 0).float()
    assert all(abs(float((rows[:, k:] * rows[:, :-k]).mean()) - (84 / 256) ** 2) < 0.01 for k in (1, 2, 7, 8, 16))
    assert not torch.equal(drop(torch.ones(100)), drop(torch.ones(100)))


def test_nothing_is_dropped_outside_training_or_at_no_rate() -> None:
    x = torch.randn(7, 3)
    assert torch.equal(scorer._Drop(0.33).eval()(x), x)
    assert torch.equal(scorer._Drop(0.0)(x), x)
