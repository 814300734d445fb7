"""A light stemmer for Ukrainian, which Snowball does not know.

It takes off one ending, the longest that leaves three letters of which one is a vowel, and undoes the
change of і to о and ї to є in the last syllable (Харків, Харкова), so that the cases of a noun, the
endings of an adjective and most forms of a verb meet in one stem. It is as rough as such stemmers are:
unlike words that share a stem are rare, and the ranking's other fields distinguish them.
"""

__all__ = ["stem"]

_SHORTEST = 3
_VOWELS = frozenset("аеєиіїоуюя")
#: Endings of adjectives and participles; of nouns, with the suffix -ість; of verbs.
_ADJECTIVE = "ий ій ого ього ому ьому им ім а я ої ьої у ю ою ьою е є і ї их іх ими іми ійший іший"
_NOUN = (
    "а у ом ем єм і ові еві єві о и ам ами ах ів ій ою ею єю е я ю ь ям ями ях ей ьми їв єм ї ть"
    " ння нню нням нні тя тю тям ття ттю ттям тті ань ень ість ості істю остей остям остями остях"
    " ія ії ію ією іям іями іях ій"
)
_VERB = (
    "ти ть ати яти ити іти їти увати ювати ував увала увало ували ював ювала ювало ювали"
    " ую уєш ує уємо уєте ують юю юєш ює юємо юєте юють"
    " аю аєш ає аємо аєте ають яю яєш яє яємо яєте яють ію ієш іє іємо ієте іють"
    " ав ала ало али яв яла яло яли ив ила ило или ів іла іло іли їв їла їло їли"
    " еш емо ете уть иш ить имо ите ять ать їш їть їмо їте"
    " аний ана ане ані аного аної аних ений ена ене ені еного еної ених ано ено ито уто"
    " уваний увана уване увані ування уванням уванні ання анню анням анні ення енню енням енні"
    " учи ючи ачи ячи вши ши"
)
#: Names of places whose last two letters are no plural.
_PLACES = ("харків", "чернігів", "миколаїв")
_REFLEXIVE = ("ся", "сь")
_ENDINGS = sorted(set(f"{_ADJECTIVE} {_NOUN} {_VERB}".split()), key=lambda ending: (-len(ending), ending))


def stem(word: str) -> str:
    """Return the stem of a word in lower case and without apostrophes."""
    if word.endswith(_REFLEXIVE) and len(word) > _SHORTEST + 2:
        word = word[:-2]
    for ending in _ENDINGS:
        if word in _PLACES:
            break
        rest = word[: len(word) - len(ending)]
        if len(rest) >= _SHORTEST and word.endswith(ending) and _VOWELS.intersection(rest):
            word = rest
            break
    word = word.removesuffix("ь") or word
    if word.endswith("нн"):
        word = word[:-1]
    return _open(word)


def _open(word: str) -> str:
    """Undo the closing of the last syllable's vowel: ніч, ночі; Київ, Києва."""
    for place in range(len(word) - 1, 0, -1):
        if word[place] in _VOWELS:
            if place < len(word) - 1 and word[place] in "ії":
                return word[:place] + ("о" if word[place] == "і" else "є") + word[place + 1 :]
            break
    return word
