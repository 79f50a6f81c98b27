"""The sign-in providers on loopback, for the demo and the tests: they sign in any name at all.

One Flask app speaks as Google, X, Facebook, WordPress.com and a plain OpenID Connect issuer do.
"""

from discuss.accounts.demo import TITLES, standin_settings
from discuss.accounts.standins.app import create_standins
from discuss.accounts.standins.facebook import signed_request
from discuss.accounts.standins.misbehaviour import Misbehaviour
from discuss.accounts.standins.people import Person
from discuss.accounts.standins.server import running, serve
from discuss.accounts.standins.state import NotOnLoopback, Standins

__all__ = [
    "TITLES",
    "Misbehaviour",
    "NotOnLoopback",
    "Person",
    "Standins",
    "create_standins",
    "running",
    "serve",
    "signed_request",
    "standin_settings",
]
