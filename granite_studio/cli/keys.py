"""Commands about the keys of remote servers."""

from __future__ import annotations

import argparse
import getpass
import sys

from granite_studio.core.errors import EngineError
from granite_studio.engines import address, keys


def arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(metavar="set|forget", required=True)
    keep = "ask for the key of this server, or read it from standard input, and keep it"
    setting = actions.add_parser("set", help=keep, description=f"{keep.capitalize()}.")
    setting.set_defaults(work=_set)
    drop = "take the key of this server out of the keyring"
    forgetting = actions.add_parser("forget", help=drop, description=f"{drop.capitalize()}.")
    forgetting.set_defaults(work=_forget)
    for action in (setting, forgetting):
        action.add_argument("server", metavar="SERVER", help="its address, such as https://host")


def _set(options: argparse.Namespace) -> int:
    server = address.normal(options.server)
    keys.store(server, _key(server))
    print(f"The key for {server} is kept. {keys.where()}")
    return 0


def _forget(options: argparse.Namespace) -> int:
    server = address.normal(options.server)
    keys.forget(server)
    print(f"The key for {server} is forgotten.")
    return 0


def _key(server: str) -> str:
    """Never from the command line, which every other program on the computer can read."""
    if sys.stdin.isatty():
        return getpass.getpass(f"Key for {server} (not shown): ").strip()
    key = sys.stdin.readline().strip()
    if not key:
        raise EngineError("No key came; type it when asked, or give it on standard input.")
    return key
