"""Japanese verbs in two parts, between which neither a line nor a cue ends without need."""

from itertools import pairwise

import pytest

from granite_studio.core.lines import Ruler
from granite_studio.core.phrasing import BOND, cut_costs
from granite_studio.core.styles import style
from granite_studio.core.unspaced import words_of

COMPOUNDS = (
    *("振り返る", "取り組む", "思い出す", "話し合う", "受け入れる", "立ち上がる", "引き出す"),
    *("読み終わる", "食べ続ける", "飲み込む", "書き直す", "考え直す", "飛び出す", "呼び出した"),
    *(
        "動き回る",
        "申し込みました",
        "繰り返し",
        "締め切り",
        "待ち合わせ",
        "組み立てる",
        "入れ替える",
    ),
    *("助け合う", "勉強し始める", "笑い出す", "言い切る", "落ち着く", "乗り越える", "取り戻す"),
    *("引き受ける", "見つけ出す", "押し付ける", "立て直す", "切り替える", "話し方", "食べ物"),
    *("付け加える", "積み重ねる", "生まれ変わる", "聞かれ続ける", "取り扱う", "打ち合わせ"),
)
APART = (
    *("大きい家", "高い物", "少し出る", "見て回る", "食べて出る", "私だけ残る", "早く帰る"),
    *("新しい物語", "走り、疲れた", "残り時間", "古い方法", "いい方法", "安い上に", "駅に着く"),
    *("雨が降り電車が", "友達と会い話した", "朝起き顔を洗う", "暗い部屋", "家へ帰る", "窓は立派"),
    *("外で立つ", "本も取る", "人が出る", "美しい方", "好き合う", "子供たちに入る", "長い方が"),
)


def costs_inside(text: str) -> list[int]:
    """What a cut costs behind each of the text's words but the last."""
    return cut_costs(words_of(text), "ja")[:-1]


@pytest.mark.parametrize("text", COMPOUNDS)
def test_the_parts_of_a_verb_are_bound(text: str) -> None:
    assert costs_inside(text) == [BOND]


@pytest.mark.parametrize("text", APART)
def test_words_that_only_look_like_parts_are_not_bound(text: str) -> None:
    assert costs_inside(text)
    assert BOND not in costs_inside(text)


def test_a_line_ends_beside_a_verb_and_not_within_it() -> None:
    words = words_of("過去を振り返ることにしました")
    guide = style("netflix-ja")
    lines = Ruler(words, guide).lines(0, len(words), cut_costs(words, "ja"), guide.lines)
    assert lines == ["過去を", "振り返ることにしました"]


def test_a_verb_is_parted_where_a_line_would_be_too_long() -> None:
    words = words_of("その大事な思い出話し合い続ける")
    guide = style("netflix-ja")
    lines = Ruler(words, guide).lines(0, len(words), cut_costs(words, "ja"), guide.lines)
    assert len(lines) == 2
    assert all(len(line) <= guide.wide_cpl for line in lines)
    assert [a + b for a, b in pairwise(lines)] == ["その大事な思い出話し合い続ける"]
