"""What may fill the roles of an event in a sentence, and where it stands relative to a trigger.

Two views of the same words give the slots of an argument: the dependency parse, and position (preposition before the noun
phrase, order behind the verb, distance). The parse is right on two edges in three, so each view gives slots with a score
and `kg.events` takes the better one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from kg import quantities
from kg.entities import Handle, Register
from kg.frames import Trigger
from kg.lexicon import Lexicon
from kg.mentions import plain
from kg.model import COUNTED, Mention, Sentence
from kg.text import fold

#: Nouns that stand for the state whose nisba follows: «مسؤول روسي», «الحكومة الأوكرانية».
_ACTOR_NOUNS = frozenset(
    [
        "مسوول", "مسوولون", "مسوولين", "حكومه", "سلطات", "سلطه", "قياده", "اداره", "جانب", "طرف", "دبلوماسي", "دبلوماسيون", "دبلوماسيين", "نظام",
        "محكمه", "وفد", "مفاوض", "مفاوضون", "مفاوضين", "طيران", "طايرات", "مقاتلات", "مدفعيه", "دفاعات", "بحريه", "عسكريون", "عسكريين", "خارجيه",
        "رياسه", "اجهزه", "مصدر", "مصادر", "مبعوث", "مدمره", "حرس", "شرطه", "جيش", "قوات", "قوه", "وزير", "وزرا", "رييس", "زعيم", "زعما", "قاده",
        "امن", "مخابرات", "استخبارات", "سفير", "ناطق", "متحدث",
    ]
)  # fmt: skip

#: Words of a noun phrase that only count, measure or describe what follows.
_INSIDE_NP = frozenset({"NOUN", "ADJ", "NUM", "DET", "PROPN", "X", "SYM"})
_PARTITIVE = frozenset(
    [
        "عدد", "عددا", "عشرات", "ميات", "الاف", "ملايين", "وحده", "مزيد", "بعض", "مجموعه", "كميه", "كميات", "شحنه", "شحنات", "دفعه",
        "دفعات", "انواع", "نوع", "سلسله", "قطع", "كل", "جميع", "احد", "احدي", "معظم", "اغلب", "غالبيه", "بقيه",
    ]
)  # fmt: skip
_INCLUDING = frozenset(["تشمل", "شملت", "يشمل", "شمل", "تضم", "ضمت", "يضم", "تتضمن", "تضمنت", "يتضمن", "بينها", "بينهم", "منها"])


@dataclass(frozen=True, slots=True)
class Argument:
    """Words [start, end) with their head, and the entity they stand for. `via`: "mention" or "nisba"."""

    start: int
    end: int
    head: int
    type: str
    handle: Handle
    via: str
    group: int  # coordinated arguments share a number
    phrase: int  # where its noun phrase begins, with the number and what bounds it


@dataclass(frozen=True, slots=True)
class Slot:
    """An argument stands in a slot of a trigger ("subject", "genitive", a folded preposition …) with a score up to 1."""

    name: str
    score: float
    view: str  # "parse" or "position"


def arguments(sentence: Sentence, mentions: Sequence[Mention], register: Register, lexicon: Lexicon) -> list[Argument]:
    """The arguments of a sentence in their order: mentions, and nisbas of nouns that act for a state."""
    words = sentence.words
    names = [plain(words, i) for i in range(len(words))]
    found: list[tuple[int, int, int, str, Handle, str]] = []
    taken = [False] * len(words)
    for m in mentions:
        handle = register.of(m)
        found.append((*m.words, m.head, handle.type, handle, "mention"))
        if m.type == "CONFLICT" and (party := _first_state(names, m, lexicon, register)):
            # The states in the name of a war are no mentions, but may fill roles: «لمساعدة حرب روسيا في أوكرانيا» helps Russia.
            found.append((*m.words, m.head, "STATE", party, "name"))
        taken[m.words[0] : m.words[1]] = [True] * (m.words[1] - m.words[0])
    i = 1
    while i < len(words):
        nisba = None if taken[i] else lexicon.nisba_phrase(names, i)
        if not nisba:
            i += 1
            continue
        entry, length = nisba
        noun = next((k for k in range(i - 1, max(-1, i - 4), -1) if _acts(names[k])), None)
        if noun is not None and not any(taken[noun:i]) and all(words[k].upos in _INSIDE_NP for k in range(noun, i)):
            found.append((noun, i + length, noun, "STATE", register.implied(entry), "nisba"))
            taken[noun : i + length] = [True] * (i + length - noun)
        i += length
    found.sort(key=lambda x: x[0])
    members = _members(sentence, [(start, end, type) for start, end, _, type, *_ in found])
    found = [x for n, x in enumerate(found) if n not in members]
    described = {m.words[0] for m in mentions if m.origin == "rule"}
    out: list[Argument] = []
    title: tuple[int, int] | None = None
    for n, (start, end, head, type, handle, via) in enumerate(found):
        if n + 1 < len(found) and found[n + 1][0] not in described and _in_title(sentence, found[n], found[n + 1]):
            title = (start, head) if via == "nisba" else None
            continue
        phrase = quantities.phrase_start(words, start) if type in COUNTED else start
        if title:  # the person stands where the title stands
            phrase, head = title
        title = None
        group = out[-1].group if out and _coordinated(sentence, out[-1].end, start) and "name" not in (via, out[-1].via) else n
        out.append(Argument(start, end, head, type, handle, via, group, phrase))
    return _included(sentence, out)


def _members(sentence: Sentence, found: Sequence[tuple[int, int, str]]) -> set[int]:
    """Which of (start, end, type) only list in brackets who is in the organisation before: «مجموعة 5+1 (فرنسا، بريطانيا، الصين …)»."""
    out: set[int] = set()
    for n, (_, end, type) in enumerate(found):
        if type == "ORGANISATION" and end < len(sentence.words) and sentence.words[end].text == "(":
            close = next((i for i in range(end, len(sentence.words)) if sentence.words[i].text == ")"), end)
            inside = [k for k in range(n + 1, len(found)) if found[k][0] < close]
            rest = set(range(end, close + 1)).difference(*(range(*found[k][:2]) for k in inside))
            listed = all(sentence.words[i].upos in ("PUNCT", "CCONJ") for i in rest) and all(found[k][2] == "STATE" for k in inside)
            out |= set(inside) if listed and len(inside) > 1 else set()
    return out


def _in_title(sentence: Sentence, owner: tuple[int, int, int, str, Handle, str], person: tuple[int, int, int, str, Handle, str]) -> bool:
    """Whether a state or organisation only says whose head the person behind it is: «زعيم كوريا الشمالية كيم جونغ أون»."""
    gap = sentence.words[owner[1] : person[0]]
    by_nisba = owner[5] == "nisba"  # «مسؤول روسي كبير، سيرغي شويغو»: then commas may stand between
    return (
        person[3] == "PERSON"
        and owner[3] in ("STATE", "ORGANISATION")
        and len(gap) <= (3 if by_nisba else 2)
        and all(w.upos in ("NOUN", "ADJ", "PROPN", "X") or (by_nisba and w.text in ("،", ",", "-")) for w in gap)
    )


def _included(sentence: Sentence, args: list[Argument]) -> list[Argument]:
    """What «تشمل», «بينها» and the like list belongs to the group of what it is listed under."""
    folded = [fold(w.text) for w in sentence.words]
    for v in (i for i, f in enumerate(folded) if f in _INCLUDING):
        near = next((k for k, a in enumerate(args) if v < a.phrase <= v + 2 and a.type in COUNTED), None)
        if near is None:
            near = next((k for k in range(len(args) - 1, -1, -1) if args[k].end <= v and v - args[k].end <= 12 and args[k].type in COUNTED), None)
        if near is None:
            continue
        last = max(args[near].end, v)
        for k in range(near + 1, len(args)):
            if args[k].start < v or args[k].type != args[near].type:
                continue
            if args[k].phrase - last > 12:
                break
            args[k] = replace(args[k], group=args[near].group)
            last = args[k].end
    return args


def _first_state(names: Sequence[str], m: Mention, lexicon: Lexicon, register: Register) -> Handle | None:
    for match in lexicon.match(names[m.words[0] : m.words[1]]) if m.concept is None else ():
        if (entry := lexicon.entry(match.entries[0])).type == "STATE":
            return register.implied(entry)
    for i in range(m.words[0], m.words[1]):
        for entry in lexicon.find(names[i]):
            if entry.type == "STATE":
                return register.implied(entry)
    return None


def _acts(name: str) -> bool:
    return fold(name).removeprefix("ال") in _ACTOR_NOUNS


def _coordinated(sentence: Sentence, end: int, start: int) -> bool:
    """Whether the words between two arguments join them: «و», «، و», «إلى جانب», «بالإضافة إلى», with a preposition or number again."""
    gap = sentence.words[end:start]
    if not 0 < len(gap) <= 8:
        return False
    text = " ".join(fold(w.text) for w in gap)
    if any(p in f" {text} " for p in (" الي جانب ", " بالاضافه الي ", " ب الاضافه الي ", " فضلا عن ", " وكذلك ")):
        return True
    if gap[0].text == "و" and any(quantities.is_number(w.text) for w in gap[1:]):
        return all(w.upos in ("ADP", "NUM", "NOUN", "ADJ", "DET", "PROPN", "X", "ADV", "PRON") for w in gap[1:])
    joiner = gap[0].text == "و" or (gap[0].text in ("،", ",") and len(gap) > 1 and gap[1].text == "و") or gap[0].text in ("أو", "،", "(")
    bare_comma = gap[0].text == "،" and len(gap) == 1
    rest = [w for w in gap if w.text not in ("و", "،", ",", "أو", "(")]
    return (
        (joiner or bare_comma)
        and all(w.upos in ("ADP", "NUM", "NOUN", "ADJ", "DET", "PROPN") and (w.upos != "ADP" or len(w.text) <= 3) for w in rest)
        and len(rest) <= 3
    )


class Sites:
    """The slots of all arguments of a sentence, for any trigger in it."""

    def __init__(self, sentence: Sentence, args: Sequence[Argument]) -> None:
        self.sentence = sentence
        self.words = sentence.words
        self.args = args
        self.names = [plain(sentence.words, i) for i in range(len(sentence.words))]
        self.folded = [fold(n) for n in self.names]
        self._children: dict[int, list[int]] = {}
        for w in sentence.words:
            self._children.setdefault(w.head, []).append(w.index)
        #: Heads of verbs of speech (condemn, demand): what they speak of is not done by their subject. Set by `kg.events`.
        self.barriers: frozenset[int] = frozenset()
        self.counting = {i for a in args for i in range(a.phrase, a.start)}
        self._owner: dict[int, Argument] = {i: a for a in args for i in range(a.start, a.end)}

    # -- the parse

    def preposition(self, node: int) -> str | None:
        """The folded preposition(s) of a node by the parse, None if it has none."""
        cases = [i for i in self._children.get(node, ()) if self.words[i].deprel == "case" and i < node and i not in self.counting]
        if not cases:
            return None
        first = min(cases)
        return " ".join(self.folded[first : max(cases) + 1]) if max(cases) - first <= 3 else self.folded[first]

    def parsed(self, trigger: Trigger, arg: Argument) -> Iterator[Slot]:
        """Slots that the dependency tree gives."""
        heads = {trigger.head} | ({trigger.light} if trigger.light is not None else set())
        node, score = arg.head, 1.0
        preposition: str | None = None
        for _ in range(5):
            word = self.words[node]
            own = self.preposition(node)
            preposition = preposition or own
            parent = word.head
            if parent < 0:
                break
            if parent in heads:
                yield from self._named(trigger, parent, word.deprel, preposition, node, score)
                return
            if word.deprel == "conj":
                preposition = own or self.preposition(parent)
                score -= 0.05
            elif self.words[parent].upos in ("NOUN", "ADJ", "PROPN", "NUM", "PRON", "X") and word.deprel in (
                "nmod",
                "appos",
                "flat",
                "dep",
                "obl",
                "amod",
                "nummod",
            ):
                if parent in self._owner and self._owner[parent] is not arg:
                    return  # inside another argument's phrase
                if own and self.folded[parent].removeprefix("ال") not in _PARTITIVE:
                    score -= 0.2
                elif own:
                    preposition = None
                score -= 0.12
            else:
                break
            node = parent
        yield from self._relative(trigger, arg)
        yield from self._raised(trigger, arg)

    def _named(self, trigger: Trigger, head: int, deprel: str, preposition: str | None, node: int, score: float) -> Iterator[Slot]:
        light = head == trigger.light
        if preposition:
            yield Slot(preposition, score, "parse")
            return
        passive = self.words[head].feats.get("Voice") == "Pass" or any(
            self.words[c].deprel in ("aux:pass", "nsubj:pass") for c in self._children.get(head, ())
        )
        if deprel == "nsubj" and node != trigger.head:
            yield Slot("object" if passive and not light else "subject", score, "parse")
        elif deprel == "nsubj:pass":
            yield Slot("object", score, "parse")
        elif deprel in ("obj", "iobj") and not light:
            before = [c for c in self._children.get(head, ()) if self.words[c].deprel in ("obj", "iobj") and c < node]
            yield Slot("object2" if before else "object", score, "parse")
        elif deprel in ("nmod", "obl", "appos", "flat", "dep") and trigger.kind != "verb" and not light:
            yield Slot("genitive", score if deprel == "nmod" else score - 0.2, "parse")
        elif deprel == "amod" and not light:
            yield Slot("nisba", score, "parse")
        elif deprel in ("obl", "nmod", "dep") and trigger.kind == "verb":
            yield Slot("subject", score - 0.45, "parse")

    def _relative(self, trigger: Trigger, arg: Argument) -> Iterator[Slot]:
        """The noun that a relative clause or participle with the trigger describes."""
        verb = trigger.light if trigger.light is not None else trigger.head
        word = self.words[verb]
        if word.deprel not in ("acl", "amod") or not arg.start <= word.head < arg.end:
            return
        if trigger.kind == "participle":
            yield Slot("subject", 0.9, "parse")
            return
        kinds = {
            self.words[c].deprel
            for c in self._children.get(verb, ())
            if self.words[c].upos != "PRON" or self.words[c].text not in ("الذي", "التي", "الذين")
        }
        resumed = any(self.words[c].upos == "PRON" and self.words[c].token == self.words[verb].token for c in self._children.get(verb, ()))
        yield Slot("object" if resumed or "nsubj" in kinds else "subject", 0.9, "parse")

    def _raised(self, trigger: Trigger, arg: Argument) -> Iterator[Slot]:
        """The subject of the verb that governs the trigger, where the trigger has none of its own."""
        verb = trigger.light if trigger.light is not None else trigger.head
        if any(self.words[c].deprel.startswith("nsubj") for c in self._children.get(verb, ())):
            return
        up, score = verb, 0.7
        for _ in range(3):
            relation = self.words[up].deprel
            up = self.words[up].head
            if up < 0 or relation not in ("xcomp", "ccomp", "advcl", "conj", "obl", "obj", "nmod", "parataxis"):
                return
            score -= 0.12
            if self.words[up].upos == "VERB":
                if up in self.barriers and trigger.kind != "verb":
                    return
                node = arg.head
                while self.words[node].deprel in ("conj", "appos", "flat") and self.words[node].head >= 0:
                    node = self.words[node].head
                if self.words[node].head == up and self.words[node].deprel == "nsubj":
                    yield Slot("subject", score, "parse")
                    return

    # -- position

    def phrase_start(self, arg: Argument) -> tuple[int, str | None]:
        """Where the noun phrase of an argument begins, and the folded preposition before it."""
        k = arg.phrase - 1
        while k >= 0 and arg.phrase - k <= 7 and self.words[k].upos in _INSIDE_NP and k not in self._owner:
            k -= 1
        if k >= 1 and self.folded[k] == "من" and self.folded[k - 1].removeprefix("ال") in _PARTITIVE:
            k -= 2
            while k >= 0 and self.words[k].upos in _INSIDE_NP and k not in self._owner:
                k -= 1
        if k >= 0 and (self.words[k].upos == "ADP" or self.folded[k] in ("من", "الي", "علي", "في", "عن", "مع", "ل", "ب", "ضد", "بين")):
            compound = " ".join(self.folded[k : k + 2])
            return k, compound if compound in _COMPOUND else self.folded[k]
        return k, None

    def placed(self, trigger: Trigger, arg: Argument) -> Iterator[Slot]:
        """Slots that position gives: preposition, order and distance."""
        begin, preposition = self.phrase_start(arg)
        anchor = trigger.head
        if arg.start <= anchor < arg.end:
            return
        after = arg.start > anchor
        between = range(trigger.end, max(begin, trigger.end)) if after else range(arg.end, trigger.start)
        cost = 0.0
        for i in between:
            word = self.words[i]
            if i == trigger.light:
                continue
            if word.upos == "VERB":
                cost += 0.3
            elif word.upos == "SCONJ" or self.folded[i] in ("الذي", "التي", "الذين"):
                cost += 0.2
            elif word.upos == "PUNCT":
                cost += 0.25 if word.text in ".؛:" else 0.12
            else:
                cost += 0.02
        noun = trigger.kind != "verb"
        if preposition:
            # A phrase that another argument or trigger stands closer to is less likely ours.
            yield Slot(preposition, (0.75 if after else 0.5) - cost, "position")
            return
        if after:
            rivals = [a for a in self.args if trigger.end <= a.start < arg.start and self.phrase_start(a)[1] is None and a.group != arg.group]
            if noun:
                gap = [i for i in between if self.words[i].upos not in _INSIDE_NP and self.words[i].text != '"']
                if not rivals and not gap:
                    yield Slot("genitive", 0.8 - cost, "position")
                elif not rivals or len(rivals) == 1:
                    yield Slot("object", 0.6 - cost, "position")
                if trigger.light is not None:
                    yield Slot("subject", 0.4 - cost, "position")
                return
            nouns = [i for i in between if self.words[i].upos == "NOUN" and self.words[i - 1].upos in ("VERB", "PUNCT") and i not in self._owner]
            if not rivals and not nouns:
                yield Slot("subject", 0.75 - cost, "position")
                yield Slot("object", 0.6 - cost, "position")
            else:
                yield Slot("object", 0.7 - cost - 0.1 * max(0, len(rivals) - 1), "position")
                yield Slot("object2", 0.5 - cost, "position")
            return
        if trigger.light is not None and arg.start > trigger.light:
            yield Slot("subject", 0.8 - cost, "position")
        elif not noun:
            yield Slot("subject", 0.6 - cost, "position")
        elif trigger.light is not None or not self._spoken_of(trigger):
            yield Slot("subject", (0.6 if trigger.light is not None else 0.42) - cost, "position")

    def speaks(self, arg: Argument) -> bool:
        """Whether an argument is only the speaker of a headline: «سيول: بيونغ يانغ أرسلت جنودا»."""
        return arg.start <= 1 and arg.end < len(self.words) and self.words[arg.end].text == ":"

    def _spoken_of(self, trigger: Trigger) -> bool:
        """Whether the last verb before a noun is one of speech, so that its subject is not the one who acts."""
        verbs = [i for i in range(max(0, trigger.start - 15), trigger.start) if self.words[i].upos == "VERB"]
        return bool(verbs) and verbs[-1] in self.barriers

    def slots(self, trigger: Trigger, arg: Argument) -> dict[str, Slot]:
        """The best slot of each name, of both views."""
        best: dict[str, Slot] = {}
        for slot in (*self.parsed(trigger, arg), *self.placed(trigger, arg)):
            if slot.name not in best or best[slot.name].score < slot.score:
                best[slot.name] = slot
        return best


_COMPOUND = frozenset(
    fold(p)
    for p in (
        "من قبل",
        "على يد",
        "على أيدي",
        "من جانب",
        "من طرف",
        "عن طريق",
        "بالقرب من",
        "على حدود",
        "إلى جانب",
        "في اتجاه",
        "في محافظة",
        "في منطقة",
        "على مشارف",
        "في مواجهة",
        "في وجه",
    )
)
