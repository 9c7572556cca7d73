"""What each kind of video file can hold, and so what becomes of a film's tracks in it."""

from __future__ import annotations

from dataclasses import dataclass

from granite_studio.core.language_codes import in_quicktime, three_letters
from granite_studio.media.values import AudioTrack, MediaInfo, SubtitleTrack

TRACKS = {".mp4": "mov_text", ".m4v": "mov_text", ".mov": "mov_text", ".mkv": "srt"} | {
    ".webm": "webvtt"
}
"""How a track of subtitles is coded in each kind of file that can hold one."""
BURNT = (".mp4", ".m4v", ".mov", ".mkv")
"""Kinds of files that pictures with subtitles in them can be written to."""

_SOUND = {
    ".mp4": frozenset(("aac", "mp3", "mp2", "ac3", "eac3", "alac", "opus", "dts")),
    ".m4v": frozenset(("aac", "ac3", "alac")),
    ".mov": frozenset(("aac", "mp3", "mp2", "ac3", "eac3", "alac", "dts")),
    ".webm": frozenset(("opus", "vorbis")),
}
"""Codecs of sound that players expect in such files. Matroska holds nearly all."""
_SCARCE = {".mp4": frozenset(("flac", "truehd"))}
"""Codecs of sound that such files can hold, though few players take them there."""
_PCM = "pcm_"
_DISC_PCM = frozenset(("pcm_bluray", "pcm_dvd"))
_NOT_IN_MATROSKA = _DISC_PCM | {"pcm_s8", "pcm_f32be", "pcm_f64be", "s302m", "adpcm_ima_qt"}
_WRITTEN = {".webm": "libopus"}
_WRITTEN_ELSEWHERE = "aac"
_LONGEST_TITLE = 40
_TEXTS = frozenset(("subrip", "ass", "ssa", "mov_text", "webvtt", "text"))
_PLAIN = ("mov_text", "webvtt")
"""Codecs that ffmpeg writes without colours and places."""
_HELD = {
    ".mp4": frozenset(("mov_text",)),
    ".m4v": frozenset(("mov_text",)),
    ".mov": frozenset(("mov_text", "eia_608")),
    ".mkv": frozenset(("subrip", "ass", "ssa", "webvtt"))
    | {"hdmv_pgs_subtitle", "dvd_subtitle", "dvb_subtitle"},
    ".webm": frozenset(("webvtt",)),
}
"""Codecs of subtitles that are taken over as they are."""
_WITHOUT_TIMECODE = (".m4v", ".webm")
_COUNTED = (".mp4", ".mov")
"""Kinds that hold a timecode as a number of pictures, for which it must fit their rate."""
_DROPPING = (30, 60)
"""Rates at which numbers of pictures can be dropped, where it is a thousandth less in truth."""


@dataclass(frozen=True, slots=True)
class Held:
    """The tracks that are kept, each with the codec it is written in or "copy", and the subtitles
    that are not."""

    sound: tuple[tuple[AudioTrack, str], ...]
    subtitles: tuple[tuple[SubtitleTrack, str], ...] = ()
    unheld: tuple[SubtitleTrack, ...] = ()
    """What this kind of file cannot hold."""
    alike: tuple[SubtitleTrack, ...] = ()
    """Those in the language of the new one that are not replaced by it."""
    replaced: tuple[SubtitleTrack, ...] = ()

    @property
    def can_replace(self) -> bool:
        """Whether the new track takes the place of another, or would if that were asked for."""
        return bool(self.replaced) or not all(track.is_forced for track in self.alike)


def held(info: MediaInfo, kind: str) -> Held:
    """What becomes of the sound in a file of this kind (".mp4"), without any subtitles."""
    return Held(tuple((track, _sound_codec(track, kind)) for track in info.tracks))


def held_beside(info: MediaInfo, kind: str, language: str, *, replaces: bool) -> Held:
    """The same with subtitles, beside which a new track in `language` (a tag) is to stand, or
    in the place of those of this language; forced ones are another thing and stay."""
    code = three_letters(language)
    alike = tuple(
        track for track in info.subtitles if code and three_letters(track.language) == code
    )
    replaced = tuple(track for track in alike if replaces and not track.is_forced)
    wanted = [track for track in info.subtitles if track not in replaced]
    codecs = {track: _subtitle_codec(track, kind) for track in wanted}
    return Held(
        held(info, kind).sound,
        tuple((track, codec) for track, codec in codecs.items() if codec),
        tuple(track for track, codec in codecs.items() if not codec),
        tuple(track for track in alike if track not in replaced),
        replaced,
    )


def language_in(kind: str, tag: str) -> str:
    """How a track of such a file names this language; empty where it cannot."""
    return in_quicktime(tag) if kind == ".mov" else three_letters(tag)


def told_of_sound(tracks: Held, kind: str) -> list[str]:
    """Sentences about sound that is written in another codec, and why."""
    new = _WRITTEN.get(kind, _WRITTEN_ELSEWHERE).removeprefix("lib")
    new = new.upper() if new == _WRITTEN_ELSEWHERE else new.title()
    reasons: dict[str, dict[str, None]] = {}
    for track, codec in tracks.sound:
        if codec != "copy":
            is_scarce = track.codec in _SCARCE.get(kind, ())
            why = f"not every player has it in {kind}" if is_scarce else ""
            why = why or f"{kind} does not hold it as it is"
            reasons.setdefault(why, {})[track.codec] = None
    return [
        f"The sound ({', '.join(names)}) becomes {new}, since {why}."
        for why, names in reasons.items()
    ]


def told_of_subtitles(tracks: Held, kind: str, *, replaces: bool) -> list[str]:
    """Sentences about the subtitle tracks that were there."""
    said = []
    if tracks.unheld:
        named = _named(tracks.unheld)
        said.append(f"Subtitle tracks that {kind} cannot hold are left out: {named}.")
    plain = [track for track, codec in tracks.subtitles if codec in _PLAIN]
    if plain:
        said.append(f"Tracks that keep no colours and places in {kind}: {_named(plain)}.")
    if tracks.replaced:
        said.append(f"The new track stands in the place of {_named(tracks.replaced)}.")
    elif replaces:
        said.append("No track in this language is there to be replaced.")
    if staying := [track for track in tracks.alike if track not in tracks.unheld]:
        said.append(f"In the same language a track is there and stays: {_named(staying)}.")
    return said


def told_of_covered(info: MediaInfo) -> str:
    """A sentence about tracks that would lie over subtitles in the pictures; or nothing."""
    if not info.subtitles:
        return ""
    named = _named(info.subtitles)
    return f"Left out, so that they do not lie over the new subtitles: the tracks {named}."


def timecode_in(kind: str, info: MediaInfo) -> str:
    """The timecode as such a file holds it: with ":" at rates that drop no numbers; empty where
    it has no place for it."""
    if kind in _WITHOUT_TIMECODE:
        return ""
    if kind not in _COUNTED or not info.timecode:
        return info.timecode
    fps = info.video.fps if info.video else 0.0
    nominal = round(fps)
    if int(info.timecode[-2:]) >= nominal:
        return ""
    if nominal in _DROPPING and fps < nominal * 0.9995:
        return info.timecode
    return f"{info.timecode[:-3]}:{info.timecode[-2:]}"


def told_of_timecode(info: MediaInfo, kind: str) -> str:
    """A sentence about a timecode that is not kept as it is; or nothing."""
    written = timecode_in(kind, info)
    if written == info.timecode:
        return ""
    if not written:
        return f"{kind} has no place for the timecode ({info.timecode})."
    return (
        f"The timecode ({info.timecode}) is written as {written}, "
        "since this rate of pictures has no drop frames."
    )


def _named(tracks: tuple[SubtitleTrack, ...] | list[SubtitleTrack]) -> str:
    """As in "deu (subrip, “Commentary”)"."""
    shown = []
    for track in tracks:
        title = "".join(filter(str.isprintable, track.title))[:_LONGEST_TITLE]
        facts = [track.codec or "of an unknown kind", *([f"“{title}”"] if title else [])]
        facts += ["forced"] if track.is_forced else []
        shown.append(f"{three_letters(track.language) or 'und'} ({', '.join(facts)})")
    return ", ".join(shown)


def _sound_codec(track: AudioTrack, kind: str) -> str:
    is_held = track.codec in _SOUND.get(kind, ())
    if kind == ".mov" and track.codec.startswith(_PCM):
        is_held = track.codec not in _DISC_PCM
    if kind == ".mkv":
        is_held = track.codec not in _NOT_IN_MATROSKA
    return "copy" if is_held else _WRITTEN.get(kind, _WRITTEN_ELSEWHERE)


def _subtitle_codec(track: SubtitleTrack, kind: str) -> str:
    """What a track that is there is written in; empty where this kind of file cannot hold it."""
    if track.codec in _HELD.get(kind, ()):
        return "copy"
    return TRACKS.get(kind, "") if track.codec in _TEXTS else ""
