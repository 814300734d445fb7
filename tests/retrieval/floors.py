"""A small judged collection, written for the tests: for each field a question that hangs on it.

A question is asked as people ask, or is what one remembers of a post; right is the post that answers it, or
that was remembered. Another post comes first where the field is taken out, or counts rare words for no more
than common ones: taking a part of the ranking away cannot go unnoticed.
"""

from dataclasses import dataclass

from retrieval.analysis.analyzer import analyzer
from retrieval.index.segment import Segment
from retrieval.search.search_result import Conversation
from retrieval.search.searcher import Searcher
from retrieval.search.weights import WEIGHTS, Weights

__all__ = ["QUESTIONS", "QUESTIONS_IN", "THREADS", "Judged", "searcher", "wrong"]

THREADS: dict[str, tuple[str, ...]] = {
    "chapel": (
        "The chapel above the harbour has one bell, and this is its story.",
        "The bell cracked in the frost of a long winter, from the lip to the crown.",
        "It was recast by two brothers from the valley, who took no money for it.",
        "Since then it is rung by hand, and only for weddings.",
    ),
    "buoys": (
        "A buoy at the bar of the river is painted every second year.",
        "One bell buoy was recast after a collision with a barge.",
        "The barge was sold.",
    ),
    "violins": (
        "How violins are made in our street, from the maple to the last string.",
        "The maple is felled in January, when no sap is in it.",
        "It rests for seven years under a roof that lets the wind through.",
        "The belly is spruce, and the closer its rings the better.",
        "Ribs are bent over a hot iron pipe, each in one go.",
        "Linings of willow hold the ribs to the back.",
        "The scroll takes two days and a steady wrist.",
        "A bass bar stands under the low strings.",
        "The neck is set last, and its angle is measured thrice.",
        "Purfling keeps cracks from running in from the edge.",
        "Pegs are of box, and turned in pairs.",
        "The varnish dries on a line between two chimneys, and the wind must not bring soot.",
    ),
    "tables": (
        "Notes on kitchen furniture.",
        "The varnish dries on a line between two windows.",
        "A table leg is turned from one piece.",
    ),
    "signals": (
        "What lamps say at sea.",
        "A green light over a white one is a trawler that is fishing.",
        "A white light over a green one is a joke of our pilots.",
    ),
    "orchard": (
        "What flowers behind the wall of the orchard.",
        "Of the bees of the abbey, and their honey.",
    ),
    "abbey": (
        "Of the bees of the abbey, and their honey.",
        "What flowers behind the high wall of the orchard in May.",
    ),
    "winter": (
        "In winter the sledge goes over the ice.",
        "Its runners are waxed.",
    ),
    "ferries": (
        "The ferry at the bend of the river, and its year.",
        "In winter it rests on the slip, and the crew mends nets.",
    ),
    "harbour dues": (
        "What a berth costs, and who pays for it.",
        "A berth costs less from October to March.",
    ),
    "marina": (
        "What a berth costs, and who pays for it.",
        "A berth costs rather less from October to March.",
    ),
    "bridge": (
        "The old bridge over the mill race.",
        "The bridge was opened with a brass band on 4 May 1887.",
        "The bridge was opened with a brass band and beer.",
    ),
    "weir": (
        "About the weir.",
        "The weir was built with oak piles, since stone was dear.",
        "The weir was built by Hanna Brandt, the daughter of the miller.",
    ),
    "tides": (
        "Tides of the sound, as our fishermen explain them.",
        "Spring tides follow the full moon by two days.",
        "Our fishermen explain and discuss the weather, and describe it with their hands.",
    ),
    "ropes": (
        "Ropes of the yard: hemp, sisal, and what replaced them.",
        "Hemp ropes are tarred before they are laid up.",
        "Manila floats, and that is why the lifeboat carries it.",
    ),
    "pictures": (
        "Pictures of the quay.",
        "A photographer came by the morning boat and stayed until noon.",
        "A journalist came by the morning boat and stayed until noon.",
        "Thanks and cheers, guys.",
    ),
    "glue": (
        "The bowsprit of the Merganser was repaired last winter in the big shed of the yard.",
        "Bone glue holds the bowsprit together, warm and thick, put on with a brush of bristle.",
        "Afterwards the whole crew went to the inn, where the owner of the yard paid for supper.",
    ),
    "words": (
        "Glue.",
        "Bowsprit.",
        "Mine.",
        "Glue.",
        "Bowsprit.",
    ),
    "salt": (
        "Salt, and the road it took.",
        "The road went by the ford, the road went by the mill, and the road went by the church.",
        "Smugglers took the ford at night.",
    ),
}


#: Letters weigh more in other languages, most where words are compounds.
OTHERS: dict[str, dict[str, tuple[str, ...]]] = {
    "es": {
        "año": ("Fue un buen año.", "Nadie lo esperaba."),
        "velero": ("El velero azul encalló ante la isla de los pescadores.", "Lo remolcaron de noche."),
    },
    "de": {
        "hafen": (
            "Vom Hafen und von seinen Leuten.",
            "Der Leuchtturmwärter zählt abends die Schiffe und schreibt sie auf.",
            "Der Küster zählt abends die Schiffe.",
            "Die Fähre liegt im Winter still.",
        )
    },
    "fr": {
        "port": (
            "Le port et ceux qui en vivent.",
            "Le gardien raccommode les filets avant la grande tempête.",
            "Le mousse compte les filets avant la tempête.",
            "Le bac ne part pas en hiver.",
        )
    },
}


@dataclass(frozen=True, slots=True)
class Judged:
    """A question and the post that answers it, as thread and place from 1; what went before."""

    text: str
    right: str
    before: tuple[str, ...] = ()
    quoted: tuple[str, ...] = ()


QUESTIONS = (
    Judged("What is a white light over a green one?", "signals-3"),
    Judged("What is a green light over a white one?", "signals-2"),
    Judged("the bees of the abbey", "abbey-1"),
    Judged("When was the bridge opened with a brass band?", "bridge-2"),
    Judged("Who built the weir?", "weir-3"),
    Judged("Explain and describe and discuss spring tides", "tides-2"),
    Judged("hemp, or manilla", "ropes-3"),
    Judged("who took no", "chapel-3"),
    Judged("Linings", "violins-6"),
    Judged("linings of willow, thanks guys", "violins-6"),
    Judged("buoy was the barge was", "buoys-2"),
    Judged("dries on a line is spruce and", "violins-12"),
    Judged("varnish dries on angle is", "violins-12"),
    Judged("And in winter?", "ferries-2", before=("ferri",)),
    Judged("What does a berth cost from October to March?", "marina-2", quoted=("marina",)),
)


QUESTIONS_IN = {
    "en": QUESTIONS,
    "de": (Judged("Wer zählt im Leuchtturm abends die Schiffe?", "hafen-2"),),
    "es": (Judged("velero año", "velero-1"),),
    "fr": (Judged("gardiennage des filets avant la tempête", "port-2"),),
}


def searcher(weights: Weights = WEIGHTS, language: str = "en") -> Searcher:
    rows = [
        (number * 100 + place, number, text)
        for number, posts in enumerate(_threads(language).values())
        for place, text in enumerate(posts, start=1)
    ]
    return Searcher([Segment.build(analyzer(language), rows)], weights)


def wrong(search: Searcher) -> dict[str, str]:
    """Return the questions whose best hit is not the right post, with what came first instead."""
    (language,) = search.languages
    names = list(_threads(language))
    found = {}
    for asked in QUESTIONS_IN[language]:
        quoted = [names.index(name) for name in asked.quoted]
        hits = search.search(asked.text, 3, Conversation(asked.before, quoted)).hits
        first = f"{names[hits[0].post // 100]}-{hits[0].post % 100}" if hits else "nothing"
        if first != asked.right:
            found[asked.text] = first
    return found


def _threads(language: str) -> dict[str, tuple[str, ...]]:
    return OTHERS.get(language, THREADS)
