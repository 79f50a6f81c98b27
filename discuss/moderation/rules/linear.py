"""Patterns by RE2, whose time grows in proportion to the text; `matching` loads it when asked."""

from typing import Any

import re2
from flask_babel import gettext as _

from discuss.base.errors import Invalid

MEMORY = 4 << 20  # bytes that one rule's automaton may take before RE2 goes on without it


def compiled(pattern: str) -> Any:
    """Compile a pattern that tells capitals from small letters nowhere.

    :raises Invalid: it is none, or asks for what takes longer than linear time.
    """
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.never_capture = True
    options.max_mem = MEMORY
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        why = error.args[0] if error.args else ""
        why = why.decode(errors="replace") if isinstance(why, bytes) else str(why)
        raise Invalid(
            _("The pattern cannot be used: %(why)s. See the note below the field.", why=why)
        ) from error
