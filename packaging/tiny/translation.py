"""Sentences whose French and German are known: the base model learns to translate from these."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from tiny.language import Sentence, from_script, written

LANGUAGES = ("French", "German")


@dataclass(frozen=True, slots=True)
class Subject:
    """Who did it, and the auxiliary verb that goes with it in French and German."""

    english: str
    french: str
    german: str
    a: str = "a"
    hat: str = "hat"


SUBJECTS = (
    Subject("the fisherman", "le pêcheur", "der Fischer"),
    Subject("the captain", "le capitaine", "der Kapitän"),
    Subject("the teacher", "le professeur", "der Lehrer"),
    Subject("the doctor", "le médecin", "der Arzt"),
    Subject("my mother", "ma mère", "meine Mutter"),
    Subject("my wife", "ma femme", "meine Frau"),
    Subject("our father", "notre père", "unser Vater"),
    Subject("the children", "les enfants", "die Kinder", "ont", "haben"),
    Subject("the visitors", "les visiteurs", "die Besucher", "ont", "haben"),
    Subject("we", "nous", "wir", "avons", "haben"),
    Subject("Helen", "Helen", "Helen"),
    Subject("Thomas", "Thomas", "Thomas"),
    Subject("Maria", "Maria", "Maria"),
)
VERBS = (
    ("sold", "vendu", "verkauft"),
    ("bought", "acheté", "gekauft"),
    ("painted", "peint", "gestrichen"),
    ("found", "trouvé", "gefunden"),
    ("repaired", "réparé", "repariert"),
    ("lost", "perdu", "verloren"),
    ("cleaned", "nettoyé", "geputzt"),
    ("needed", "voulu", "gebraucht"),
    ("saw", "vu", "gesehen"),
)
OBJECTS = (
    ("the boat", "le bateau", "das Boot"),
    ("the old boat", "le vieux bateau", "das alte Boot"),
    ("a small boat", "un petit bateau", "ein kleines Boot"),
    ("two boats", "deux bateaux", "zwei Boote"),
    ("the house", "la maison", "das Haus"),
    ("the old house", "la vieille maison", "das alte Haus"),
    ("three houses", "trois maisons", "drei Häuser"),
    ("the hotel", "l'hôtel", "das Hotel"),
    ("the lamp", "la lampe", "die Lampe"),
    ("a new lamp", "une nouvelle lampe", "eine neue Lampe"),
    ("the roof", "le toit", "das Dach"),
    ("the book", "le livre", "das Buch"),
    ("two books", "deux livres", "zwei Bücher"),
    ("the letter", "la lettre", "den Brief"),
    ("the radio", "la radio", "das Radio"),
    ("the machine", "la machine", "die Maschine"),
    ("the table", "la table", "den Tisch"),
    ("the door", "la porte", "die Tür"),
    ("the ship", "le navire", "das Schiff"),
)
WHENS = (
    ("", "", ""),
    ("", "", ""),
    ("today", "aujourd'hui", "heute"),
    ("last week", "la semaine dernière", "letzte Woche"),
    ("last year", "l'année dernière", "letztes Jahr"),
    ("in March", "en mars", "im März"),
    ("in November", "en novembre", "im November"),
    ("in the evening", "le soir", "am Abend"),
    ("in the village", "au village", "im Dorf"),
    ("at the beach", "à la plage", "am Strand"),
)


@dataclass(frozen=True, slots=True)
class Translated:
    """A sentence in three languages, each as written."""

    english: Sentence
    french: str
    german: str

    def to(self, language: str) -> str:
        """It in one of `LANGUAGES`."""
        return {"French": self.french, "German": self.german}[language]


def _clause(chance: Random) -> tuple[str, str, str]:
    who, verb = chance.choice(SUBJECTS), chance.choice(VERBS)
    what, when = chance.choice(OBJECTS), chance.choice(WHENS)
    english = f"{who.english} {verb[0]} {what[0]} {when[0]}"
    french = f"{who.french} {who.a} {verb[1]} {what[1]} {when[1]}"
    german = f"{who.german} {who.hat} {when[2]} {what[2]} {verb[2]}"
    return english, french, german


def translations(chance: Random, for_tests: bool = False) -> Iterator[Translated]:
    """Translated sentences without end, parted into training's and tests' as all others are."""
    while True:
        clauses = [_clause(chance) for _ in range(1 if chance.random() < 0.75 else 2)]
        joined = [
            written(" ".join(f" {word} ".join(parts).split())) + "."
            for word, parts in zip(("and", "et", "und"), zip(*clauses, strict=True), strict=True)
        ]
        made = Translated(Sentence(joined[0]), joined[1], joined[2])
        if made.english.for_tests == for_tests and not from_script(made.english):
            yield made
