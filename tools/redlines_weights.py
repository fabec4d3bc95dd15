"""Learn what lines are like from those in tests/core/redlines/: `redlines_weights.py [--check]`.

Passive-aggressive learning for several labels (Crammer and others, 2006), averaged over its steps; the same lines give
the same file. Its first line is the digest of the lines and of this file: `--check` says by it whether the weights are
of today (exit status 1 if not).
"""

import hashlib
import sys
from math import log, sqrt
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "platform"))

from dezhi.core.redlines.likeness import ORDINARY, WEIGHTS, marks  # noqa: E402 - runs without an installation
from dezhi.core.redlines.reading import plain  # noqa: E402

LINES = ROOT / "tests/core/redlines"
FILE = ROOT / "platform/dezhi/core/redlines" / WEIGHTS
LABELS = (ORDINARY, *(f"RL-{number}" for number in range(1, 16)))
ROUNDS = 20
STEP_MAX = 0.2
RARE = 2  # lines; what fewer have is not weighed
FAINT = 6  # hundredths; what says less is not kept


def learn(lines: list[tuple[set[int], str]]) -> str:
    """Return the text of the file: per mark its rarity and, for each label it speaks for or against, hundredths."""
    texts = [(marks(plain(text)), labels) for labels, text in lines]
    counts: dict[str, int] = {}
    for seen, _ in texts:
        for mark in seen:
            counts[mark] = counts.get(mark, 0) + 1
    rarity = {
        mark: round(log((len(texts) + 1) / (count + 1)) + 1, 2)
        for mark, count in counts.items()
        if count >= RARE and "\t" not in mark
    }
    vectors = [(_vector(seen, rarity), labels) for seen, labels in texts]
    now = {mark: [0.0] * len(LABELS) for mark in rarity}
    late = {mark: [0.0] * len(LABELS) for mark in rarity}
    order, chance, step = list(range(len(vectors))), Random(1), 1  # noqa: S311 - an order, nothing secret
    for _ in range(ROUNDS):
        chance.shuffle(order)
        for which in order:
            vector, labels = vectors[which]
            scores = [sum(now[mark][label] * value for mark, value in vector) for label in range(len(LABELS))]
            right = max(labels, key=scores.__getitem__)
            wrong = max(set(range(len(LABELS))) - labels, key=scores.__getitem__)
            change = min(STEP_MAX, (1 - scores[right] + scores[wrong]) / 2)
            if change > 0:
                for mark, value in vector:
                    for label, by in ((right, change * value), (wrong, -change * value)):
                        now[mark][label] += by
                        late[mark][label] += by * step
            step += 1
    rows = []
    for mark in sorted(rarity):
        means = [round(100 * (a - b / step)) for a, b in zip(now[mark], late[mark], strict=True)]
        if max(map(abs, means)) >= FAINT:
            said = " ".join(f"{label}={mean}" for label, mean in enumerate(means) if abs(mean) >= FAINT)
            rows.append(f"{mark}\t{rarity[mark]}\t{said}\n")
    return "".join(rows)


def _vector(seen: list[str], rarity: dict[str, float]) -> list[tuple[str, float]]:
    known = [(mark, rarity[mark]) for mark in seen if mark in rarity]
    length = sqrt(sum(value**2 for _, value in known)) or 1.0
    return [(mark, value / length) for mark, value in known]


def read() -> list[tuple[set[int], str]]:
    """Return the labelled lines; one with several codes may be called any of them."""
    found = []
    for file in sorted(LINES.glob("*.tsv")):
        for line in file.read_text(encoding="utf-8").splitlines():
            codes, _, text = line.partition("\t")
            found.append(({LABELS.index(code) for code in codes.split("|")}, text))
    return found


def main() -> None:
    """Write the file, or check it."""
    digest = hashlib.sha256(Path(__file__).read_bytes() + repr(read()).encode()).hexdigest()
    if "--check" not in sys.argv:
        FILE.write_text(f"# {digest}\n{learn(read())}", encoding="utf-8")
    elif FILE.read_text(encoding="utf-8").split("\n", 1)[0] != f"# {digest}":
        sys.exit(f"{FILE.relative_to(ROOT)} was not learned from the lines of today: make red-lines")


if __name__ == "__main__":
    main()
