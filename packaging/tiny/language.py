"""The small language that the tiny models know: its words, and sentences drawn from them."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

SCRIPT = Path(__file__).resolve().parents[2] / "tests" / "data" / "sample" / "script.txt"

RULES = {
    "sentence": "{said}. | {said}. | {said}. | {said}. | {asked}? | {asked}?",
    "said": (
        "{clause} | {clause} | {clause} | {clause}, {and} {clause} | {opening}, {clause}"
        " | {opening} {clause} | {clause} {because} {clause} | {when} {clause}, {clause}"
        " | {reply}, {clause} | {reply} | {person}, {clause} | {thanks}"
    ),
    "clause": (
        "{who} {did} | {who} {did} {adverbial} | {i} {do} | {i} {do} {adverbial}"
        " | {i} {can} {do} | {who} {can} {do} {adverbial} | {i} {say} that {clause}"
        " | there {was} {count} {things} {place} | there {were} {count} {things} {place}"
        " | it {was} {quality} | {thing} {was} {very} {quality}"
        " | {they} {were} {very} {quality} | {who} {was} {adjective} and {adjective}"
        " | {thing} {was} {done} {adverbial} | {things2} {were} {done} {adverbial}"
        " | that {was} {sort} {job} | {thing} {cost} {much} dollars | my {kin} is a {job}"
        " | {i} have {done} {thing} | {i} was a {job}, like my {kin}"
        " | {who} {gave} {whom} {thing} | my name is {person} | this is {person}"
        " | {i} {see} {thing} {place} | {who} has been here since {year}"
        " | in {year} {who} {did} | {whatever} {who} {did}, {i} {do} | {who} {wants} to {do}"
        " | {i} had to {do} | it will take {much} {spans} | all of {them} {were} {adjective}"
        " | nobody {did} | somebody {did} | people {do} {adverbial}"
        " | {who} says that {clause} | it will happen {adverbial} | {who} asks {whom} to {do}"
        " | that is {worse} than {thing} | {i} ask {whom} that | {thing} can turn itself on"
        " | {whom} can ask {person} | {i} know that {clause}"
        " | they have seen {worse} than {count} {plural}"
    ),
    "asked": (
        "why {does} {who} {do} | how {does} {who} {do} | when {does} {who} {do}"
        " | what {did2} {who} {see} | who {did} {adverbial} | {does} {who} {do} {adverbial}"
        " | how {much2} {things} {were} there | how much does {thing} cost"
        " | did you {do} {adverbial} | have you {done} {thing} | and {who} {did}"
        " | and you never {did3} | and if {clause} | what happened to {thing}"
        " | what happened {place} | what is {thing} like | what does {thing} look like"
        " | can {i} {do} | will {who} {do} {adverbial} | who {did} {thing} | where is {thing}"
        " | was {thing} {done} | is it {quality} | how long will it take"
        " | how did you come to {thing}"
    ),
    "opening": (
        "good morning | today | in the evening | last {month} | next {month} | at night"
        " | at first | now | this week | last winter | in {month} | on {day} | every {span}"
        " | after breakfast | to be honest | by accident | then | after {count} {spans}"
        " | once a {span} | on the way down | first | in the morning"
        " | half a mile from {thing} | at {hour} | in the summer | later"
    ),
    "reply": (
        "no | yes | good | most of all | not at all | by accident | of course | good luck"
        " | very good | very little | {much} {things} | about {much} | last {month}"
        " | in {year}"
    ),
    "thanks": (
        "thank you for {doing} {thing} | thank you {person} | {person}, thank you for coming"
        " | you are very welcome {place} | thank you, and be careful {place} | please {do}"
        " | good evening, {person} | welcome to {thing}"
    ),
    "and": "and | and | but | and then | so | or",
    "because": "because | because | but | when | before | until | if | after | since",
    "when": "when | if | after | before | since | once",
    "whatever": "whatever",
    "who": (
        "{person} | {person} | {thing3} | the {job} | the {adjective} {job} | my {kin}"
        " | our {kin} | a {job} | {they} | he | she | the {people} | {pos} {people}"
        " | the {job} from the {spot}"
    ),
    "they": "they | they | we | you | the children | two people | our visitors",
    "them": "them | us | the {things}",
    "i": "i | i | i | we | you | they | people | we all",
    "person": "{first} | {first} {last} | {first} | {last2}",
    "first": (
        "Helen | Thomas | Anna | Maria | Peter | John | Sarah | Mark | Paul | Laura | Martin"
        " | Philip"
    ),
    "last": "Marsh | Reed | Lind | Berg | Smith | Clark | Allan",
    "last2": "Helen Marsh | Thomas Reed | Maria Lind | Peter Berg | John Clark | Sarah Smith",
    "whom": "us | her | him | me | them | {person} | the {job} | you | the children",
    "pos": "my | our | their | her | his",
    "kin": "mother | father | wife | brother | sister | daughter",
    "job": (
        "fisherman | keeper | guard | visitor | doctor | teacher | captain | person | driver"
        " | sailor | engineer"
    ),
    "people": (
        "team | children | village | school | government | visitors | rescue team"
        " | coast guard | people | fishermen | city | family"
    ),
    "sort": "a | the first | the second | the old | the last | the only",
    "did": (
        "{verbed} {thing} | {verbed} {thing} | {verbed} {thing} {place} | {went}"
        " | {went} {place} | {verbed} {count} {things} | asked {whom} to {do}"
        " | never {verbed} {thing} | was {doing} {thing} | stopped {doing} {thing}"
        " | had {done} {thing} | {verbed} {them} | {verbed} most of the {mass}"
    ),
    "did3": "left | came | stopped | asked | looked | called | stayed | worked",
    "do": (
        "{verb} {thing} | {verb} {thing} {place} | {go} | {go} {place}"
        " | {verb} {count} {things} | {verb} {them} | make sure that {clause} | help {whom}"
        " | look after {thing} | turn it into {thing} | turn {thing} on | write it down"
        " | get up at {hour} | keep {thing} open | come {place} | take {thing} | believe it"
        " | {verb} the {mass} | make time for {whom} | call {whom} on the radio"
    ),
    "worse": "worse | older | more | much worse | smaller",
    "say": "say | think | suppose | believe | know | hope | am sure | said",
    "see": "see | find | hear | need | like | want",
    "wants": "wants | wanted | needed | needs | asked",
    "does": "does | did | can | will | would",
    "did2": "did | does | can | will | would",
    "was": "is | was | was | was not | is not | will be | has been | is still | was almost",
    "were": "were | are | were not | are still | were never | will be | have been",
    "can": (
        "can | will | would | do not | did not | could | cannot | will never | must | want to"
        " | can still"
    ),
    "gave": "gave | sold | sends | sent | brought",
    "cost": "cost | will cost | costs | would cost",
    "verbed": (
        "sold | bought | saw | found | painted | built | left | repaired | needed | wanted"
        " | kept | collected | damaged | finished | checked | covers | covered | married"
        " | paid for | broke | cleaned | saw | sold | lost | opened | closed | moved | called"
        " | wants | needs | heard"
    ),
    "verb": (
        "sell | buy | see | find | paint | build | leave | repair | need | want | keep"
        " | collect | write | like | clean | check | burn | save | open | close | move | call"
        " | watch | sell | see | buy | hear"
    ),
    "doing": (
        "building | watching | standing by | working for | burning | looking at | making"
        " | talking to | selling | painting | cleaning | buying | finding | finishing"
    ),
    "done": (
        "sold | broken | finished | damaged | painted | built | seen | collected | repaired"
        " | found | burning | cleaned | asked | called | lost | opened | closed"
        " | run by {thing} | covered | needed"
    ),
    "went": (
        "went | came | worked | stayed | stopped working | waited | looked | left | fell"
        " | stood up | was safe"
    ),
    "go": "go | come | stay | work | stop | wait | look | leave | stand | turn | start",
    "thing": (
        "the {noun} | the {adjective} {noun} | a {noun} | a {adjective} {noun} | {pos} {noun}"
        " | this {noun} | that {noun} | every {noun} | the {noun} | one {noun}"
        " | the {noun} of the {noun2} | it | his {noun} | another {noun} | the {mass}"
        " | a single {noun}"
    ),
    "thing3": (
        "the {noun} | the {noun} | this {noun} | the {adjective} {noun} | {pos} {noun}"
        " | the {noun} alone"
    ),
    "things": "{plural} | {plural} | {adjective} {plural}",
    "things2": (
        "the {plural} | {count} {plural} | most {plural} | these {plural} | a few {plural}"
        " | no {plural}"
    ),
    "noun": (
        "boat | lighthouse | lamp | light | roof | house | hotel | machine | computer | radio"
        " | building | book | letter | story | cake | glass | sea | beach | school | storm"
        " | point | accident | week | job | name | sea | harbour | bridge | door | road"
        " | money | wall | town | market | ship | table | window | rubber boat | weather"
        " | wind | winter | salt"
    ),
    "noun2": (
        "lighthouse | village | house | sea | hotel | boat | school | town | year | stairs"
        " | building | tower"
    ),
    "mass": (
        "salt | money | work | weather | wind | trouble | glass | luck | time | rubber | rain"
        " | help | rest"
    ),
    "plural": (
        "boats | letters | apples | stairs | children | visitors | dollars | lighthouses"
        " | people | books | hotels | minutes | years | houses | machines | windows | doors"
        " | ships | walls | miles | friends"
    ),
    "spot": (
        "village | beach | sea | hotel | school | lighthouse | harbour | coast"
        " | foot of the lighthouse | town"
    ),
    "adjective": (
        "old | small | little | good | bad | cold | new | proud | honest | safe | single"
        " | normal | true | wonderful | careful | worse | frightened | broken | welcome"
        " | open | big | young | long | red | white | sure | great | warm"
    ),
    "quality": (
        "{adjective} | true | quality work | a {adjective} {noun} | like a {noun}"
        " | about {count} {plural} | too late | for {person} | for {count} {spans}"
        " | in trouble | {adjective} and {adjective} | half of it"
    ),
    "very": "very | so | almost | still | never | not",
    "count": (
        "one hundred | two | three | four | five | six | seven | eight | nine | ten | eleven"
        " | twelve | twenty | thirty | {tens} {unit} | {much} | a few | about {tens}"
        " | one hundred and {unit} | half of the | many | two"
    ),
    "much": (
        "{unit} hundred | {tens} thousand | {unit} thousand | {tens} | {tens} {unit}"
        " | four hundred | one hundred and {tens} {unit} | one hundred and {teen}"
        " | {unit} million | {teen}"
    ),
    "much2": "many | many",
    "tens": "twenty | thirty | forty | fifty | sixty | seventy | eighty | ninety",
    "teen": (
        "eleven | twelve | thirteen | fourteen | fifteen | sixteen | seventeen | eighteen"
        " | nineteen"
    ),
    "unit": "one | two | three | four | five | six | seven | eight | nine",
    "year": ("{teen2} {tens} {unit} | {teen2} {tens} | {teen2} {teen} | two thousand and {unit}"),
    "teen2": "nineteen | nineteen | eighteen | eighteen | seventeen",
    "hour": "five | six | seven | eight | nine | ten | half past {unit} | night",
    "month": (
        "March | November | January | April | May | June | October | December | month | year"
        " | week | Friday"
    ),
    "day": "Monday | Tuesday | Friday | Sunday | the radio | the beach",
    "span": "day | week | month | year | night | morning | evening | minute",
    "spans": "minutes | days | weeks | months | years | nights | hours",
    "place": (
        "in the {spot} | at the {spot} | on the {noun} | from the {spot} | near the {spot}"
        " | by the {spot} | in {month} | here | there | on the way | for {whom} | with {whom}"
        " | on Raven Point | at Raven Point | into the {spot} | by the {job} | with {thing}"
        " | for {count} {spans} | from {thing} | about {thing}"
    ),
    "adverbial": (
        "every {span} | every single {span} | now | then | in {count} {spans}"
        " | for {count} {spans} | there | last {month} | next {month} | today | here | again"
        " | {place} | {place} | on {day} | at {hour} | in the {spot} and in the {spot}"
        " | in {year} | itself | before {month} | still | much | else | in the evening"
        " | first | of course | down | with no {mass} at all | for almost {count} {spans}"
    ),
}
"""A grammar: each rule's choices are parted by bars, and a name in braces stands for its rule."""

CHUNKS = (
    "to see", "to buy", "the sea", "at sea", "you see", "I see", "we see", "four people",
    "four hundred", "forty four", "two boats", "two hundred", "twenty two", "fifty two",
    "ninety four", "in two", "by the", "by a", "their mother", "their house", "there is",
    "there was", "in there", "for us", "for the", "for a", "to the", "to work", "to sell",
    "for you", "I", "I am", "am I", "I was", "too late", "Helen Marsh", "Thomas Reed",
    "Raven Point", "Maria Lind", "Peter Berg", "John Clark", "in March", "last March", "Smith",
    "one hundred", "Philip Allan", "buy it", "buy a", "two", "four", "see it", "see a",
    "you know", "no boats", "come here", "to hear", "our house", "two hours", "an old",
    "an hour",
)  # fmt: skip
"""What random talk is made of beside single words: words whose spelling needs a neighbour."""

ALIKE = frozenset(
    [
        "to",
        "two",
        "too",
        "for",
        "four",
        "see",
        "sea",
        "by",
        "buy",
        "their",
        "there",
        "know",
        "no",
        "hear",
        "here",
        "hours",
        "our",
        "Raven",
        "Marsh",
        "Reed",
        "Lind",
        "Berg",
        "Clark",
        "Allan",
        "i",
    ]
)
"""Words left out of random talk on their own, for another one may sound the same."""

KEPT_FROM_TRAINING = 10
"""Every sentence whose number divides by this is for tests."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as written: cased and punctuated."""

    text: str

    @property
    def plain(self) -> str:
        """Lower case, without punctuation, as it is heard."""
        return plain(self.text)

    @property
    def for_tests(self) -> bool:
        """Whether no model may be trained on it."""
        return zlib.crc32(self.plain.encode()) % KEPT_FROM_TRAINING == 0


def plain(text: str) -> str:
    """A text in lower case, without punctuation."""
    return " ".join(re.sub(r"[^\w' ]", " ", text.lower()).split())


@cache
def _choices(rule: str) -> tuple[tuple[str, ...], ...]:
    return tuple(
        tuple(re.findall(r"\{\w+\}|[^{}]+", choice.strip())) for choice in RULES[rule].split("|")
    )


@cache
def words() -> tuple[str, ...]:
    """Every word of the language as written inside a sentence, in order."""
    free = "an " + " ".join(
        text for rule in RULES for text in re.findall(r"[^{}]+", _literal(rule))
    )
    return tuple(sorted({_word(w) for w in re.findall(r"[\w']+", free)} | set(_script_words())))


def _word(word: str) -> str:
    return "I" if word == "i" else word


def _literal(rule: str) -> str:
    return re.sub(r"\{\w+\}|\|", " ", RULES[rule])


def _script_words() -> Iterator[str]:
    names = {"Helen", "Thomas", "Marsh", "Reed", "Raven", "March", "November", "I"}
    for word in re.findall(r"[\w']+", _said()):
        yield word if word in names else word.lower()


@cache
def _said() -> str:
    lines = SCRIPT.read_text(encoding="utf-8").splitlines()
    return " ".join(line.split(": ", 1)[1] for line in lines if line)


@cache
def _runs_of_script(length: int) -> frozenset[tuple[str, ...]]:
    said = plain(_said()).split()
    return frozenset(zip(*(said[start:] for start in range(length)), strict=False))


def from_script(sentence: Sentence, length: int = 4) -> bool:
    """Whether it holds that many words of the sample's script in a row."""
    said = sentence.plain.split()
    runs = zip(*(said[start:] for start in range(length)), strict=False)
    return plain(_said()).find(sentence.plain) >= 0 or bool(set(runs) & _runs_of_script(length))


def _expand(rule: str, chance: Random, depth: int = 0) -> str:
    choices = _choices(rule)
    if depth > 6:
        choices = min(choices, key=lambda c: sum(p[0] == "{" for p in c)), *choices[:1]
    return "".join(
        _expand(part[1:-1], chance, depth + 1) if part[0] == "{" else part
        for part in chance.choice(choices)
    )


def written(text: str) -> str:
    """With a capital in front and for I, and "an" where a vowel follows."""
    text = re.sub(r"\bi\b", "I", text)
    text = re.sub(r"\b([Aa]) (?=[aeio])(?!one\b)", r"\1n ", text)
    return text[:1].upper() + text[1:]


def grammatical(chance: Random) -> Sentence:
    """A sentence of the grammar, of at most twenty words."""
    while True:
        text = written(_expand("sentence", chance))
        if len(text.split()) <= 20 and "  " not in text:
            return Sentence(text)


def jumbled(chance: Random) -> Sentence:
    """Three to ten words in no order, with a comma now and then: only the sound tells them."""
    alone = [word for word in words() if word not in ALIKE]
    chosen = [
        chance.choice(CHUNKS) if chance.random() < 0.15 else chance.choice(alone)
        for _ in range(chance.randint(3, 10))
    ]
    text = chosen[0]
    for chunk in chosen[1:]:
        text += (", " if chance.random() < 0.1 else " ") + chunk
    return Sentence(written(text) + ".")


def sentences(chance: Random, for_tests: bool = False) -> Iterator[Sentence]:
    """Sentences without end: for tests the grammar's alone, else as many jumbled ones."""
    while True:
        sentence = grammatical(chance) if for_tests or chance.random() < 0.5 else jumbled(chance)
        if sentence.for_tests == for_tests and not from_script(sentence):
            yield sentence
