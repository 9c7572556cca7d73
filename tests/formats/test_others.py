"""Transcripts of other tools: each told by its content and read with what it knows."""

import contextlib
import copy
import html
import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from granite_studio.core.document import Document, Media, Segment, Speaker, Word, tokens
from granite_studio.core.errors import FormatError
from granite_studio.core.schema import to_dict
from granite_studio.formats import html_file
from granite_studio.formats.base import Content, Source
from granite_studio.formats.foreign import (
    TOOLS,
    elan,
    otranscribe,
    plaintext,
    recognise,
    webpage,
)
from granite_studio.formats.foreign.pieces import Piece, attached, dressed
from granite_studio.formats.foreign.values import confidence, milliseconds, voice

Told = list[tuple[str | None, list[tuple[str, int, int]]]]


def read(value: object, name: str = "x.json") -> Document:
    tool = recognise(value)
    assert tool is not None
    return tool.document(value, Source(b"", name))


def said(document: Document) -> Told:
    names = {speaker.id: speaker.name for speaker in document.speakers}
    return [
        (names.get(part.speaker), [(word.text, word.start, word.end) for word in part.words])
        for part in document
    ]


def sure(document: Document) -> list[float | None]:
    return [word.confidence for word in document.words()]


def estimated(document: Document) -> list[str]:
    return [word.text for word in document.words() if word.estimated]


HELLO: Told = [(None, [("Hello,", 500, 900), ("you.", 900, 1250)])]
TWO: Told = [("Speaker 0", [("Hello,", 500, 900)]), ("Speaker 1", [("you.", 900, 1250)])]

WHISPER = {
    "text": " Hello, you.",
    "segments": [
        {
            "id": 0,
            "seek": 0,
            "start": 0.5,
            "end": 1.25,
            "text": " Hello, you.",
            "words": [
                {"word": " Hello,", "start": 0.5, "end": 0.9, "probability": 0.75},
                {"word": " you.", "start": 0.9, "end": 1.25, "probability": 0.5},
            ],
        }
    ],
    "language": "de",
}
WHISPER_PLAIN = {
    "text": " Hello, you.",
    "segments": [{"id": 0, "seek": 0, "start": 0.5, "end": 1.25, "text": " Hello, you."}],
    "language": "en",
}
OPENAI = {
    "task": "transcribe",
    "language": "german",
    "text": "Hello, you.",
    "words": [
        {"word": "Hello", "start": 0.5, "end": 0.9},
        {"word": "you", "start": 0.9, "end": 1.25},
    ],
}
WHISPER_TIMESTAMPED = {
    "text": " Hello, you.",
    "segments": [
        {
            "id": 0,
            "start": 0.5,
            "end": 1.25,
            "text": " Hello, you.",
            "confidence": 0.8,
            "words": [
                {"text": "Hello,", "start": 0.5, "end": 0.9, "confidence": 0.75},
                {"text": "[*]", "start": 0.9, "end": 0.9, "confidence": 0},
                {"text": "you.", "start": 0.9, "end": 1.25, "confidence": 0.5},
            ],
        }
    ],
}
FASTER_WHISPER = [
    {
        "id": 1,
        "seek": 0,
        "start": 0.5,
        "end": 1.25,
        "text": " Hello, you.",
        "tokens": [],
        "words": [
            {"start": 0.5, "end": 0.9, "word": " Hello,", "probability": 0.75},
            {"start": 0.9, "end": 1.25, "word": " you.", "probability": 0.5},
        ],
    }
]
WHISPERX = {
    "segments": [
        {
            "start": 0.5,
            "end": 1.25,
            "text": " Hello, you.",
            "speaker": "0",
            "words": [
                {"word": "Hello,", "start": 0.5, "end": 0.9, "score": 0.75, "speaker": "0"},
                {"word": "you.", "start": 0.9, "end": 1.25, "score": 0.5, "speaker": "1"},
            ],
        }
    ],
    "word_segments": [],
}
TRANSFORMERS = {
    "text": " Hello, you.",
    "chunks": [
        {"timestamp": [0.5, 0.9], "text": " Hello,"},
        {"timestamp": [0.9, 1.25], "text": " you."},
    ],
}
WHISPER_CPP = {
    "systeminfo": "",
    "result": {"language": "de"},
    "transcription": [
        {
            "offsets": {"from": 500, "to": 1250},
            "text": " Hello, you.",
            "tokens": [
                {"text": "[_BEG_]", "offsets": {"from": 500, "to": 500}, "p": 0.9},
                {"text": " Hel", "offsets": {"from": 500, "to": 700}, "p": 0.75},
                {"text": "lo", "offsets": {"from": 700, "to": 850}, "p": 0.9},
                {"text": ",", "offsets": {"from": 850, "to": 900}, "p": 0.9},
                {"text": " you", "offsets": {"from": 900, "to": 1200}, "p": 0.5},
                {"text": ".", "offsets": {"from": 1200, "to": 1250}, "p": 0.9},
            ],
        }
    ],
}
AWS = {
    "jobName": "x",
    "results": {
        "language_code": "de-DE",
        "transcripts": [{"transcript": "Hello, you."}],
        "speaker_labels": {
            "segments": [
                {"items": [{"start_time": "0.5", "speaker_label": "0"}]},
                {"items": [{"start_time": "0.9", "speaker_label": "1"}]},
            ]
        },
        "items": [
            {
                "type": "pronunciation",
                "start_time": "0.5",
                "end_time": "0.9",
                "alternatives": [{"confidence": "0.75", "content": "Hello"}],
            },
            {"type": "punctuation", "alternatives": [{"confidence": None, "content": ","}]},
            {
                "type": "pronunciation",
                "start_time": "0.9",
                "end_time": "1.25",
                "alternatives": [{"confidence": "0.5", "content": "you"}],
            },
            {"type": "punctuation", "alternatives": [{"confidence": None, "content": "."}]},
        ],
    },
}
GOOGLE_1 = {
    "results": [
        {
            "languageCode": "de-de",
            "alternatives": [
                {
                    "transcript": "Hello, you.",
                    "words": [
                        {
                            "startTime": {"nanos": 500000000},
                            "endTime": {"nanos": 900000000},
                            "word": "Hello,",
                            "confidence": 0.75,
                        },
                        {"startTime": "0.900s", "endTime": "1.250s", "word": "you."},
                    ],
                }
            ],
        }
    ]
}
GOOGLE_2 = {
    "results": [
        {
            "alternatives": [
                {
                    "transcript": "Hello, you.",
                    "words": [
                        {
                            "startOffset": "0.500s",
                            "endOffset": "0.900s",
                            "word": "Hello,",
                            "confidence": 0.75,
                            "speakerLabel": "0",
                        },
                        {
                            "startOffset": "0.900s",
                            "endOffset": "1.250s",
                            "word": "you.",
                            "confidence": 0.5,
                            "speakerLabel": "1",
                        },
                    ],
                }
            ],
            "resultEndOffset": "1.250s",
            "languageCode": "de-DE",
        }
    ]
}
DEEPGRAM = {
    "metadata": {"channels": 1},
    "results": {
        "channels": [
            {
                "detected_language": "de",
                "alternatives": [
                    {
                        "transcript": "Hello, you.",
                        "words": [
                            {
                                "word": "hello",
                                "punctuated_word": "Hello,",
                                "speaker": 0,
                                "start": 0.5,
                                "end": 0.9,
                                "confidence": 0.75,
                            },
                            {
                                "word": "you",
                                "punctuated_word": "you.",
                                "speaker": 1,
                                "start": 0.9,
                                "end": 1.25,
                                "confidence": 0.5,
                            },
                        ],
                    }
                ],
            }
        ]
    },
}
ASSEMBLYAI = {
    "id": "x",
    "status": "completed",
    "language_code": "en_us",
    "text": "Hello, you.",
    "words": [
        {"text": "Hello,", "start": 500, "end": 900, "confidence": 0.75, "speaker": None},
        {"text": "you.", "start": 900, "end": 1250, "confidence": 0.5, "speaker": None},
    ],
    "utterances": None,
}
IBM = {
    "result_index": 0,
    "results": [
        {
            "final": True,
            "alternatives": [
                {
                    "transcript": "hello %HESITATION you ",
                    "timestamps": [
                        ["Hello,", 0.5, 0.9],
                        ["%HESITATION", 0.9, 0.9],
                        ["you.", 0.9, 1.25],
                    ],
                    "word_confidence": [["Hello,", 0.75], ["%HESITATION", 0.1], ["you.", 0.5]],
                }
            ],
        }
    ],
    "speaker_labels": [
        {"from": 0.5, "to": 0.9, "speaker": 0, "confidence": 0.9},
        {"from": 0.9, "to": 1.25, "speaker": 1, "confidence": 0.9},
    ],
}
SPEECHMATICS = {
    "format": "2.9",
    "metadata": {"transcription_config": {"language": "de"}},
    "results": [
        {
            "type": "word",
            "start_time": 0.5,
            "end_time": 0.9,
            "alternatives": [{"content": "Hello", "confidence": 0.75, "speaker": "UU"}],
        },
        {
            "type": "punctuation",
            "start_time": 0.9,
            "end_time": 0.9,
            "attaches_to": "previous",
            "alternatives": [{"content": ",", "confidence": 1}],
        },
        {
            "type": "word",
            "start_time": 0.9,
            "end_time": 1.25,
            "alternatives": [{"content": "you.", "confidence": 0.5, "speaker": "UU"}],
        },
    ],
}
AZURE = {
    "recognizedPhrases": [
        {
            "channel": 0,
            "offsetInTicks": 5000000,
            "durationInTicks": 7500000,
            "locale": "de-DE",
            "recognitionStatus": "Success",
            "nBest": [
                {
                    "confidence": 0.9,
                    "lexical": "hello you",
                    "display": "Hello, you.",
                    "words": [
                        {
                            "word": "hello",
                            "offset": "PT0.5S",
                            "duration": "PT0.4S",
                            "offsetInTicks": 5000000,
                            "durationInTicks": 4000000,
                            "confidence": 0.75,
                        },
                        {"word": "you", "offset": "PT0.9S", "duration": "PT0.35S"},
                    ],
                }
            ],
        }
    ]
}
AZURE_FAST = {
    "durationMilliseconds": 2000,
    "combinedPhrases": [{"text": "Hello, you."}],
    "phrases": [
        {
            "offsetMilliseconds": 500,
            "durationMilliseconds": 750,
            "text": "Hello, you.",
            "words": [
                {"text": "Hello,", "offsetMilliseconds": 500, "durationMilliseconds": 400},
                {"text": "you.", "offsetMilliseconds": 900, "durationMilliseconds": 350},
            ],
        }
    ],
}
REV = {
    "monologues": [
        {
            "speaker": number,
            "elements": [
                {"type": "text", "value": word, "ts": start, "end_ts": end, "confidence": 0.5},
                {"type": "punct", "value": sign},
                {"type": "punct", "value": " "},
            ],
        }
        for number, (word, sign, start, end) in enumerate(
            [("Hello", ",", 0.5, 0.9), ("you", ".", 0.9, 1.25)]
        )
    ]
}
PODCAST = {
    "version": "1.0.0",
    "segments": [
        {"speaker": "0", "startTime": 0.5, "endTime": 0.9, "body": "Hello,"},
        {"speaker": "1", "startTime": 0.9, "endTime": 1.25, "body": "you."},
    ],
}
AUTOEDIT = {
    "text": [
        {
            "speaker": "Unnamed Speaker",
            "paragraph": [
                {
                    "line": [
                        {"id": 0, "text": "Hello,", "startTime": 0.5, "endTime": 0.9},
                        {"id": 1, "text": "you.", "startTime": 0.9, "endTime": 1.25},
                    ]
                }
            ],
        }
    ]
}
WORDS = {
    "words": [
        {"id": 0, "start": 0.5, "end": 0.9, "text": "Hello,"},
        {"id": 1, "start": 0.9, "end": 1.25, "text": "you."},
    ],
    "paragraphs": [
        {"id": 0, "start": 0.5, "end": 0.9, "speaker": "0"},
        {"id": 1, "start": 0.9, "end": 1.25, "speaker": "1"},
    ],
}
CUES = [
    {"text": "<i>Hello,</i>", "start": 500, "end": 900},
    {"text": "you.", "start": 900, "end": 1250},
]
SEGLST = [
    {"session_id": "a", "speaker": "0", "start_time": "0.5", "end_time": 0.9, "words": "Hello,"},
    {"session_id": "a", "speaker": "1", "start_time": 0.9, "end_time": "1.25", "words": "you."},
]
KALDI = {
    "retval": {
        "words": [
            {"start": 0.5, "end": 0.9, "confidence": 0.75, "word": "hello", "punct": "Hello,"},
            {"start": 0.9, "end": 1.25, "confidence": 0.5, "word": "you", "punct": "you."},
        ],
        "segmentation": {
            "segments": [
                {"start": 0.5, "duration": 0.4, "speaker": {"@id": "0"}},
                {"start": 0.9, "duration": 0.35, "speaker": {"@id": "1"}},
            ]
        },
    }
}
VOSK = {
    "result": [
        {"conf": 0.75, "end": 0.9, "start": 0.5, "word": "Hello,"},
        {"conf": 0.5, "end": 1.25, "start": 0.9, "word": "you."},
    ],
    "text": "Hello, you.",
}
YOUTUBE = {
    "wireMagic": "pb3",
    "events": [
        {"tStartMs": 0, "dDurationMs": 9000, "id": 1},
        {
            "tStartMs": 500,
            "dDurationMs": 750,
            "segs": [{"utf8": "Hello,"}, {"utf8": " you.", "tOffsetMs": 400}],
        },
    ],
}

SAMPLES: list[tuple[str, Any, Told, list[float | None], str]] = [
    ("Whisper", WHISPER, HELLO, [0.75, 0.5], "de"),
    ("Whisper", OPENAI, HELLO, [None, None], "de"),
    ("Whisper", WHISPER_TIMESTAMPED, HELLO, [0.75, 0.5], "en"),
    ("Whisper", WHISPERX, TWO, [0.75, 0.5], "en"),
    ("faster-whisper", FASTER_WHISPER, HELLO, [0.75, 0.5], "en"),
    ("Transformers", TRANSFORMERS, HELLO, [None, None], "en"),
    ("whisper.cpp", WHISPER_CPP, HELLO, [0.75, 0.5], "de"),
    ("AWS Transcribe", AWS, TWO, [0.75, 0.5], "de-DE"),
    ("Google Speech-to-Text", GOOGLE_1, HELLO, [0.75, None], "de-de"),
    ("Google Speech-to-Text", GOOGLE_2, TWO, [0.75, 0.5], "de-DE"),
    ("Google Speech-to-Text", {"response": GOOGLE_2}, TWO, [0.75, 0.5], "de-DE"),
    ("Deepgram", DEEPGRAM, TWO, [0.75, 0.5], "de"),
    ("AssemblyAI", ASSEMBLYAI, HELLO, [0.75, 0.5], "en-us"),
    ("IBM Watson", IBM, TWO, [0.75, 0.5], "en"),
    ("Speechmatics", SPEECHMATICS, HELLO, [0.75, 0.5], "de"),
    ("Azure Speech", AZURE, HELLO, [0.75, None], "de-DE"),
    ("Azure Speech", AZURE_FAST, HELLO, [None, None], "en"),
    ("Rev.ai", REV, TWO, [0.5, 0.5], "en"),
    ("Podcast namespace", PODCAST, TWO, [None, None], "en"),
    ("autoEdit 2", AUTOEDIT, HELLO, [None, None], "en"),
    ("a list of words", WORDS, TWO, [None, None], "en"),
    ("a list of cues", CUES, HELLO, [None, None], "en"),
    ("SegLST", SEGLST, TWO, [None, None], "en"),
    ("BBC Kaldi", KALDI, TWO, [0.75, 0.5], "en"),
    ("Vosk", VOSK, HELLO, [0.75, 0.5], "en"),
    ("Vosk", [VOSK, {"text": ""}], HELLO, [0.75, 0.5], "en"),
    ("Vosk", {"alternatives": [VOSK]}, HELLO, [0.75, 0.5], "en"),
    ("YouTube", YOUTUBE, HELLO, [None, None], "en"),
]


@pytest.mark.parametrize(("tool", "value", "told", "confidences", "language"), SAMPLES)
def test_what_a_tool_wrote_is_told_by_its_content_and_read(
    tool: str, value: object, told: Told, confidences: list[float | None], language: str
) -> None:
    recognised = recognise(value)
    assert recognised is not None
    document = read(value)

    assert recognised.name == tool
    assert said(document) == told
    assert sure(document) == confidences
    assert document.language == language
    assert estimated(document) == []
    assert document.engines == ()
    assert {word.source for word in document.words()} == {"import"}


def test_every_tool_has_a_sample_and_a_name_of_its_own() -> None:
    names = [tool.name for tool in TOOLS]

    assert len(set(names)) == len(names)
    assert {tool for tool, *_ in SAMPLES} | {"oTranscribe", "pyannote"} == set(names)


@pytest.mark.parametrize(
    "value",
    [{}, [], None, 7, "x", [[]], [{}], {"segments": {}}, {"results": []}, {"text": "Hello"}],
)
def test_other_json_is_nobodys(value: object) -> None:
    assert recognise(value) is None


def test_our_own_transcripts_are_nobodys_whatever_else_is_in_them() -> None:
    ours = to_dict(Document((Segment(1, (Word(2, "Hello,", 500, 900),)),), next_id=3))

    assert recognise(ours | {"text": "Hello,"}) is None


def test_segments_without_words_share_their_time() -> None:
    document = read(WHISPER_PLAIN)

    assert said(document) == [(None, [("Hello,", 500, 937), ("you.", 937, 1250)])]
    assert estimated(document) == ["Hello,", "you."]


def test_words_without_times_stand_between_their_neighbours() -> None:
    value: Any = copy.deepcopy(WHISPERX)
    value["segments"][0] |= {
        "end": 1.5,
        "words": [
            {"word": "In", "start": 0.5, "end": 0.6, "score": 0.9, "speaker": "0"},
            {"word": "1991"},
            {"word": "we", "start": 1.0, "end": 1.1, "speaker": "0"},
            {"word": "4.2"},
        ],
    }

    document = read(value)

    words = [("In", 500, 600), ("1991", 600, 1000), ("we", 1000, 1100), ("4.2", 1100, 1500)]
    assert said(document) == [("Speaker 0", words)]
    assert estimated(document) == ["1991", "4.2"]


def test_a_word_without_times_never_fills_a_long_hole() -> None:
    value = {
        "segments": [
            {
                "start": 0,
                "end": 60,
                "text": "so it is",
                "words": [
                    {"word": "so", "start": 0, "end": 0.5},
                    {"word": "it"},
                    {"word": "is", "start": 50, "end": 50.5},
                ],
            }
        ]
    }

    assert [w for _, words in said(read(value)) for w in words][1] == ("it", 500, 1500)


def test_the_last_chunk_without_an_end_gets_a_likely_one() -> None:
    value = {"chunks": [{"timestamp": [1.0, None], "text": "Goodbye."}]}

    document = read(value)

    assert said(document) == [(None, [("Goodbye.", 1000, 1675)])]
    assert estimated(document) == ["Goodbye."]


def test_a_text_without_an_end_lasts_no_longer_than_up_to_the_next() -> None:
    value = {
        "chunks": [
            {"timestamp": [1.0, None], "text": "Goodbye."},
            {"timestamp": [1.25, 1.5], "text": "Bye."},
        ]
    }

    assert said(read(value)) == [(None, [("Goodbye.", 1000, 1250), ("Bye.", 1250, 1500)])]


def test_tokens_that_part_a_character_give_way_to_the_text_of_the_segment() -> None:
    value: Any = copy.deepcopy(WHISPER_CPP)
    value["transcription"][0]["tokens"][1]["text"] = " H\ufffd"

    assert said(read(value)) == [(None, [("Hello,", 500, 937), ("you.", 937, 1250)])]


def test_tokens_of_a_script_without_spaces_are_words() -> None:
    segment = {
        "offsets": {"from": 0, "to": 900},
        "text": "今日は東京",
        "tokens": [
            {"text": "今日", "offsets": {"from": 0, "to": 300}, "p": 0.5},
            {"text": "は", "offsets": {"from": 300, "to": 500}, "p": 0.5},
            {"text": "東京", "offsets": {"from": 500, "to": 900}, "p": 0.5},
        ],
    }

    document = read({"transcription": [segment]})

    assert said(document) == [(None, [("今日", 0, 300), ("は", 300, 500), ("東京", 500, 900)])]


def test_channels_of_aws_are_speakers_and_talk_over_one_another() -> None:
    def item(text: str, start: str, end: str) -> dict[str, object]:
        times = {"start_time": start, "end_time": end, "type": "pronunciation"}
        return {**times, "alternatives": [{"content": text, "confidence": "1.0"}]}

    value = {
        "results": {
            "channel_labels": {
                "channels": [
                    {
                        "channel_label": "ch_0",
                        "items": [item("one", "0", "1"), item("two", "1", "2")],
                    },
                    {"channel_label": "ch_1", "items": [item("mhm", "0.5", "0.75")]},
                ]
            },
            "items": [item("one", "0", "1"), item("mhm", "0.5", "0.75"), item("two", "1", "2")],
        }
    }

    assert said(read(value)) == [
        ("Channel 0", [("one", 0, 1000), ("two", 1000, 2000)]),
        ("Channel 1", [("mhm", 500, 750)]),
    ]


def test_the_last_result_of_google_holds_all_words_with_speakers() -> None:
    def word(text: str, start: str, tag: int) -> dict[str, object]:
        return {"word": text, "startTime": start, "endTime": start, "speakerTag": tag}

    value = {
        "results": [
            {"alternatives": [{"transcript": "a", "words": [word("a", "1s", 0)]}]},
            {"alternatives": [{"transcript": "b", "words": [word("b", "2s", 0)]}]},
            {"alternatives": [{"words": [word("a", "1s", 1), word("b", "2s", 2)]}]},
        ]
    }

    assert said(read(value)) == [
        ("Speaker 1", [("a", 1000, 1000)]),
        ("Speaker 2", [("b", 2000, 2000)]),
    ]


def test_results_of_google_without_words_share_the_time_up_to_their_end() -> None:
    value = {
        "results": [
            {"alternatives": [{"transcript": "Hello you"}], "resultEndTime": "1.1s"},
            {"alternatives": [{}]},
            {"alternatives": [{"transcript": "yes"}], "resultEndTime": "1.5s"},
        ]
    }

    document = read(value)

    assert said(document) == [(None, [("Hello", 0, 660), ("you", 660, 1100), ("yes", 1100, 1500)])]
    assert estimated(document) == ["Hello", "you", "yes"]


def test_channels_of_deepgram_are_speakers_where_there_are_several() -> None:
    value: Any = copy.deepcopy(DEEPGRAM)
    words = value["results"]["channels"][0]["alternatives"][0]["words"]
    for word in words:
        del word["speaker"]
    value["results"]["channels"] = [
        {"alternatives": [{"transcript": "", "words": [word]}]} for word in words
    ]

    assert [speaker for speaker, _ in said(read(value))] == ["Channel 1", "Channel 2"]


def test_utterances_of_assemblyai_are_paragraphs() -> None:
    value: Any = copy.deepcopy(ASSEMBLYAI)
    value["utterances"] = [
        {"speaker": "A", "start": word["start"], "words": [word]} for word in value["words"]
    ]

    assert said(read(value)) == [
        ("Speaker A", [("Hello,", 500, 900)]),
        ("Speaker A", [("you.", 900, 1250)]),
    ]


def test_results_that_ibm_corrected_later_are_left_out() -> None:
    value: Any = copy.deepcopy(IBM)
    early = copy.deepcopy(value["results"][0]) | {"final": False}
    value["results"].insert(0, early)

    assert said(read(value)) == TWO


def test_signs_belong_to_the_word_that_the_tool_says() -> None:
    items = [
        (Piece("¿", 0, 0), "next"),
        (Piece("Yes", 100, 200), ""),
        (Piece("?", 200, 200), "previous"),
        (Piece("for", 300, 400), ""),
        (Piece("-", 400, 400), "both"),
        (Piece("sure", 450, 500), ""),
        (Piece("&", 500, 500), "none"),
    ]

    assert attached(items) == [
        Piece("¿Yes?", 100, 200),
        Piece("for-sure", 300, 500),
        Piece("&", 500, 500),
    ]


def test_bare_words_are_dressed_as_the_text_has_them() -> None:
    bare = [Piece("well"), Piece("known"), Piece("i am"), Piece("not"), Piece("here")]

    assert dressed(bare, "Well, known: I am HERE \N{EN DASH} now.") == [
        Piece("Well,"),
        Piece("known:"),
        Piece("I am"),
        Piece("not"),
        Piece("HERE \N{EN DASH}"),
    ]


@pytest.mark.parametrize(
    ("value", "time"),
    [
        *[(1.5, 1500), (2, 2000), ("1.5", 1500), (" 1.5 ", 1500), ("1.500s", 1500)],
        *[("PT1.5S", 1500), ("PT1H2M3S", 3_723_000), ("00:00:01,500", 1500), ("1:02", 62_000)],
        *[({"seconds": "1", "nanos": 500_000_000}, 1500), ({}, 0), (-0.2, 0), ("-3", 0)],
        *[(float("nan"), None), (float("inf"), None), ("nan", None), (10**400, None)],
        *[(1_000_000, None), (True, None), (None, None), ([], None), ("", None), ("1e999", None)],
        *[("9" * 5000, None), ({"seconds": []}, None), ("s", None), ("PT", 0)],
    ],
)
def test_times_are_read_in_every_dress(value: object, time: int | None) -> None:
    assert milliseconds(value) == time


@pytest.mark.parametrize(
    ("value", "sureness"),
    [(0.5, 0.5), ("0.5", 0.5), (1, 1.0), (1.5, None), (-1, None), ("NA", None), (True, None)],
)
def test_confidence_is_from_0_to_1_or_unknown(value: object, sureness: float | None) -> None:
    assert confidence(value) == sureness


@pytest.mark.parametrize(
    ("value", "name"),
    [
        *[(0, "Speaker 0"), ("2", "Speaker 2"), ("A", "Speaker A"), (" Anna ", "Anna")],
        *[("spk_0", "spk_0"), (None, None), ("", None), ("unknown", None), (True, None)],
        *[("Unknown Speaker", None), (-1, None), (1.5, None), ([], None)],
    ],
)
def test_speakers_have_names(value: object, name: str | None) -> None:
    assert voice(value) == name


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (
            {"segments": [], "text": "", "language": "en"},
            "“x.json” has no words in it; choose another file.",
        ),
        (
            [{"speaker": "A", "start": 0, "end": 1}],
            "“x.json” says who speaks when, but holds none of the words; "
            "choose the transcript that belongs to it.",
        ),
        (
            [*SEGLST, SEGLST[0] | {"session_id": "b"}],
            "“x.json” tells of 2 recordings (a, b); keep the lines of one of them.",
        ),
        (
            {
                "segments": [
                    {"speaker": f"s{number}", "startTime": 0, "endTime": 1, "body": "a"}
                    for number in range(1001)
                ]
            },
            "“x.json” names more than 1,000 speakers; "
            "check that it is the transcript of one recording.",
        ),
        (
            {"chunks": [{"timestamp": [0, 1], "text": "a " * 1_000_001}]},
            "“x.json” has more than 1,000,000 words; "
            "check that it is the transcript of one recording.",
        ),
    ],
)
def test_what_cannot_be_read_is_refused_in_a_sentence(value: object, sentence: str) -> None:
    with pytest.raises(FormatError) as refusal:
        read(value)

    assert str(refusal.value) == sentence


OTR = json.dumps(
    {
        "text": "<p>"
        '<span class="timestamp" data-timestamp="1.500">00:01</span>&nbsp;<b>Anna</b>: Good&nbsp;'
        "day &amp; welcome.<br />Tom: Hi.</p><p>"
        '<span class="timestamp" data-timestamp="9">00:09</span> it was so: yes</p>',
        "media": "a.wav",
        "media-time": 3,
    }
)


def test_otranscribe_has_paragraphs_after_time_stamps() -> None:
    document = otranscribe.read(Source(OTR.encode(), "x.otr"))

    assert [(s, [w for w, _, _ in words]) for s, words in said(document)] == [
        ("Anna", ["Good", "day", "&", "welcome."]),
        ("Tom", ["Hi."]),
        (None, ["it", "was", "so:", "yes"]),
    ]
    assert [part.start for part in document] == [1500, 3000, 9000]
    assert said(read(json.loads(OTR))) == said(document)


NOSCRIBE = """<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.0//EN">
<html><head><title>harbour</title><style>p {}</style></head><body><p>harbour</p>
<!-- <a name="ts_1_2_S00">no</a> -->
<p><a name="ts_800_1600_S00">Maren: <span>[00:00:00]</span> Who&#x20;paid?</a><a
 name="ts_1600_1700_S00"> (..) Well?</a></p>
<p><a name="ts_2000_2500_S01">S01: I</a></p></body></html>"""


def test_noscribe_names_times_and_speakers_in_anchors() -> None:
    document = webpage.read(Source(NOSCRIBE.encode(), "x.html"))

    assert said(document) == [
        ("Maren", [("Who", 800, 1120), ("paid?", 1120, 1600), ("Well?", 1600, 1700)]),
        ("S01", [("I", 2000, 2500)]),
    ]


def test_pages_of_podcasts_have_names_times_and_texts() -> None:
    page = (
        "<cite>Alban:</cite><time>0:01</time><p>So it is.</p><p>Yes.</p>"
        "<cite>Kevin:</cite><time>0:30</time><p>No.</p>"
    )

    document = webpage.read(Source(page.encode(), "x.html"))

    assert [(s, [w for w, _, _ in words]) for s, words in said(document)] == [
        ("Alban", ["So", "it", "is.", "Yes."]),
        ("Kevin", ["No."]),
    ]
    assert [part.start for part in document] == [1000, 30_000]


EAF = """<?xml version="1.0" encoding="UTF-8"?>
<ANNOTATION_DOCUMENT><HEADER TIME_UNITS="milliseconds"/><TIME_ORDER>
<TIME_SLOT TIME_SLOT_ID="t1" TIME_VALUE="500"/><TIME_SLOT TIME_SLOT_ID="t2"/>
<TIME_SLOT TIME_SLOT_ID="t3" TIME_VALUE="1500"/></TIME_ORDER>
<TIER TIER_ID="one" PARTICIPANT="Anna"><ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a"
TIME_SLOT_REF1="t1" TIME_SLOT_REF2="t3"><ANNOTATION_VALUE>yes &amp; no</ANNOTATION_VALUE>
</ALIGNABLE_ANNOTATION></ANNOTATION></TIER>
<TIER TIER_ID="words" PARENT_REF="one">
<ANNOTATION><ALIGNABLE_ANNOTATION TIME_SLOT_REF1="t1" TIME_SLOT_REF2="t2">
<ANNOTATION_VALUE>yes &amp;</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>
<ANNOTATION><ALIGNABLE_ANNOTATION TIME_SLOT_REF1="t2" TIME_SLOT_REF2="t3">
<ANNOTATION_VALUE>no</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION></TIER>
<TIER TIER_ID="remarks"><ANNOTATION><ALIGNABLE_ANNOTATION TIME_SLOT_REF1="t1"
TIME_SLOT_REF2="t3"><ANNOTATION_VALUE>loud</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>
</TIER></ANNOTATION_DOCUMENT>"""


def test_tiers_of_elan_with_participants_are_read_as_finely_as_they_are_timed() -> None:
    document = elan.read(Source(EAF.encode(), "x.eaf"))

    words = [("yes", 500, 833), ("&", 833, 1000), ("no", 1000, 1500)]
    assert said(document) == [("Anna", words)]
    assert estimated(document) == ["yes", "&"]


def test_tiers_of_elan_without_participants_are_speakers_by_their_names() -> None:
    text = EAF.replace(' PARTICIPANT="Anna"', "").replace("yes", "oh").replace("oh &amp;", "x", 1)

    document = elan.read(Source(text.encode("utf-16"), "x.eaf"))

    assert {speaker.name for speaker in document.speakers} == {"one", "remarks"}


OTTER = """Anna Bell  0:01
Good morning.

Tom  1:02:03
Hello: yes,
10:30 it was.

Transcribed by https://otter.ai
"""
BRACKETS = "[00:00:01] ANNA BELL\nGood morning.\n\n[01:02:03] TOM\nHello: yes,\n10:30 it was.\n"
TRINT = "[00:00:01] Anna Bell: Good morning.\n\n[01:02:03] Tom: Hello: yes, 10:30 it was.\n"
NAMES_FIRST = "Anna Bell (00:01): Good morning.\nTom (01:02:03): Hello: yes, 10:30 it was.\n"


@pytest.mark.parametrize("text", [OTTER, BRACKETS, TRINT, NAMES_FIRST])
def test_text_with_times_at_its_paragraphs_is_read(text: str) -> None:
    document = plaintext.read(Source(text.encode(), "x.txt"))

    assert [
        (s.casefold() if s else s, [w for w, _, _ in words]) for s, words in said(document)
    ] == [
        ("anna bell", ["Good", "morning."]),
        ("tom", ["Hello:", "yes,", "10:30", "it", "was."]),
    ]
    assert [part.start for part in document] == [1000, 3_723_000]
    assert len(estimated(document)) == 7


def test_labels_of_audacity_are_read_in_seconds() -> None:
    text = "0.5\t0.9\tAnna: Yes\n\\\t100\t200\n1.0\t1.5\tTom: No\n"

    assert said(plaintext.read(Source(text.encode(), "x.txt"))) == [
        ("Anna", [("Yes", 500, 900)]),
        ("Tom", [("No", 1000, 1500)]),
    ]


@pytest.mark.parametrize(
    ("reader", "text", "sentence"),
    [
        (otranscribe.read, "{", "“x” is not whole JSON; save it again from oTranscribe."),
        (
            otranscribe.read,
            "[" * 100_000,
            "“x” is not whole JSON; save it again from oTranscribe.",
        ),
        (otranscribe.read, "{}", "“x” is not a transcript of oTranscribe; choose another file."),
        (
            webpage.read,
            "<p>Hello</p>",
            "“x” is no transcript of ours, of noScribe or of a podcast; "
            "export it as a subtitle file where it was made.",
        ),
        (
            plaintext.read,
            "Hello.\n",
            "“x” is text without times, which cannot be put to a recording; "
            "export it with time codes, or as a subtitle file.",
        ),
        (elan.read, "<html/>", "“x” is not an ELAN file; choose another file."),
        (
            elan.read,
            EAF[:-20],
            "“x” is not whole XML: it breaks off or is faulty in line 15; "
            "save it again from ELAN.",
        ),
        (
            elan.read,
            '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
            "“x” declares a document type of its own, which no ELAN file needs; "
            "save it again from ELAN.",
        ),
        (
            elan.read,
            EAF.replace('"milliseconds"', '"PAL-frames"'),
            "“x” counts its times in PAL-frames, not in milliseconds; "
            "save it again from a newer ELAN.",
        ),
    ],
)
def test_a_file_that_is_none_is_refused_in_a_sentence(
    reader: Any, text: str, sentence: str
) -> None:
    with pytest.raises(FormatError) as refusal:
        reader(Source(text.encode(), "x"))

    assert str(refusal.value) == sentence


HARBOUR = Document(
    segments=(
        Segment(1, (Word(2, "Who", 800, 1000), Word(3, "paid?", 1000, 1400)), 8),
        Segment(4, (Word(5, "I:", 2500, 2600), Word(6, "<did>", 2600, 3125)), 9),
        Segment(10, (Word(11, "So:", 5000, 5100), Word(12, "&amp;", 5100, 5200))),
    ),
    speakers=(Speaker(8, 'maren "o" <Oakes>'), Speaker(9, "Tobias: Q")),
    media=Media("harbour.wav", 4000),
    next_id=13,
)


def test_a_transcript_comes_back_from_elan_with_the_times_of_its_words() -> None:
    file = elan.FORMAT.write(Content(document=HARBOUR))

    assert said(elan.read(Source(file, "x.eaf"))) == said(HARBOUR)
    assert b'TIER_ID="Tobias: Q - words"' in file


def test_slots_of_elan_stand_in_the_order_of_their_times() -> None:
    words = (Word(2, "a", 100, 100), Word(3, "b", 100, 200))
    other = (Word(5, "c", 150, 300),)
    document = Document((Segment(1, words), Segment(4, other)), next_id=6)

    file = elan.FORMAT.write(Content(document=document))

    times = [int(time) for time in re.findall(rb'TIME_VALUE="([0-9]+)"', file)]
    assert times == sorted(times)
    told = [("a", 100, 101), ("b", 101, 200), ("c", 200, 300)]
    assert said(elan.read(Source(file, "x.eaf"))) == [(None, told)]


def test_paragraphs_and_names_come_back_from_otranscribe() -> None:
    file = otranscribe.FORMAT.write(Content(document=HARBOUR))

    document = otranscribe.read(Source(file, "x.otr"))

    told = [(s, [text for text, _, _ in words]) for s, words in said(document)]
    assert told == [(s, [text for text, _, _ in words]) for s, words in said(HARBOUR)]
    assert [part.start for part in document] == [800, 2500, 5000]


NASTY = st.sampled_from(
    [
        *("]]>", "<!--", "-->", "&amp;", "&", "<b>", "Anna:", "A: b", '"', "'", "é", "東京", ":"),
        *("\u2060", "{", "a b", "unknown", "1", "<p>", "\U0001f600", "\u202e", "x\u00a0y"),
    ]
) | st.text(max_size=4)


def shows(text: str) -> bool:
    """Whether a text holds more than spaces, the no-break ones among them."""
    return bool(tokens(text.replace("\u00a0", " ")))


@given(texts=st.lists(NASTY.filter(shows), min_size=1, max_size=6), name=NASTY)
@settings(max_examples=100, deadline=None)
def test_hostile_text_comes_back_from_what_is_written(texts: list[str], name: str) -> None:
    spoken = [word for text in texts for word in tokens(text)]
    words = tuple(Word(n, text, n * 400, n * 400 + 300) for n, text in enumerate(spoken, start=3))
    speakers = (Speaker(2, name),) if tokens(name) else ()
    document = Document((Segment(1, words, 2 if speakers else None),), speakers, next_id=99)

    for form in (elan.FORMAT, otranscribe.FORMAT, html_file.FORMAT):
        assert form.read is not None
        again = form.read(Source(form.write(Content(document=document)), f"x.{form.name}"))
        assert isinstance(again, Document)
        back = "".join(word.text for word in again.words())
        told = "".join(spoken)
        assert back == (told.replace("\u00a0", "") if form.name == "otr" else told)


KEYS = sorted(
    {
        *("segments", "words", "results", "alternatives", "items", "text", "word", "start", "end"),
        *("timestamps", "chunks", "timestamp", "offsets", "transcription", "tokens", "speaker"),
        *("utterances", "id", "status", "confidence", "monologues", "elements", "retval", "body"),
        *("startTime", "endTime", "events", "segs", "tStartMs", "utf8", "content", "type"),
        *("start_time", "end_time", "transcript", "channels", "nBest", "recognizedPhrases"),
        *("phrases", "offsetMilliseconds", "result", "paragraph", "line", "media", "session_id"),
        *("format", "channel", "seek", "language", "speaker_labels", "from", "response"),
    }
)
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=5),
    st.sampled_from(
        ["1.5", "1.500s", "PT1S", "-1", "nan", "\ud800", "\0", "<i>", "1e999", "word"]
    ),
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=5)
    ),
    max_leaves=25,
)


def holds(document: Document) -> bool:
    """Whether words stand in order inside each paragraph, and there are some."""
    for segment in document:
        assert all(
            one.end <= other.start
            for one, other in zip(segment.words, segment.words[1:], strict=False)
        )
    return any(document.words())


@given(value=VALUES)
@settings(max_examples=150, deadline=None)
def test_any_json_gives_a_transcript_or_one_sentence(value: object) -> None:
    for tool in TOOLS:
        if tool.is_by(value):
            with contextlib.suppress(FormatError):
                assert holds(tool.document(value, Source(b"", "x.json")))


@st.composite
def spoilt(draw: st.DrawFn) -> object:
    """A sample in which some fields are gone or hold something else."""
    _, value, *_ = draw(st.sampled_from(SAMPLES))
    return _spoil(value, draw)


def _spoil(value: object, draw: st.DrawFn) -> object:
    if draw(st.integers(0, 15)) == 15:
        return draw(LEAVES | st.just([]) | st.just({}))
    if isinstance(value, dict):
        return {key: _spoil(item, draw) for key, item in value.items()}
    if isinstance(value, list):
        return [_spoil(item, draw) for item in value]
    return value


@given(value=spoilt())
@settings(max_examples=100, deadline=None)
def test_a_spoilt_transcript_gives_what_is_left_or_one_sentence(value: object) -> None:
    tool = recognise(value)
    if tool is not None:
        with contextlib.suppress(FormatError):
            assert holds(tool.document(value, Source(b"", "x.json")))


PIECES = [
    *(
        "<p>",
        "</p>",
        "<a name='ts_1_20_S'>",
        '<a name="ts_5_9_A">',
        "</a>",
        "<!--",
        "-->",
        "<head>",
    ),
    *('<span data-timestamp="1">', "</span>", "&amp;", "&#9999999999;", "&#" + "9" * 5000 + ";"),
    *(
        "<time>",
        "0:01",
        "</time>",
        "<cite>",
        "Anna:",
        "[00:01]",
        "Anna  0:01",
        "\n",
        "\t",
        "1\t2\t",
    ),
    *("<ANNOTATION_DOCUMENT>", "</ANNOTATION_DOCUMENT>", "<TIER TIER_ID='x'>", "</TIER>", "words"),
    *("<TIME_SLOT TIME_SLOT_ID='a' TIME_VALUE='9'/>", "<ALIGNABLE_ANNOTATION TIME_SLOT_REF1='a'>"),
    *("<ANNOTATION_VALUE>", "\0", "\ufeff", "\u2028", "\x85", "東京", "<", ">", "&", "(..)"),
]
FILES = st.binary(max_size=100) | st.lists(st.sampled_from(PIECES), max_size=20).map(
    lambda pieces: " ".join(pieces).encode()
)


@given(data=FILES)
@settings(max_examples=100, deadline=None)
def test_any_bytes_give_a_transcript_or_one_sentence(data: bytes) -> None:
    page = data.decode("utf-8", "replace")
    files = [
        (webpage.read, data),
        (plaintext.read, data),
        (elan.read, data),
        (otranscribe.read, data),
        (otranscribe.read, json.dumps({"text": page, "media": ""}).encode()),
    ]
    for reader, file in files:
        with contextlib.suppress(FormatError):
            assert holds(reader(Source(file, "x")))


def test_markup_and_control_signs_of_strangers_are_text() -> None:
    nasty = "<b> & {\\an8} \u202eabc\x07 \ud800x 1\u00a0000 \U0001f600"
    value = {"chunks": [{"timestamp": [0, 1], "text": nasty}]}

    words = [word.text for word in read(value).words()]

    assert words == ["<b>", "&", "{\\an8}", "\u202eabc", "x", "1\u00a0000", "\U0001f600"]


REFUSED = {
    "meeteval_ref.seglst.json": "keep the lines of one of them.",
    "diarization.json": "choose the transcript that belongs to it.",
    "test.txt": "export it with time codes, or as a subtitle file.",
}
SPEAKERS = {
    "todayinfocus_words.json": 2,
    "dg_speakers.json": 3,
    "dg_speakers_no_utterances.json": 3,
    "ibm_talk.json": 1,
    "namespace_example.json": 2,
    "podcasting_20_episode_124_srt_parsed.json": 2,
    "simple_case.json": 1,
    "words-list.json": 2,
    "LaLaLand_json_parsed.json": 1,
    "buzzcast.html": 5,
    "buzzcast_html_parsed.json": 5,
}
READERS = {
    ".otr": otranscribe.read,
    ".eaf": elan.read,
    ".html": webpage.read,
    ".txt": plaintext.read,
}


def load(path: Path) -> Document:
    source = Source(path.read_bytes(), path.name)
    if path.suffix in READERS:
        return READERS[path.suffix](source)
    tool = recognise(json.loads(source.text()))
    assert tool is not None, path
    return tool.document(json.loads(source.text()), source)


def test_every_transcript_of_other_tools_is_read(shared_data: Path) -> None:
    refused: dict[str, str] = {}
    read = 0
    for path in sorted((shared_data / "interchange").rglob("*")):
        if path.suffix not in {".json", ".json3", *READERS}:
            continue
        try:
            document = load(path)
        except FormatError as refusal:
            refused[path.name] = str(refusal).rpartition("; ")[2]
            continue
        read += 1
        assert holds(document), path
        if path.parent.name != "made":
            assert len(document.speakers) == SPEAKERS.get(path.name, 0), path

    assert refused == REFUSED
    assert read == 42


VOICELESS = {
    *("hf_chunks", "openai_verbose", "whisper_cli", "whisper_timestamped", "whispercpp"),
    *("whispercpp_full", "youtube"),
}
"""Tools that tell no speakers."""
COARSE = {"audacity_labels", "eaf", "hf_chunks", "noscribe", "whispercpp"}
"""What has the times of sentences."""
COARSEST = {"fountain_text", "otr", "otter"}
"""What has the times of paragraphs, in whole seconds."""


def test_an_interview_is_the_same_whichever_tool_wrote_it(shared_data: Path) -> None:
    folder = shared_data / "interchange" / "made"
    best = list(load(folder / "harbour_interview_a.whisperx.json").words())
    kinds = set()
    for path in sorted(folder.iterdir()):
        kind = path.name.split(".")[1]
        if path.suffix not in {".json", ".json3", *READERS}:
            continue
        document = load(path)
        words = list(document.words())
        kinds.add(kind)
        assert [word.text for word in words] == [word.text for word in best], kind
        assert len(document.speakers) == (0 if kind in VOICELESS else 3), kind
        if kind not in VOICELESS:
            assert len(document.segments) == 21, kind
        off = 10_000 if kind in COARSEST else 2_500 if kind in COARSE else 700
        for word, other in zip(words, best, strict=True):
            assert abs(word.start - other.start) <= off, (kind, word, other)
    assert kinds >= VOICELESS | COARSE | COARSEST


def test_podcast_transcripts_have_the_segments_that_others_read(shared_data: Path) -> None:
    folder = shared_data / "interchange" / "podcast"
    expected = json.loads((folder / "buzzcast_html_parsed.json").read_text("utf-8"))["segments"]

    document = load(folder / "buzzcast.html")

    names = {speaker.id: speaker.name for speaker in document.speakers}
    starts = {(part.start, names[part.speaker or 0]) for part in document}
    assert starts >= {(round(part["startTime"] * 1000), part["speaker"]) for part in expected}
    texts = [word.text for word in document.words()]
    assert texts == html.unescape(" ".join(part["body"] for part in expected)).split()
