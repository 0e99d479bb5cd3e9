"""How readable the Dutch texts are: part of `make check`, and by itself
`.venv/bin/python -m scripts.readability`.

The score is Flesch-Douma: 206.8 - 77 x syllables a word - 0.93 x words a sentence. Its author's
table (https://dbnl.org/tekst/_taa014197701_01/_taa014197701_01_0089.php) calls 60 to 70 «normaal»
(thirteen years old), and 80 to 90 «gemakkelijk» (eleven). Levels such as B1 came later and have no
score; we take «normaal» for B1. The limit is far higher, because not everybody here grew up with
Dutch, because one score for all texts hides a hard one, and because syllables are counted by where
a word may be hyphenated: «over» for one, which makes the score two to three points too high.

A formula sees no meaning. Hence the longest sentences are shown, and words are refused by name:
those that B1 does without (https://www.communicatierijk.nl/vakkennis/rijkswebsites/
aanbevolen-richtlijnen/taalniveau-b1), and second words for what has one already.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pyphen import Pyphen

from scripts.messages import extracted

HYPHENS = Pyphen(lang="nl_NL")
WORD = re.compile(r"[\w@][\w@.'’-]*")
LIMIT = 90
LONGEST = 20  # words in a sentence
LONG = 15  # words, from which a sentence counts as long

# How the prescribed texts begin, and where they are prescribed (docs/rules.md).
PRESCRIBED = {
    "Er is een fout opgetreden in de communicatie met DigiD.": "IDN-6",
    "Het bij DUO gevonden adres is gemarkeerd als geheim.": "DUO-3",
    "Ingediend": "STA-1",
}

# What we write in place of a word: an easier one, or the one word we have for one thing.
REFUSED = {
    r"aangaande|betreffende|inzake|omtrent": "over",
    r"betreft|betreffen": "gaat over",
    r"aanvangen|aanvang|instroommoment|instroommomenten|cohort|cohorten": "start",
    r"aanvullende": "meer",
    r"alvorens": "voordat",
    r"annuleren|annuleer": "stoppen",
    r"conform": "volgens",
    r"daar(?:toe|omtrent)|hiertoe|hieromtrent": "daarvoor",
    r"deadline": "laatste dag",
    r"derhalve": "daarom",
    r"dien|dient|dienen|dienden": "moeten",
    r"doorgeven": "zeggen",
    r"echter": "maar",
    r"error|errors": "fout",
    r"gelieve": "een gebod: «vul in»",
    r"gewenst|gewenste|wenst|wensen": "wil",
    r"handmatig": "zelf",
    r"hogeschool": "hbo",
    r"indien": "als",
    r"indienen|ingediend": "versturen",
    r"instelling|instellingen|onderwijsinstelling": "school",
    r"invoer|invoeren|voer": "invullen",
    r"klik|klikken|tik op": "druk",
    r"kandidaat|kandidaten|aspirant-student": "je",
    r"laptop|device|apparaat": "telefoon of computer",
    r"mailadres|e-mail": "e-mailadres, of mail",
    r"middels|d\.m\.v\.": "met",
    r"mits": "als",
    r"momenteel|thans": "nu",
    r"nogmaals": "nog een keer",
    r"ontbreekt|ontbreken": "er is geen, er mist",
    r"optioneel|facultatief": "niet verplicht",
    r"programma|programma's|studie|cursus": "opleiding",
    r"reeds": "al",
    r"selecteer|selecteren": "kies",
    r"sessie|session|time-out": "hoe lang je ingelogd bent",
    r"submit|submitten|checken|check|upload|uploaden|download|form": "een Nederlands woord",
    r"(?:[a-z]\.){2,}|bijv\.|evt\.|incl\.": "het hele woord",
    r"teneinde": "om te",
    r"tenzij": "behalve als",
    r"u|uw|uzelf": "je",
    r"verificatie|verifi[eë]ren|valideren|validatie": "controleren",
    r"verstrekken|verstrekt|verschaffen": "geven",
    r"vervaldatum": "laatste dag",
    r"verzoek|verzoeken|verzocht": "vraag",
    r"wijze": "manier",
}
REFUSED_WORD = re.compile(rf"(?<![\w-])({'|'.join(REFUSED)})(?![\w-])", re.IGNORECASE)
PASSIVE = re.compile(r"\b(word|wordt|worden|werd|werden)\b", re.IGNORECASE)

# A plausible value for each placeholder of the catalogue: a sentence is read with it.
VALUES: dict[str, object] = {
    "who": "Het systeem van De Horizon",
    "report": "Onbekend adres",
    "contact": "privacy@voorbeeld.nl",
    "address": "centraalaanmelden.nl",
    "company": "Bakkerij Jansen",
    "confirm": "",
    "back": "https://www.voorbeeld.nl/interesse/x",
    "country": "België",
    "crebo": 25180,
    "date": "14 maart 2009",
    "day": "1 april 2027",
    "duration": "3 jaar",
    "email": "sam@voorbeeld.nl",
    "first": "1 september 2026",
    "host": "roczwolle.nl",
    "language": "Nederlands",
    "last": "1 april 2027",
    "left": 12,
    "level": 2,
    "link": "centraalaanmelden.nl",
    "longest": 100,
    "moment": "14 maart om 15.30 uur",
    "name": "Sam Jansen",
    "next": "Je adres",
    "number": 12,
    "organisation": "MBO Voorzieningen",
    "others": "12 A en 12 B",
    "place": "Zwolle",
    "programme": "Kok",
    "reference": "99AA",
    "school": "ROC Zwolle",
    "sex": "vrouw",
    "start": "september 2027",
    "street": "Dorpsstraat",
    "title": "Wat is je adres",
    "total": 6,
    "what": "Je adres",
    "year": 2,
}


@dataclass(frozen=True)
class Figures:
    texts: int
    sentences: tuple[str, ...]  # the longest first
    score: float  # Flesch-Douma of what ends in a full stop, a question or an exclamation mark
    refused: tuple[str, ...]  # a line for each word that we don't write
    passive: tuple[str, ...]

    @property
    def mean(self) -> float:
        """Words a sentence."""
        return sum(map(words, self.sentences)) / len(self.sentences)

    @property
    def long(self) -> float:
        """The share of sentences over 15 words, from 0 to 1."""
        return sum(words(sentence) > LONG for sentence in self.sentences) / len(self.sentences)

    def faults(self) -> list[str]:
        """What has to change before this passes; nothing when all is well."""
        long = [f"{words(s)} woorden: {s}" for s in self.sentences if words(s) > LONGEST]
        hard = [f"De score is {self.score:.1f}, onder {LIMIT}"] if self.score < LIMIT else []
        return [*long, *self.refused, *hard]


def words(sentence: str) -> int:
    return len(WORD.findall(sentence))


def plain(text: str) -> str:
    """The text as somebody reads it: with values for placeholders, without markup.

    Raises KeyError for a placeholder that has no value here yet.
    """
    filled = text % VALUES if "%(" in text else text
    return re.sub(r"<[^>]+>", "", filled)


def sentences(text: str) -> list[str]:
    """The sentences of a plain text. A label, a heading and each line of a mail are one too."""
    parts = re.split(r"(?<=[.?!])\s+|\n+", text)
    return [part.strip() for part in parts if words(part)]


def score(read: Iterable[str]) -> float:
    """Flesch-Douma of these sentences together: 0 is very hard, 100 very easy, or nothing."""
    said = [WORD.findall(sentence) for sentence in read]
    every = [word for sentence in said for word in sentence]
    if not every:
        return 100
    syllables = sum(len(HYPHENS.positions(word)) + 1 for word in every)
    return 206.84 - 77 * syllables / len(every) - 0.93 * len(every) / len(said)


def ours(texts: Iterable[str]) -> Iterator[str]:
    """Those that nobody prescribes."""
    return (text for text in texts if not text.startswith(tuple(PRESCRIBED)))


def refused(text: str) -> Iterator[str]:
    for found in REFUSED_WORD.finditer(text):
        word = found[0]
        better = next(b for w, b in REFUSED.items() if re.fullmatch(w, word, re.IGNORECASE))
        yield f"«{word}» (schrijf: {better}): {text}"


def measure(texts: Iterable[str]) -> Figures:
    read = [plain(text) for text in ours(texts)]
    parts = [sentence for text in read for sentence in sentences(text)]
    return Figures(
        texts=len(read),
        sentences=tuple(sorted(parts, key=words, reverse=True)),
        score=score(part for part in parts if part.endswith((".", "?", "!"))),
        refused=tuple(line for text in read for line in refused(text)),
        passive=tuple(part for part in parts if PASSIVE.search(part)),
    )


def catalogue() -> list[str]:
    return [str(message.id) for message in extracted() if message.id]


def show(figures: Figures) -> None:
    print(f"{figures.texts} texts, {len(figures.sentences)} sentences")
    print(f"{figures.mean:.1f} words a sentence; {figures.long:.1%} have over {LONG}")
    print(f"{figures.score:.1f} Flesch-Douma (at least {LIMIT})")
    print(f"{len(figures.passive)} passive with «worden»")
    for sentence in figures.passive:
        print(f"      {sentence}")
    print("The ten longest sentences, in words:")
    for sentence in figures.sentences[:10]:
        print(f"  {words(sentence):3}  {sentence}")


def main() -> int:
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=raw)
    parser.parse_args()
    figures = measure(catalogue())
    show(figures)
    for fault in figures.faults():
        print(fault, file=sys.stderr)
    return 1 if figures.faults() else 0


if __name__ == "__main__":
    sys.exit(main())
