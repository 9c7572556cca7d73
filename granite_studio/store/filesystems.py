"""What kind of file system a path lies on, where the system tells."""

from __future__ import annotations

import os
import sys
from pathlib import Path

_NETWORK = frozenset(
    [
        "9p",
        "afs",
        "ceph",
        "cifs",
        "coda",
        "davfs",
        "fuse.davfs",
        "fuse.glusterfs",
        "fuse.rclone",
        "fuse.s3fs",
        "fuse.sshfs",
        "gfs2",
        "glusterfs",
        "lustre",
        "ncpfs",
        "nfs",
        "nfs4",
        "smb3",
        "smbfs",
        "vboxsf",
        "virtiofs",
    ]
)
_MOUNTS = Path("/proc/self/mountinfo")


def is_network(path: Path) -> bool:
    """Whether other machines may see this file, so that memory shared by mapping it may lie."""
    if os.name == "nt":
        return _is_windows_share(path)
    try:
        return kind_of(path, _MOUNTS.read_text("utf-8", "surrogateescape")) in _NETWORK
    except OSError:
        return False  # no such list on this system; SQLite still refuses WAL where it must


def kind_of(path: Path, mounts: str) -> str:
    """The file system type of this absolute path, by the text of a Linux mountinfo file."""
    best, kind = -1, ""
    for line in mounts.splitlines():
        fields = line.split(" ")
        if "-" not in fields or len(fields) < 8:
            continue
        place = Path(fields[4].replace("\\040", " ").replace("\\011", "\t"))
        depth = len(place.parts)
        if depth >= best and path.is_relative_to(place):
            best, kind = depth, fields[fields.index("-") + 1]
    return kind


def _is_windows_share(path: Path) -> bool:
    if sys.platform != "win32":
        return False
    import ctypes

    if path.drive.startswith("\\\\"):
        return True
    remote = 4
    return bool(ctypes.windll.kernel32.GetDriveTypeW(f"{path.drive}\\") == remote)
