"""Languages in three letters, as tracks of films name them, for tags of BCP 47."""

from __future__ import annotations

import re

_PAIRS = """
aa:aar ab:abk ae:ave af:afr ak:aka am:amh an:arg ar:ara as:asm av:ava ay:aym az:aze ba:bak be:bel
bg:bul bi:bis bm:bam bn:ben bo:bod br:bre bs:bos ca:cat ce:che ch:cha co:cos cr:cre cs:ces cu:chu
cv:chv cy:cym da:dan de:deu dv:div dz:dzo ee:ewe el:ell en:eng eo:epo es:spa et:est eu:eus fa:fas
ff:ful fi:fin fj:fij fo:fao fr:fra fy:fry ga:gle gd:gla gl:glg gn:grn gu:guj gv:glv ha:hau he:heb
hi:hin ho:hmo hr:hrv ht:hat hu:hun hy:hye hz:her ia:ina id:ind ie:ile ig:ibo ii:iii ik:ipk io:ido
is:isl it:ita iu:iku ja:jpn jv:jav ka:kat kg:kon ki:kik kj:kua kk:kaz kl:kal km:khm kn:kan ko:kor
kr:kau ks:kas ku:kur kv:kom kw:cor ky:kir la:lat lb:ltz lg:lug li:lim ln:lin lo:lao lt:lit lu:lub
lv:lav mg:mlg mh:mah mi:mri mk:mkd ml:mal mn:mon mr:mar ms:msa mt:mlt my:mya na:nau nb:nob nd:nde
ne:nep ng:ndo nl:nld nn:nno no:nor nr:nbl nv:nav ny:nya oc:oci oj:oji om:orm or:ori os:oss pa:pan
pi:pli pl:pol ps:pus pt:por qu:que rm:roh rn:run ro:ron ru:rus rw:kin sa:san sc:srd sd:snd se:sme
sg:sag si:sin sk:slk sl:slv sm:smo sn:sna so:som sq:sqi sr:srp ss:ssw st:sot su:sun sv:swe sw:swa
ta:tam te:tel tg:tgk th:tha ti:tir tk:tuk tl:tgl tn:tsn to:ton tr:tur ts:tso tt:tat tw:twi ty:tah
ug:uig uk:ukr ur:urd uz:uzb ve:ven vi:vie vo:vol wa:wln wo:wol xh:xho yi:yid yo:yor za:zha zh:zho
zu:zul
in:ind iw:heb ji:yid mo:ron sh:hbs sve:swe
"""
"""ISO 639-1 with the codes of ISO 639-2 for terms (T), tags of old, and what QuickTime calls
Swedish."""
_LIBRARIES = """
alb:sqi arm:hye baq:eus bur:mya chi:zho cze:ces dut:nld fre:fra geo:kat ger:deu gre:ell ice:isl
mac:mkd mao:mri may:msa per:fas rum:ron slo:slk tib:bod wel:cym
"""
"""The other codes of ISO 639-2, which are for libraries (B)."""


def _table(pairs: str) -> dict[str, str]:
    return dict(pair.split(":") for pair in pairs.split())


_THREE = _table(_PAIRS) | _table(_LIBRARIES)
_OF_LIBRARIES = {term: library for library, term in _table(_LIBRARIES).items()}
_NUMBERED = """
alb amh ara arm asm aym aze baq bel ben bul bur cat ces chi dan dut dzo eng epo est fin fra geo ger
gre grn guj heb hin hun ice ind ita jav jpn kan kas kaz khm kin kir kor kur lao lat lav lit mac mal
mar may mlg mlt mon nep nor nya ori orm per pol por pus que ron run rus san sin slk slv snd som spa
swa tam tat tel tgk tgl tha tib tir tuk tur uig ukr urd uzb vie wel yid
"""
_QUICKTIME = {code: code for code in _NUMBERED.split()}
_QUICKTIME |= {"swe": "sve", "hrv": "hr ", "fao": "fo "}
"""The languages that QuickTime numbers, as ffmpeg calls them."""
_WELL_FORMED = re.compile("[a-z]{3}")


def three_letters(tag: str) -> str:
    """The language of a tag such as "pt-BR" by ISO 639-2 (T): "por"; empty where it has none.

    Regions and scripts are left out, since no code of three letters has them; a language that has
    no other code ("fil") stays as it is.
    """
    language = re.split("[-_]", tag.strip().lower(), maxsplit=1)[0]
    known = _THREE.get(language, "")
    return known or (language if _WELL_FORMED.fullmatch(language) else "")


def in_quicktime(tag: str) -> str:
    """What ffmpeg calls the language of a tag in a .mov file; empty where such files have no
    number for it."""
    code = three_letters(tag)
    return _QUICKTIME.get(code) or _QUICKTIME.get(_OF_LIBRARIES.get(code, ""), "")
