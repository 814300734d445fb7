"""Cut the word lists of this folder from wordfreq's: ``python -m retrieval.analysis.frequencies.build``.

It needs ``wordfreq`` 3.1.1 and ``msgpack`` installed, which nothing else here does. Each file is LZMA (xz)
of lines: a frequency in tenths on the Zipf scale, a tab, and the words that have it.
"""

import gzip
import lzma
from collections import defaultdict
from importlib.resources import files
from pathlib import Path
from typing import Final

from retrieval.analysis.word_frequency import normal_form

__all__ = ["main"]

_SUFFIX: Final = ".msgpack.gz"
#: Rarer words are left out, by their frequency on the Zipf scale. English has more: most archives are.
_LEAST: Final = 3.5
_LEAST_ENGLISH: Final = 3.0
#: wordfreq's codes that differ from those of the analyzer's languages.
_CODES: Final = {"nb": "no", "sh": "sr"}


def main() -> None:
    """Write one file a language into the folder of this module."""
    import msgpack  # type: ignore[import-not-found]  # noqa: PLC0415 - only this needs it

    for source in files("wordfreq").joinpath("data").iterdir():
        if not (source.name.startswith("small_") and source.name.endswith(_SUFFIX)):
            continue
        code = source.name.removeprefix("small_").removesuffix(_SUFFIX)
        buckets = msgpack.loads(gzip.decompress(source.read_bytes()), raw=False)[1:]
        least = _LEAST_ENGLISH if code == "en" else _LEAST
        # Bucket n holds the words of -n hundredths of a decibel: 9 - n / 100 on the Zipf scale.
        zipf_of: dict[str, float] = {}
        for number, words in enumerate(buckets):
            for word in words:
                zipf_of.setdefault(normal_form(word), 9 - number / 100)
        by_tenths: defaultdict[int, list[str]] = defaultdict(list)
        for word, zipf in zipf_of.items():
            if word and zipf >= least:
                by_tenths[round(zipf * 10)].append(word)
        lines = [f"{tenths}\t{' '.join(sorted(words))}\n" for tenths, words in sorted(by_tenths.items())]
        packed = lzma.compress("".join(lines).encode(), preset=9 | lzma.PRESET_EXTREME)
        Path(__file__).with_name(f"{_CODES.get(code, code)}.xz").write_bytes(packed)


if __name__ == "__main__":
    main()
