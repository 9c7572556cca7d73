"""Keys of remote servers: in the keyring of the operating system, and nowhere else.

Where there is no keyring, one key may be given in the environment. A key is never written to a
file, and no message names it.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from granite_studio.core.errors import EngineError
from granite_studio.engines import address

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

VARIABLE = "GRANITE_STUDIO_KEY"

_SERVICE = "Granite Studio"
_LONGEST = 4096

log = logging.getLogger(__name__)


def store(server: str, key: str) -> None:
    """Keep the key of this server in the keyring, in place of an earlier one.

    Raises `EngineError` for what is no address or no key, and where there is no keyring.
    """
    where_kept = address.normal(server)
    _check(key)
    keyring = _keyring()
    if keyring is None:
        raise EngineError(f"{_NONE} Nothing was kept.")
    with _telling_no_secrets():
        keyring.set_password(_SERVICE, where_kept, key)


def find(server: str) -> str:
    """The key of this server, or nothing where none was given.

    Raises `EngineError` where the keyring does not open, or what it holds is no key.
    """
    where_kept = address.normal(server)
    keyring = _keyring()
    if keyring is None:
        key = os.environ.get(VARIABLE, "")
    else:
        with _telling_no_secrets():
            key = keyring.get_password(_SERVICE, where_kept) or ""
    if key:
        _check(key)
    return key


def forget(server: str) -> None:
    """Take the key of this server out of the keyring. Raises `EngineError` if there is none."""
    where_kept = address.normal(server)
    keyring = _keyring()
    if keyring is None:
        raise EngineError(f"{_NONE} There is nothing to forget.")
    with _telling_no_secrets():
        held = keyring.get_password(_SERVICE, where_kept) is not None
        if held:
            keyring.delete_password(_SERVICE, where_kept)
    if not held:
        raise EngineError(f"No key is kept for {where_kept}.")


def where() -> str:
    """Where keys are kept on this computer, in words."""
    keyring = _keyring()
    return _NONE if keyring is None else f"Keys are kept in {keyring.name}."


_NONE = (
    "This computer has no keyring that the program could use; give the key in the environment "
    f"variable {VARIABLE} when you start it."
)


def _keyring() -> KeyringBackend | None:
    """The computer's keyring; None if there is none, or only one that writes plain files.

    Backends that protect nothing rate themselves below 1, which is keyring's own line.
    """
    import keyring
    from keyring.backends.chainer import ChainerBackend

    try:
        chosen = keyring.get_keyring()
        candidates = chosen.backends if isinstance(chosen, ChainerBackend) else [chosen]
        return next((backend for backend in candidates if backend.priority >= 1), None)
    except Exception as error:  # noqa: BLE001 - a broken backend is as good as none
        log.warning("the keyring could not be looked at: %s", type(error).__name__)
        return None


@contextmanager
def _telling_no_secrets() -> Iterator[None]:
    """What a backend raises, told by its kind alone: its words may hold what it was given."""
    try:
        yield
    except Exception as error:  # noqa: BLE001 - backends raise whatever their libraries do
        kind = type(error).__name__
        raise EngineError(
            f"The keyring did not do it ({kind}); unlock it and try again."
        ) from None


def _check(key: str) -> None:
    if not key or len(key) > _LONGEST or not key.isascii() or not key.isprintable() or " " in key:
        raise EngineError(
            "This cannot be a key: a key is one line of plain letters, digits and signs, without "
            "blanks."
        )
