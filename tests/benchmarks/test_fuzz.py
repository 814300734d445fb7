"""The fuzzing of readers: that it finds what it is to find, and that it finds nothing."""

import random
from dataclasses import replace

import pytest

from retrieval.errors import ReadError
from retrieval.formats.import_types import Reading, SavedFile
from retrieval.readers.registry import read, readers
from tests.benchmarks.fuzz import Sample, damaged, parts, samples, try_out


class Careless:
    """A reader that fails and forgets."""

    FORM = "careless"

    def recognise(self, file: SavedFile) -> float:
        return float(bool(file.content))

    def read(self, file: SavedFile) -> Reading:
        if b"\xff" in file.content:
            raise KeyError("what")
        found = read(SavedFile("a.txt", b"One.\n/1\nTwo.\n/2\nThree.\n/3\n"))
        whole = file.content.count(b"\n") > 5
        return found if whole else Reading(found.form, found.threads[:0])


def test_damage_says_what_it_touched() -> None:
    chance = random.Random(3)  # noqa: S311 (the same damage every time)
    content = bytes(range(65, 91)) * 20
    for _ in range(2_000):
        damage = damaged(content, chance)
        left, last = 0, 0
        for start, stop in damage.touched:
            assert damage.content.find(content[last:start], left) >= 0
            left, last = left + start - last, stop
        assert damage.content.endswith(content[last:])


def test_crashes_and_losses_are_found() -> None:
    sample = Sample("a.txt", {"": b"One.\n/1\nTwo.\n/2\nThree.\n/3\n"})
    outcome = try_out(Careless(), sample, 500, 1)
    assert outcome.inputs == 500
    assert outcome.crashes
    assert outcome.lost


def test_the_place_of_a_post_is_the_largest_object_that_holds_no_other() -> None:
    content = b'{"data": [{"x": {"t": "The first post."}}, {"t": "The second.", "of": "1"}]}'
    text = b"The first post.\n/1\nThe second.\n/2\n"
    thread = read(SavedFile("a.txt", text)).threads[0]
    posts = tuple(replace(post, lines=None) for post in thread.posts)
    found = parts(content, Reading("x", (replace(thread, posts=posts),)))
    assert [content[start:stop] for _, (start, stop) in found] == [
        b'{"x": {"t": "The first post."}}',
        b'{"t": "The second.", "of": "1"}',
    ]


SAMPLES = samples()
CASES = [
    pytest.param(reader, sample, id=f"{sample.name}")
    for reader in readers()
    for sample in SAMPLES.get(reader.FORM, ())
]


@pytest.mark.slow
@pytest.mark.parametrize(("reader", "sample"), CASES)
def test_three_hundred_damaged_files_crash_nothing_and_hide_no_post(reader: object, sample: Sample) -> None:
    outcome = try_out(reader, sample, 300, 7)  # type: ignore[arg-type]
    assert outcome.inputs == 300
    assert not outcome.crashes
    assert not outcome.untold, outcome.losses
    # Of one post that an export holds twice the fuller counts, and damage may have made it so.
    assert not outcome.lost or sample.name == "x_export_2013", outcome.losses
    assert outcome.slowest < 10


def test_a_refusal_is_no_crash() -> None:
    with pytest.raises(ReadError):
        read(SavedFile("a.txt", b""))


def test_a_line_that_became_one_of_a_newer_version_is_counted_apart() -> None:
    (sample,) = samples()["Bobbin's open form (JSON lines)"]
    reader = next(one for one in readers() if one.FORM.startswith("Bobbin"))
    outcome = try_out(reader, sample, 2_000, 21)
    assert outcome.newer
    assert not outcome.lost
