"""How well a text can be cut behind each of its words, so that what belongs together stays so."""

# The signs below are look-alikes of one another on purpose.
# ruff: noqa: RUF001

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise, zip_longest
from typing import NamedTuple

from granite_studio.core.sentences import ends_clause, ends_sentence
from granite_studio.core.unspaced import is_parted_verb

SENTENCE, STRONG, CLAUSE = 0, 2, 4
CONJUNCTION, RELATIVE, PREPOSITION = 8, 9, 12
PLAIN, BOND = 18, 40
"""Costs of a cut, best to worst: behind a sentence, a colon or semicolon, a comma; before a
conjunction, a relative pronoun, a preposition; at any space; through a bond."""

# What binds to the word behind it: articles and other determiners, prepositions, subject pronouns,
# auxiliaries and negations, titles. After SUBTITLE guides' rules on line breaks, one small list a
# language; a word that is a bond in one of them and something else in another is left out there.
_BONDS = {
    "en": """a an the my your his her its our their this that these those some any no every each
        all both such another
        of to in on at by for with from into about over under between through during against
        without within behind beyond near since until upon toward towards
        i you he she we they it who
        am is are was were be been being have has had having do does did will would shall should
        can could may might must not don't doesn't didn't won't wouldn't can't couldn't isn't
        aren't wasn't weren't hasn't haven't hadn't i'm i'll i'd i've you're you'll you've he's
        she's it's we're we'll we've they're they'll they've
        and but or nor so because if when while as than whether although though very too
        two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
        sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety
        hundred thousand million billion
        mr mr. mrs mrs. ms ms. dr dr. prof prof. sir st. president professor""",
    "de": """der die das den dem des ein eine einen einem einer eines kein keine keinen keinem
        keiner mein meine meinen meinem meiner dein deine sein seine seinen seinem seiner ihr ihre
        ihren ihrem ihrer unser unsere unseren unserem unserer euer eure dieser diese dieses diesen
        diesem jeder jede jedes jeden jedem alle allen aller beide beiden
        in im an am auf aus bei beim mit nach seit von vom zu zum zur durch für gegen ohne um über
        unter vor hinter neben zwischen während wegen trotz bis ab
        ich du er sie es wir man wer
        bin bist ist sind seid war waren habe hast hat haben hatte hatten werde wirst wird werden
        wurde wurden kann können muss müssen soll sollen will wollen darf dürfen nicht
        wäre wären hätte hätten würde würden könnte könnten müsste müssten sollte sollten dürfte
        konnte konnten musste mussten wollte wollten
        und oder aber denn sondern weil dass wenn als ob obwohl während sehr zu
        zwei drei vier fünf sechs sieben acht neun zehn elf zwölf zwanzig dreißig vierzig fünfzig
        sechzig siebzig achtzig neunzig hundert tausend
        herr frau dr. prof.""",
    "fr": """le la les l' un une des du de d' au aux ce cet cette ces mon ma mes ton ta tes son sa
        ses notre nos votre vos leur leurs quel quelle chaque
        tout toute tous toutes
        à en dans sur sous par pour avec sans chez vers entre contre depuis pendant avant après
        je j' tu il elle on nous vous ils elles me te se y ne n' qui que qu' c' s' m' t'
        suis es est sommes êtes sont étais était étaient ai as a avons avez ont avais avait avaient
        serai sera seront serait seraient aura auront aurait auraient fut furent
        peut peux peuvent pouvait pourrait pourraient doit dois doivent devait devrait devraient
        va vais vont pas
        et ou mais donc car si quand comme lorsque puisque très plus
        deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize vingt
        trente quarante cinquante soixante cent cents mille
        m. mme mlle monsieur madame""",
    "es": """el la los las un una unos unas lo al del este esta estos estas ese esa esos esas mi
        mis tu tus su sus nuestro nuestra nuestros nuestras cada
        todo toda todos todas
        a de en con por para sin sobre entre hasta desde hacia contra según
        yo tú él ella nosotros ellos ellas usted ustedes me te se nos le les no que quien
        soy eres es somos son era eran fue fueron estoy está están estaba estaban será serán sería
        serían he has ha hemos han había habían habrá habrán habría habrían
        puede pueden podía podría podrían debe deben debía debería deberían va van
        y e o u pero ni porque si cuando como aunque mientras muy más
        dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince veinte
        treinta cuarenta cincuenta sesenta setenta ochenta noventa cien ciento mil
        señor señora sr. sra. don doña""",
    "pt": """o a os as um uma uns umas ao à aos às do da dos das no na nos nas pelo pela este esta
        esse essa aquele aquela meu minha seu sua nosso nossa cada
        todo toda todos todas
        de em com por para sem sobre entre até desde contra
        eu tu ele ela nós eles elas você vocês me te se lhe não que quem
        sou é somos são era eram foi foram estou está estão estava estavam será serão seria seriam
        tenho tem têm tinha tinham teria teriam há havia haveria
        pode podem podia poderia poderiam deve devem devia deveria deveriam vai vão
        e ou mas nem porque se quando como embora enquanto muito mais
        dois duas três quatro cinco seis sete oito nove dez onze doze treze quatorze quinze vinte
        trinta quarenta cinquenta sessenta setenta oitenta noventa cem cento mil
        senhor senhora sr. sra. dom dona""",
    "it": """il lo la i gli le l' un uno una un' al allo alla all' ai agli alle del dello della
        dell' dei degli delle dal dalla dall' dai nel nello nella nell' nei nelle sul sulla sull'
        sui questo questa quest' questi queste quel quella quell' quei quelle mio mia miei mie tuo
        tua suo sua suoi sue nostro nostra vostro vostra loro ogni
        tutto tutta tutti tutte
        di d' a ad da in con su per tra fra senza verso contro durante dopo prima
        io tu lui lei noi voi essi mi ti si ci vi ne non chi che ch' c'
        sono sei è siamo siete era erano ho hai ha abbiamo avete hanno aveva avevano sarà saranno
        sarebbe sarebbero avrà avranno avrebbe avrebbero
        può possono poteva potrebbe potrebbero deve devono doveva dovrebbe dovrebbero va vanno sta
        stanno stava stavano
        e ed o ma se perché quando come mentre anche molto più
        due tre quattro cinque sei sette otto nove dieci undici dodici venti trenta quaranta
        cinquanta sessanta settanta ottanta novanta cento mille mila
        signor signora sig. sig.ra dott. prof. don""",
}
_CONJUNCTIONS = {
    "en": "and but or nor because if when while although though whereas unless until since so",
    "de": "und oder aber denn sondern weil dass wenn als ob obwohl damit bevor nachdem",
    "fr": "et ou mais donc car si quand lorsque puisque parce alors tandis afin",
    "es": "y e o u pero sino porque si cuando aunque mientras pues",
    "pt": "e ou mas porque se quando embora enquanto pois",
    "it": "e ed o ma però perché se quando mentre sebbene affinché quindi dunque",
}
_RELATIVES = {
    "en": "who whom whose which that where why how what",
    "de": "welcher welche welches wo wie was warum wobei wodurch",
    "fr": "qui que dont où lequel laquelle quoi",
    "es": "que quien quienes cual cuyo cuya donde como",
    "pt": "que quem qual cujo cuja onde como",
    "it": "che chi cui quale quali dove come",
}
_PREPOSITIONS = {
    "en": """of to in on at by for with from into about over under between through during against
        without within behind beyond near upon toward towards after before""",
    "de": """in im an am auf aus bei beim mit nach seit von vom zu zum zur durch für gegen ohne um
        über unter vor hinter neben zwischen während wegen trotz bis""",
    "fr": "à de en dans sur sous par pour avec sans chez vers entre contre depuis pendant",
    "es": "a de en con por para sin sobre entre hasta desde hacia contra según",
    "pt": "de em com por para sem sobre entre até desde contra",
    "it": """di a ad da in con su per tra fra senza verso contro durante dopo prima al allo alla ai
        agli alle del dello della dei degli delle dal dallo dalla dai dagli dalle nel nello nella
        nei negli nelle sul sullo sulla sui sugli sulle""",
}
_PARTICLES = {
    "en": "up down out off away back",
    "de": "ab ein los weg zurück heim fort nieder",
}
_COORDINATING = {
    "en": "and or but nor",
    "de": "und oder aber denn sondern",
    "fr": "et ou mais car ni",
    "es": "y e o u pero sino ni",
    "pt": "e ou mas nem",
    "it": "e ed o ma né",
}
_ELIDING = ("fr", "it")
_WHOLE = {"qu": "que", "d": "de", "lorsqu": "lorsque", "puisqu": "puisque", "ch": "che"}
"""Words that stand with an apostrophe before a vowel, as the lists have them."""
_EDGES = "\"'“”„«»‹›()[]¿¡"


def cut_costs(words: Sequence[str], language: str) -> list[int]:
    """For each word, what it costs to cut behind it; the last one costs nothing."""
    tag = language.split("-")[0].casefold()
    traits = [_traits(word, tag) for word in words]
    particles = _particles(traits)
    costs: list[int] = []
    for place, (here, behind) in enumerate(pairwise(traits)):
        if here.closing is not None:
            costs.append(here.closing)
        elif (
            place + 1 in particles
            or (here.binds and place not in particles)
            or is_parted_verb(words[place], words[place + 1])
        ):
            costs.append(BOND)
        else:
            costs.append(behind.before)
    return [*costs, SENTENCE] if words else []


class _Traits(NamedTuple):
    """Of a word: the cost that its closing sign gives; whether it binds to what follows; the cost
    of a cut before it; whether it can be a particle; whether it joins two parts of a sentence."""

    closing: int | None
    binds: bool
    before: int
    may_be_particle: bool
    joins: bool


def _particles(traits: Sequence[_Traits]) -> set[int]:
    """The places of particles and of prepositions with nothing to stand before: they belong to
    what is in front, as in "got up and"."""
    return {
        place
        for place, (here, behind) in enumerate(zip_longest(traits, traits[1:]))
        if here.may_be_particle and (here.closing is not None or behind is None or behind.joins)
    }


@lru_cache(maxsize=65_536)
def _traits(word: str, language: str) -> _Traits:
    closing: int | None = None
    if ends_sentence(word):
        closing = SENTENCE
    elif ends_clause(word):
        closing = STRONG if word.rstrip(_EDGES).endswith((":", ";", "；", "：")) else CLAUSE
    bare = word.strip(_EDGES).casefold().replace("’", "'")
    binds = bare in _words("bond", language) or bare.isdigit() or bare.endswith("'")
    core = bare.rstrip(".,;:!?…")
    may_be_particle = core in _words("preposition", language) | _words("particle", language)
    if language in _ELIDING and "'" in bare:
        front, _, behind = bare.partition("'")
        binds = binds or behind in _words("bond", language)
        bare = _WHOLE.get(front, bare)
    if bare in _words("conjunction", language):
        before = CONJUNCTION
    elif bare in _words("relative", language):
        before = RELATIVE
    elif bare in _words("preposition", language):
        before = PREPOSITION
    else:
        before = PLAIN
    joins = bare in _words("coordinating", language)
    return _Traits(closing, binds, before, may_be_particle, joins)


_LISTS = {
    "bond": _BONDS,
    "conjunction": _CONJUNCTIONS,
    "relative": _RELATIVES,
    "preposition": _PREPOSITIONS,
    "particle": _PARTICLES,
    "coordinating": _COORDINATING,
}


@lru_cache(maxsize=64)
def _words(kind: str, language: str) -> frozenset[str]:
    return frozenset(_LISTS[kind].get(language, "").split())
