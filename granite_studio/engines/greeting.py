"""What a remote server says of itself: whether it answers, and which models it serves."""

from __future__ import annotations

import asyncio

from granite_studio.core.cancel import Cancelled, CancelToken
from granite_studio.core.errors import EngineError
from granite_studio.engines import address, keys
from granite_studio.engines.server import Patience, Refused, Server

_PATIENCE = Patience(quiet_s=20.0, total_s=30.0, tries=1)
"""Somebody waits for the answer."""
_STEP_S = 0.1
_MOST = 50


def served(server: str, cancel: CancelToken) -> tuple[str, ...]:
    """The names of the models that the server at this address lists; nothing else is sent to it
    than the key that is kept for it.

    Raises `EngineError` in a sentence if it cannot be asked, and `Cancelled`.
    """
    where = address.normal(server)
    return asyncio.run(_ask(Server(where, keys.find(where), _PATIENCE, connections=1), cancel))


async def _ask(server: Server, cancel: CancelToken) -> tuple[str, ...]:
    async with server:
        asked = asyncio.ensure_future(server.ask("/v1/models"))
        while not (await asyncio.wait([asked], timeout=_STEP_S))[0]:
            if cancel.is_cancelled:
                asked.cancel()
                raise Cancelled
        try:
            listed = (await asked).get("data")
        except Refused as refusal:
            raise EngineError(
                f"The server answers, but does not say which models it has (status "
                f"{refusal.status}); check its address."
            ) from None
    rows = listed if isinstance(listed, list) else []
    names = [row.get("id") for row in rows[:_MOST] if isinstance(row, dict)]
    fine = [name for name in names if isinstance(name, str) and 0 < len(name) <= 200]
    return tuple(server.clean(name) for name in fine if name.isprintable())
