"""A made-up corpus of any size, the same for the same seed: posts, their threads, and questions.

Words are as unevenly frequent as those of a language (Zipf and Mandelbrot, about 30 · posts^0.66 of
them). They are syllables that end in ``k``: every engine's tokenizer keeps them whole, no stop list holds
one and no English stemmer takes anything off. A post has 25 to 45 of them, a thread about twelve posts.
A question has 3 to 8 different ones: at least one as common as any word that is said, and rarer ones,
half of them as some post says them, half from the tail of the vocabulary. All occur in the posts.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

__all__ = ["Corpus", "word"]

_CONSONANTS = "bdfgklmnprstvzhj"
_VOWELS = "aeiou"
_AT_ONCE = 50_000
_SHORTEST, _LONGEST = 25, 45
_FEWEST, _MOST = 6, 18
_TAIL = 1000


@dataclass(frozen=True, slots=True)
class Corpus:
    """Posts and questions in a folder: ``posts.txt``, ``threads.npy`` and ``questions.json``.

    ``posts`` is how many there are. Post ``i`` is line ``i`` of the first file, the ``i``-th entry of the
    second is its thread's number.
    """

    folder: Path
    posts: int

    @classmethod
    def made(cls, folder: Path, posts: int, questions: int, seed: int = 1) -> "Corpus":
        """Make a corpus in a folder, or take the one that was made there from the same numbers."""
        corpus, numbers = cls(folder, posts), {"posts": posts, "questions": questions, "seed": seed}
        made = folder / "made.json"
        if not (made.exists() and json.loads(made.read_text()) == numbers):
            folder.mkdir(parents=True, exist_ok=True)
            corpus._write(questions, seed)
            made.write_text(json.dumps(numbers))
        return corpus

    @property
    def path(self) -> Path:
        """Return the file of the posts, one a line, words apart by one space."""
        return self.folder / "posts.txt"

    def texts(self) -> Iterator[str]:
        """Yield every post's text."""
        with self.path.open() as lines:
            for line in lines:
                yield line[:-1]

    def tokens(self) -> Iterator[list[str]]:
        """Yield every post's words; equal ones are one object, as an analyzer that remembers gives them."""
        known: dict[str, str] = {}
        for text in self.texts():
            yield [known.setdefault(one, one) for one in text.split(" ")]

    def threads(self) -> NDArray[np.int64]:
        """Return the number of each post's thread, rising from 0."""
        threads: NDArray[np.int64] = np.load(self.folder / "threads.npy")
        return threads

    def questions(self) -> list[list[str]]:
        """Return the words of each question."""
        questions: list[list[str]] = json.loads((self.folder / "questions.json").read_text())
        return questions

    def _write(self, questions: int, seed: int) -> None:
        random = np.random.default_rng([seed, self.posts])
        size = int(max(20_000, 30 * self.posts**0.66))
        shares = 1 / (np.arange(1, size + 1) + 2.7) ** 1.05
        below = np.cumsum(shares / shares.sum())
        below[-1] = 1.0
        words = np.array([word(number) for number in range(size)], object)
        said = np.zeros(size, np.int64)
        sample: list[NDArray[np.int64]] = []
        with self.path.open("w") as file:
            for start in range(0, self.posts, _AT_ONCE):
                lengths = random.integers(_SHORTEST, _LONGEST + 1, min(_AT_ONCE, self.posts - start))
                numbers = np.searchsorted(below, random.random(int(lengths.sum())))
                said += np.bincount(numbers, minlength=size)
                sample.append(numbers[:_AT_ONCE])
                file.writelines(
                    " ".join(post) + "\n" for post in np.split(words[numbers], np.cumsum(lengths)[:-1])
                )
        sizes = random.integers(_FEWEST, _MOST + 1, self.posts // _FEWEST + 1)
        np.save(self.folder / "threads.npy", np.repeat(np.arange(len(sizes)), sizes)[: self.posts])
        spoken, tail = np.concatenate(sample), np.flatnonzero(said)
        tail = tail[tail >= min(_TAIL, len(tail) // 2)]
        asked = [_question(random, spoken, tail) for _ in range(questions)]
        (self.folder / "questions.json").write_text(json.dumps([words[one].tolist() for one in asked]))


def _question(
    random: np.random.Generator, spoken: NDArray[np.int64], tail: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return the numbers of a question's words, in no order that tells which are common."""
    wanted = int(random.integers(3, 9))
    common = int(random.integers(1, wanted))
    chosen: dict[int, None] = {}
    while len(chosen) < wanted:
        from_tail = len(chosen) >= common and random.random() < 0.5
        chosen[int(random.choice(tail if from_tail else spoken))] = None
    return random.permutation(np.array(list(chosen)))


def word(number: int) -> str:
    """Return the made-up word of a number: syllables, the last one closed, so that no two are alike."""
    syllables = []
    while True:
        number, digit = divmod(number, len(_CONSONANTS) * len(_VOWELS))
        vowel, consonant = divmod(digit, len(_CONSONANTS))
        syllables.append(_CONSONANTS[consonant] + _VOWELS[vowel])
        if not number:
            return "".join(syllables) + "k"
