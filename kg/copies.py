"""Near copies: which documents print one text, such as an agency's, whole or cut, under their own headline.

A text is the set of its runs of five words. Two documents are near copies if they share most of these runs, or one holds most of
the other's. The longest text of a family stands for it, and every other joins the one that it is most like, so that a short
notice that two independent articles both quote does not make these one.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b

from kg.model import Document
from kg.text import fold

#: Words in a run; how alike two texts are (shared runs to all runs), or how much of the shorter one the longer one holds.
RUN = 5
JACCARD = 0.6
CONTAINMENT = 0.8
#: A run that stands in more texts than this leads to none of them.
COMMON = 200


def families(documents: Iterable[Document]) -> dict[str, str]:
    """Document id -> id of the document that stands for all near copies of one text; itself where there is no other.

    The order of the documents does not matter.
    """
    texts = sorted(((_runs(d.text), d.id) for d in documents), key=lambda t: (-len(t[0]), t[1]))
    heads: list[str] = []
    kept: list[set[int]] = []  # the runs of each head
    holders: dict[int, list[int]] = {}  # run -> heads that hold it
    out: dict[str, str] = {}
    for runs, id in texts:
        # A line that stands under every article tells no copy from another, and would lead to all of them.
        near = {head for run in runs if len(found := holders.get(run, ())) <= COMMON for head in found}
        like = [(_likeness(len(runs & kept[head]), len(kept[head]), len(runs)), head) for head in near]
        best = max(((score, -head) for score, head in like if score), default=None)
        if best is not None:
            out[id] = heads[-best[1]]
            continue
        for run in runs:
            holders.setdefault(run, []).append(len(heads))
        heads.append(id)
        kept.append(runs)
        out[id] = id
    return out


def _likeness(shared: int, longer: int, shorter: int) -> float:
    """How much two texts have in common; 0 if it is less than near copies have."""
    jaccard, containment = shared / (longer + shorter - shared), shared / shorter
    return max(jaccard, containment) if jaccard >= JACCARD or containment >= CONTAINMENT else 0.0


def _runs(text: str) -> set[int]:
    """The runs of a text as numbers. Spelling, vowel signs and punctuation, which papers mend, do not count."""
    words = " ".join(map(fold, text.split())).split()
    # Not hash(): its values, and with them which two runs collide, change from one process to the next.
    return {
        int.from_bytes(blake2b(" ".join(words[i : i + RUN]).encode("utf-8", "surrogatepass"), digest_size=8).digest())
        for i in range(max(1, len(words) - RUN + 1) if words else 0)
    }
