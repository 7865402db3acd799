"""kg.features: words, triggers and arguments as numbers."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import features
from kg.arguments import Argument
from kg.features import (
    BACK,
    CATEGORIES,
    DEPRELS,
    FLAGS,
    LETTERS,
    PATHS,
    PREPOSITIONS,
    ROLES,
    TYPES,
    UPOS,
    Anchor,
    Pair,
    bucket,
    distance,
    earlier,
    letters,
    pair,
    path,
)
from kg.model import ENTITY_TYPES, EVENT_ROLES, Sentence
from kg.scenes import Scene, candidates
from kg.text import fold
from tests import small, tiny

FOLDED = st.text(alphabet="ابتثجحخدذرزسشصضطظعغفقكلمنهوي", max_size=12)


def scene(rows: str, *ner: tuple[int, int, str], text: str | None = None) -> Scene:
    """A document of one sentence whose words are parted by blanks."""
    text = text or " ".join(row.split()[0] for row in rows.splitlines())
    return tiny.told(({"text": text}, (small.sentence(text, rows, ner),)))[1][0]


def entity(type: str) -> int:
    return ENTITY_TYPES.index(type) + 1


# ---------------------------------------------------------------------------------------------------------------------
# Classes and hashes


@settings(deadline=None)
@given(st.text(min_size=1), st.integers(2, 10_000))
def test_buckets_are_in_their_range(text: str, size: int) -> None:
    assert 1 <= bucket(text, size) < size


def test_nothing_has_a_bucket_of_its_own() -> None:
    assert bucket("", LETTERS) == 0


def test_buckets_are_those_that_models_were_trained_with() -> None:
    # CRC-32 of the bytes in UTF-8, as gzip computes it.
    assert bucket("روسيا", LETTERS) == 0x4D5F4728 % (LETTERS - 1) + 1
    assert bucket("الي", PREPOSITIONS) == 0x6D5F2D40 % (PREPOSITIONS - 1) + 1


@settings(deadline=None)
@given(st.integers(-200, 200), st.integers(-200, 200))
def test_distances_are_monotone_and_in_their_range(one: int, other: int) -> None:
    near, far = sorted((one, other))
    assert 0 <= distance(near) <= distance(far) < CATEGORIES[2]


@settings(deadline=None)
@given(st.integers(1, 200))
def test_before_and_behind_are_told_apart(n: int) -> None:
    assert distance(-n) < distance(0) < distance(n)


def test_near_words_are_told_apart_and_far_ones_are_not() -> None:
    assert len({distance(n) for n in range(-4, 5)}) == 9
    assert distance(30) == distance(1000) > distance(29)
    assert distance(-30) == distance(-1000) == 0
    assert [distance(n) for n in (-2, -1, 0, 1, 2, 30)] == [8, 9, 10, 13, 14, 22]  # as models were trained with


@settings(deadline=None)
@given(FOLDED)
def test_letters_are_in_their_range(word: str) -> None:
    pieces = letters(word)
    assert pieces == tuple(sorted(pieces))
    assert all(1 <= p < LETTERS for p in pieces)


def test_letters_are_runs_of_three_and_four_and_the_whole() -> None:
    assert letters("قصف") == tuple(sorted(bucket(p, LETTERS) for p in ("<قص", "قصف", "صف>", "<قصف", "قصف>", "<قصف>")))
    assert letters("و") == (bucket("<و>", LETTERS),)
    assert bucket("ات>", LETTERS) in set(letters("صواريخات")) & set(letters("دبابات"))


# ---------------------------------------------------------------------------------------------------------------------
# Paths


def tree(*rows: tuple[int, str]) -> Sentence:
    text = " ".join("كلمة" for _ in rows)
    return small.sentence(text, "\n".join(f"كلمة كلمة NOUN {head} {deprel}" for head, deprel in rows))


CHAIN = tree((0, "root"), (1, "nsubj"), (2, "nmod"), (3, "conj"), (1, "obl:arg"), (5, "flat"), (3, "amod"))


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (0, 0, ("|", 0, 0, 0)),
        (0, 1, ("|>nsubj", 0, 1, 0)),
        (1, 0, ("|<nsubj", 1, 0, 0)),
        (0, 2, ("|>nsubj>nmod", 0, 2, 0)),
        (0, 3, ("|>nsubj>nmod", 0, 3, 0)),  # what is coordinated stands where the first one stands
        (2, 4, ("|<nmod<nsubj>obl", 2, 1, 0)),  # without the subtype
        (5, 2, ("|<obl>nsubj>nmod", 2, 2, 0)),
        (3, 6, ("|>amod", 1, 1, 2)),
    ],
)
def test_path(start: int, end: int, expected: tuple[str, int, int, int]) -> None:
    assert path(CHAIN, start, end) == expected


def test_words_that_are_too_far_apart_have_no_path() -> None:
    chain = tree((0, "root"), *((n, "nmod") for n in range(1, 9)))
    assert path(chain, 0, 6)[1:] == (0, 6, 0)
    assert path(chain, 0, 7) == ("", 7, 7, -1)
    assert path(chain, 0, 3, limit=2) == ("", 3, 3, -1)
    assert path(tree((0, "root"), (0, "root")), 0, 1) == ("", 7, 7, -1)  # of two trees


@settings(deadline=None)
@given(st.data(), st.integers(1, 9))
def test_the_way_back_is_the_way_there_backwards(data: st.DataObject, size: int) -> None:
    heads = data.draw(tiny.trees(size))
    s = tree(*((head + 1, data.draw(st.sampled_from(DEPRELS))) for head in heads))
    start, end = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, size - 1))
    route, up, down, turn = path(s, start, end)
    back = path(s, end, start)
    assert back[1:] == (down, up, turn)
    steps = re.findall(r"[<>][^<>]+", route)
    assert re.findall(r"[<>][^<>]+", back[0]) == [{"<": ">", ">": "<"}[step[0]] + step[1:] for step in reversed(steps)]
    for word, length in ((start, up), (end, down)):
        for _ in range(length if turn >= 0 else 0):
            word = heads[word]
        assert turn in (word, -1)


# ---------------------------------------------------------------------------------------------------------------------
# Words


def test_words_of_a_sentence() -> None:
    _, (first, _) = tiny.told(tiny.sent())
    w = first.words
    assert w.forms == ("أرسلت", "كوريا", "الشمالية", "3000", "جندي", "إلى", "روسيا", ".")
    assert (w.lemmas[0], w.heads[0], w.heads[2]) == ("أرسل", -1, 1)
    assert [UPOS[u - 1] for u in w.upos] == ["VERB", "PROPN", "ADJ", "NUM", "NOUN", "ADP", "PROPN", "PUNCT"]
    assert [DEPRELS[d - 1] for d in w.deprel] == ["root", "nsubj", "amod", "obj", "nmod", "case", "obl", "punct"]
    assert w.argument == (0, entity("STATE"), entity("STATE"), 0, entity("FORCE"), 0, entity("STATE"), 0)
    assert w.letters[6] == letters(fold("روسيا"))
    assert [[TYPES[t] for t, _ in found] for found in w.frames] == [["SEND"], *[[]] * 7]
    assert w.states is None


def test_every_list_has_a_row_for_every_word() -> None:
    for w in tiny.words(tiny.sent(), tiny.denied(), tiny.planned()):
        assert {len(column) for column in (w.lemmas, w.upos, w.deprel, w.heads, w.argument, w.letters, w.frames)} == {len(w.forms)}


def test_tags_that_are_unknown_are_nothing_and_subtypes_are_dropped() -> None:
    w = scene("هوجمت هاجم VERB 0 root Voice=Pass\nروسيا روسيا FOO 1 nsubj:pass\nأمس أمس NOUN 1 foo", (1, 2, "STATE")).words
    assert (w.upos[1], w.deprel[2]) == (0, 0)
    assert DEPRELS[w.deprel[1] - 1] == "nsubj"


def test_a_nisba_is_told_from_a_mention() -> None:
    w = scene("أرسلت أرسل VERB 0 root\nالحكومة حكومة NOUN 1 nsubj\nالروسية روسي ADJ 2 amod\nجنديا جندي NOUN 1 obj", (3, 4, "FORCE")).words
    assert w.argument == (0, entity("STATE") + len(ENTITY_TYPES), entity("STATE") + len(ENTITY_TYPES), entity("FORCE"))


def test_words_behind_a_swallowed_article_are_written_in_full() -> None:
    w = scene("هاجمت هاجم VERB 0 root\nل ل ADP 3 case\nليابان يابان PROPN 1 obl\n", (1, 3, "STATE"), text="هاجمت لليابان").words
    assert w.forms[2] == "اليابان"


def test_states_of_the_parser_are_handed_on() -> None:
    gold, (first, second) = tiny.sent()
    known = tiny.with_states(first)
    _, scenes = tiny.told((gold, (known, second)))
    assert scenes[0].words.states is known.states
    assert scenes[1].words.states is None


def strength(rows: str, *ner: tuple[int, int, str]) -> float:
    (((_, found),),) = [f for f in scene(rows, *ner).words.frames if f]
    return found


def test_a_frame_is_the_stronger_the_better_its_roles_are_filled() -> None:
    wanting = strength("نقلت نقل VERB 0 root\nروسيا روسيا PROPN 1 nsubj", (1, 2, "STATE"))  # «نقل» needs a theme and a recipient
    one = strength("هاجمت هاجم VERB 0 root\nروسيا روسيا PROPN 1 nsubj", (1, 2, "STATE"))
    three = strength(tiny.SENT, (1, 3, "STATE"), (4, 5, "FORCE"), (6, 7, "STATE"))
    assert 0 < wanting < one < three == 1.0


def test_of_two_frames_of_a_type_the_stronger_one_counts(tmp_path: Path) -> None:
    twice = small.FRAMES + '\nkgf:other a kgo:Frame ; kgo:eventType "ATTACK" ; kgo:verb "هاجم يهاجم" ; kgo:role kgf:attack.location .'
    s = small.sentence("هاجمت روسيا أوكرانيا.", tiny.ATTACKED, [(1, 2, "STATE"), (2, 3, "STATE")])
    _, (found,) = tiny.told(({"text": "هاجمت روسيا أوكرانيا."}, (s,)), tiny.extractor(frames=small.frames(tmp_path, twice)))
    assert len(found.readings) == 2
    assert found.words.frames[0] == ((TYPES.index("ATTACK"), 1.0),)


# ---------------------------------------------------------------------------------------------------------------------
# Pairs


def seen(
    s: Scene, at: int, type: str, arg: Argument, elsewhere: frozenset[str] = frozenset(), speaker: bool = False
) -> tuple[Pair, dict[str, dict[str, float]]]:
    """A pair, and what it says of roles: by frames, by their rules, in other events."""
    p = pair(s.sites, Anchor.of(at, type, s.readings), arg, elsewhere, speaker)
    return p, known(p)


def known(p: Pair) -> dict[str, dict[str, float]]:
    blocks = [p.numbers[FLAGS + k * len(ROLES) :][: len(ROLES)] for k in range(3)]
    return {name: {r: x for r, x in zip(ROLES, block, strict=True) if x} for name, block in zip(("score", "rule", "else"), blocks, strict=True)}


def test_what_frames_say_of_an_argument() -> None:
    _, (s, _) = tiny.told(tiny.sent())
    for arg, role, type in zip(s.sites.args, ("agent", "theme", "recipient"), ("STATE", "FORCE", "STATE"), strict=True):
        p, says = seen(s, 0, "SEND", arg, frozenset({"target"}))
        assert p.categories[0] == entity(type)
        assert max(says["score"], key=lambda r: says["score"][r]) == role
        assert (says["rule"], says["else"]) == ({role: 1.0}, {"target": 1.0})


def test_a_word_that_no_frame_of_the_type_knows_is_a_pair_all_the_same() -> None:
    _, (s, _) = tiny.told(tiny.sent())
    p, says = seen(s, 0, "ATTACK", s.sites.args[0])
    assert p.categories[7] == 0
    assert says == {"score": {}, "rule": {}, "else": {}}
    assert seen(s, 0, "SEND", s.sites.args[0])[0].categories[7] == 1 + features.KINDS.index("verb")


def test_where_an_argument_stands() -> None:
    _, (s, _) = tiny.told(tiny.sent())
    korea, soldiers, russia = (seen(s, 0, "SEND", a)[0] for a in s.sites.args)
    assert (korea.categories[4], korea.categories[5]) == (0, 0)
    assert (russia.categories[4], russia.categories[5]) == (bucket("الي", PREPOSITIONS), bucket("الي", PREPOSITIONS))
    assert [p.categories[2] for p in (korea, soldiers, russia)] == [distance(1), distance(4), distance(6)]
    assert [p.categories[3] for p in (korea, soldiers, russia)] == [4, 5, 6]  # behind the trigger, with 0, 1, 2 between
    assert [p.categories[6] for p in (korea, soldiers, russia)] == [bucket(x, PATHS) for x in ("|>nsubj", "|>obj>nmod", "|>obl")]
    assert [DEPRELS[p.categories[8] - 1] for p in (korea, soldiers, russia)] == ["nsubj", "nmod", "obl"]
    assert {p.categories[9] for p in (korea, soldiers, russia)} == {0}  # in its sentence


def test_an_argument_before_its_trigger() -> None:
    s = scene("روسيا روسيا PROPN 3 nsubj\n، ، PUNCT 1 punct\nهاجمت هاجم VERB 0 root\nأوكرانيا أوكرانيا PROPN 3 obj", (0, 1, "STATE"), (3, 4, "STATE"))
    before, behind = (seen(s, 2, "ATTACK", a)[0] for a in s.sites.args)
    assert (before.categories[2], behind.categories[2]) == (distance(-2), distance(1))
    assert (before.categories[3], behind.categories[3]) == (0, 4)
    assert (before.numbers[4], behind.numbers[4]) == (0.25, 0.0)  # one sign between


def flags(s: Scene, at: int, type: str, n: int, speaker: bool = False) -> tuple[float, ...]:
    return seen(s, at, type, s.sites.args[n], speaker=speaker)[0].numbers[:FLAGS]


def test_flags_of_the_trigger() -> None:
    passive = scene("هوجمت هاجم VERB 0 root Voice=Pass\nروسيا روسيا PROPN 1 nsubj", (1, 2, "STATE"))
    active = scene("هاجمت هاجم VERB 0 root\nروسيا روسيا PROPN 1 nsubj", (1, 2, "STATE"))
    noun = scene("الهجوم هجوم NOUN 0 root\nعلى على ADP 3 case\nروسيا روسيا PROPN 1 nmod", (2, 3, "STATE"))
    assert [flags(s, 0, "ATTACK", 0)[0] for s in (passive, active, noun)] == [1.0, 0.0, 0.0]
    assert [flags(s, 0, "ATTACK", 0)[10] for s in (passive, active, noun)] == [1.0, 1.0, 0.0]
    assert [flags(s, 0, "ATTACK", 0)[18] for s in (passive, active, noun)] == [0.0, 0.0, 1.0]


def test_a_light_verb_carries_the_path() -> None:
    rows = "شنت شن VERB 0 root\nروسيا روسيا PROPN 1 nsubj\nهجوما هجوم NOUN 1 obj\nعلى على ADP 5 case\nأوكرانيا أوكرانيا PROPN 3 nmod"
    s = scene(rows, (1, 2, "STATE"), (4, 5, "STATE"))
    russia, ukraine = (seen(s, 2, "ATTACK", a)[0] for a in s.sites.args)
    assert (russia.numbers[1], ukraine.numbers[1]) == (1.0, 1.0)
    assert russia.categories[6] == bucket("light|>nsubj", PATHS)
    assert ukraine.categories[6] == bucket("|>nmod", PATHS)
    plain = scene(rows.replace("شنت شن", "رأت رأى"), (1, 2, "STATE"), (4, 5, "STATE"))
    assert seen(plain, 2, "ATTACK", plain.sites.args[0])[0].categories[6] == bucket("|<obj>nsubj", PATHS)


def test_flags_of_the_argument() -> None:
    _, (s, _) = tiny.told(tiny.sent())
    assert [flags(s, 0, "SEND", n)[11] for n in range(3)] == [0.0, 1.0, 0.0]  # the soldiers are counted
    assert (flags(s, 0, "SEND", 0, speaker=True)[6], flags(s, 0, "SEND", 0)[6]) == (1.0, 0.0)
    said = scene("طهران طهران PROPN 3 nsubj\n: : PUNCT 1 punct\nهاجمت هاجم VERB 0 root\nروسيا روسيا PROPN 3 nsubj", (0, 1, "STATE"), (3, 4, "STATE"))
    assert [flags(said, 2, "ATTACK", n)[7] for n in (0, 1)] == [1.0, 0.0]  # the speaker of a headline


def test_what_is_coordinated() -> None:
    rows = "هاجمت هاجم VERB 0 root\nروسيا روسيا PROPN 1 nsubj\nو و CCONJ 4 cc\nإيران إيران PROPN 2 conj\nأوكرانيا أوكرانيا PROPN 1 obj"
    s = scene(rows, (1, 2, "STATE"), (3, 4, "STATE"), (4, 5, "STATE"))
    assert [flags(s, 0, "ATTACK", n)[2:4] for n in range(3)] == [(0.0, 1.0), (1.0, 1.0), (0.0, 0.0)]
    first, second = (seen(s, 0, "ATTACK", a)[1]["score"]["agent"] for a in s.sites.args[:2])
    assert first >= second > 0  # what frames say of the first goes for the second too


def test_what_is_coordinated_with_an_argument_nearly_has_its_score() -> None:
    rows = "هاجمت هاجم VERB 0 root\nروسيا روسيا PROPN 1 nsubj\nو و CCONJ 4 cc\nصواريخ صاروخ NOUN 2 conj"
    s = scene(rows, (1, 2, "STATE"), (3, 4, "WEAPON"))
    state, weapon = (seen(s, 0, "ATTACK", a)[1] for a in s.sites.args)  # a weapon does not attack
    assert weapon["score"]["agent"] == pytest.approx(state["score"]["agent"] - 0.1)
    assert (state["rule"], weapon["rule"]) == ({"agent": 1.0}, {})


def test_where_the_path_turns() -> None:
    _, (s, _) = tiny.told(tiny.sent())
    here = flags(s, 0, "SEND", 1)
    assert (here[12], here[13], here[14], here[15], here[16]) == (0.0, 0.5, 1.0, 1.0, 0.0)
    up = flags(s, 6, "SEND", 0)  # from «روسيا» up to the verb and down to its subject
    assert (up[12], up[13], up[14], up[15]) == (0.25, 0.25, 0.0, 1.0)
    s.sites.sentence = replace(s.sentence, words=tuple(replace(w, head=-1) for w in s.sentence.words))
    assert flags(s, 0, "SEND", 1)[14:17] == (0.0, 0.0, 1.0)


def test_a_word_inside_the_argument() -> None:
    _, (s, _) = tiny.told(tiny.sent())
    assert [flags(s, at, "SEND", 0)[9] for at in range(4)] == [0.0, 1.0, 1.0, 0.0]


def test_a_pronoun_that_is_written_with_the_trigger() -> None:
    rows = "هاجمت هاجم VERB 0 root\nها هو PRON 1 obj\nروسيا روسيا PROPN 1 nsubj"
    assert flags(scene(rows, (2, 3, "STATE"), text="هاجمتها روسيا"), 0, "ATTACK", 0)[17] == 1.0
    assert flags(scene(rows, (2, 3, "STATE")), 0, "ATTACK", 0)[17] == 0.0


def test_an_argument_of_an_earlier_sentence() -> None:
    _, (s, _) = tiny.told(tiny.sent())
    korea, soldiers, russia = (earlier(s.sites, a, back, frozenset({"agent"}), back == 2) for a, back in zip(s.sites.args, (1, 2, 1), strict=True))
    assert [p.categories[9] for p in (korea, soldiers, russia)] == [1, 2, 1]
    assert [p.categories[3] for p in (korea, soldiers, russia)] == [0, 1, 2]
    assert (soldiers.categories[0], russia.categories[5]) == (entity("FORCE"), bucket("الي", PREPOSITIONS))
    assert [p.numbers[6] for p in (korea, soldiers, russia)] == [0.0, 1.0, 0.0]
    assert {p.numbers[16] for p in (korea, soldiers, russia)} == {1.0}  # no path
    assert known(korea) == {"score": {}, "rule": {}, "else": {"agent": 1.0}}


@settings(deadline=None, max_examples=40)
@given(st.data())
def test_whatever_the_parse_numbers_are_in_their_ranges(data: st.DataObject) -> None:
    gold, sentences = tiny.sent()
    parsed = tuple(data.draw(tiny.parses(s)) for s in sentences)
    _, scenes = tiny.told((gold, parsed))
    types = data.draw(st.lists(st.sampled_from(TYPES), min_size=12, max_size=12))
    places = [(n, at) for n, s in enumerate(sentences) for at in range(len(s.words))]
    _, offers = candidates(scenes, [(n, at, t) for (n, at), t in zip(places, types, strict=True)], tiny.extractor())
    assert offers
    for o in offers:
        assert len(o.plain.pair.numbers) == FLAGS + 3 * len(ROLES)
        assert all(0 <= c < size for c, size in zip(o.plain.pair.categories, CATEGORIES, strict=True))
        assert all(math.isfinite(x) and 0 <= x <= 2 for x in o.plain.pair.numbers)


def test_sizes_hold_all_categories() -> None:
    assert CATEGORIES[0] == len(ENTITY_TYPES) + 1 and CATEGORIES[9] == BACK + 1
    assert set(ROLES) == {r for roles in EVENT_ROLES.values() for r in roles} and len(set(ROLES)) == len(ROLES)
