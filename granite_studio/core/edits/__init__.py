"""Everything that can happen to a transcript: functions from one document to the next.

An edit that changes nothing returns the very same document; segments that it leaves alone stay the
same objects; ids are never given twice; wrong arguments are a ValueError.
"""

from granite_studio.core.edits.assigning import Assigned, assign_turns
from granite_studio.core.edits.cues import (
    alignment_of,
    hand_made,
    place_cue,
    retime_cue,
    retype_cue,
    settings_of,
    split_cue,
    split_retyped_cue,
)
from granite_studio.core.edits.emphasis import emphasize, has_emphasis, plain
from granite_studio.core.edits.heard import apply_heard, is_waiting
from granite_studio.core.edits.marks import (
    add_finding,
    add_highlight,
    add_note,
    add_untranscribed,
    change_note,
    fix_cue,
    fix_cues,
    label_highlight,
    release_cue,
    remove_highlight,
    remove_note,
    set_findings,
    set_language,
    set_media,
    set_untranscribed,
)
from granite_studio.core.edits.places import Place, find_word
from granite_studio.core.edits.relabelling import relabel
from granite_studio.core.edits.reviewing import (
    dismiss,
    stretch_to_hear,
    take_alternative,
    unanswered,
    words_at,
)
from granite_studio.core.edits.segments import merge, split
from granite_studio.core.edits.speakers import (
    add_speaker,
    assign_speaker,
    merge_speakers,
    move_boundary,
    rename_speaker,
    speaker_from,
)
from granite_studio.core.edits.superseding import supersede
from granite_studio.core.edits.text import (
    Clip,
    ClipPart,
    copy,
    delete,
    insert,
    paste,
    replace_text,
    retype,
)
from granite_studio.core.edits.times import (
    align_words,
    confirm,
    is_settled,
    retime_segment,
    retime_word,
)
from granite_studio.core.edits.translations import (
    add_translation,
    set_translation,
    set_translations,
)
from granite_studio.core.edits.turns import Turn

__all__ = [
    "Assigned",
    "Clip",
    "ClipPart",
    "Place",
    "Turn",
    "add_finding",
    "add_highlight",
    "add_note",
    "add_speaker",
    "add_translation",
    "add_untranscribed",
    "align_words",
    "alignment_of",
    "apply_heard",
    "assign_speaker",
    "assign_turns",
    "change_note",
    "confirm",
    "copy",
    "delete",
    "dismiss",
    "emphasize",
    "find_word",
    "fix_cue",
    "fix_cues",
    "hand_made",
    "has_emphasis",
    "insert",
    "is_settled",
    "is_waiting",
    "label_highlight",
    "merge",
    "merge_speakers",
    "move_boundary",
    "paste",
    "place_cue",
    "plain",
    "relabel",
    "release_cue",
    "remove_highlight",
    "remove_note",
    "rename_speaker",
    "replace_text",
    "retime_cue",
    "retime_segment",
    "retime_word",
    "retype",
    "retype_cue",
    "set_findings",
    "set_language",
    "set_media",
    "set_translation",
    "set_translations",
    "set_untranscribed",
    "settings_of",
    "speaker_from",
    "split",
    "split_cue",
    "split_retyped_cue",
    "stretch_to_hear",
    "supersede",
    "take_alternative",
    "unanswered",
    "words_at",
]
