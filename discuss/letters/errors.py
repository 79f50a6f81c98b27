"""Refusals about letters."""

from flask_babel import lazy_gettext as _

from discuss.base.errors import Conflict, Gone, Invalid


class LetterWithdrawn(Gone):
    """The letter was taken down by its publisher."""

    title = _("This letter was taken down")
    default_message = _("Its publisher has withdrawn it, and its discussion with it.")


class SlugTaken(Conflict):
    """Another letter has this address."""

    title = _("Another letter has this address")


class NotPrintable(Invalid):
    """A letter lacks something that a reader needs, its headline for one."""
