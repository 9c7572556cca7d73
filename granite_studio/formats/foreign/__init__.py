"""Transcripts that other tools wrote, read into a document.

Their JSON is told by its content, since it has no extension of its own: `recognise` finds the
tool in the table `TOOLS`. A new tool is one line there, with a function that tells its files and
one that reads them, in the module of its family.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from granite_studio.core.document import Document
from granite_studio.core.schema import FORMAT
from granite_studio.formats.base import Source
from granite_studio.formats.foreign import lists, otranscribe, services, whisper
from granite_studio.formats.foreign.pieces import Transcript, document_from

__all__ = ["TOOLS", "Tool", "recognise"]


@dataclass(frozen=True, slots=True)
class Tool:
    """One line of the table: who writes JSON of this kind, and how it is told and read.

    `is_by` takes any value; `read` takes one for which it was true, and gives what it can make of
    it, or raises `FormatError`.
    """

    name: str
    is_by: Callable[[object], bool]
    read: Callable[[Any, Source], Transcript]

    def document(self, value: object, source: Source) -> Document:
        """The transcript. Raises `FormatError` where no words are in it."""
        return document_from(self.read(value, source), source)


def _alone(read: Callable[[Any], Transcript]) -> Callable[[Any, Source], Transcript]:
    return lambda value, _: read(value)


TOOLS = (
    Tool("whisper.cpp", whisper.is_whisper_cpp, _alone(whisper.read_whisper_cpp)),
    Tool("Podcast namespace", lists.is_podcast, _alone(lists.read_podcast)),
    Tool("Whisper", whisper.is_whisper, _alone(whisper.read_whisper)),
    Tool("Transformers", whisper.is_chunks, _alone(whisper.read_chunks)),
    Tool("oTranscribe", otranscribe.is_otranscribe, _alone(otranscribe.read_otranscribe)),
    Tool("Deepgram", services.is_deepgram, _alone(services.read_deepgram)),
    Tool("Speechmatics", services.is_speechmatics, _alone(services.read_speechmatics)),
    Tool("AWS Transcribe", services.is_aws, _alone(services.read_aws)),
    Tool("IBM Watson", services.is_ibm, _alone(services.read_ibm)),
    Tool("Google Speech-to-Text", services.is_google, _alone(services.read_google)),
    Tool("Azure Speech", services.is_azure, _alone(services.read_azure)),
    Tool("AssemblyAI", services.is_assemblyai, _alone(services.read_assemblyai)),
    Tool("Rev.ai", services.is_rev, _alone(services.read_rev)),
    Tool("BBC Kaldi", lists.is_bbc_kaldi, _alone(lists.read_bbc_kaldi)),
    Tool("Vosk", lists.is_vosk, _alone(lists.read_vosk)),
    Tool("autoEdit 2", lists.is_autoedit, _alone(lists.read_autoedit)),
    Tool("YouTube", lists.is_youtube, _alone(lists.read_youtube)),
    Tool("SegLST", lists.is_seglst, lists.read_seglst),
    Tool("faster-whisper", whisper.is_segment_list, _alone(whisper.read_segment_list)),
    Tool("a list of cues", lists.is_cue_list, _alone(lists.read_cue_list)),
    Tool("a list of words", lists.is_words, _alone(lists.read_words)),
    Tool("pyannote", lists.is_diarization, lists.read_diarization),
)
"""In the order in which they are asked: what is told by more fields stands first."""


def recognise(value: object) -> Tool | None:
    """Which tool wrote this JSON value; None for our own transcripts and all else."""
    if isinstance(value, dict) and value.get("format") == FORMAT:
        return None
    return next((tool for tool in TOOLS if tool.is_by(value)), None)
