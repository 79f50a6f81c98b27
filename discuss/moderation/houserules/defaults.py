"""The house rules that a new site comes with, one for each reason for a removal."""

from flask_babel import lazy_gettext as _

from discuss.comments.models import Reason

DEFAULTS = (
    (
        Reason.ATTACK,
        _("Personal attack"),
        _(
            "Argue with what somebody wrote, not with who they are. Insults, mockery and contempt "
            "for a group of people are removed."
        ),
    ),
    (
        Reason.OFF_SUBJECT,
        _("Off the subject"),
        _("Keep to the letter and to what it is about. Advertising belongs elsewhere."),
    ),
    (
        Reason.PRIVATE,
        _("Private information"),
        _(
            "No addresses, telephone numbers, health matters or other private things, about others "
            "or by mistake about yourself."
        ),
    ),
    (
        Reason.ILLEGAL,
        _("Illegal or threatening"),
        _("Nothing that breaks the law, threatens anybody, or calls for violence."),
    ),
    (
        Reason.OTHER,
        _("Other"),
        _(
            "Rarely something else makes a discussion impossible, such as posing as another "
            "person. Then the moderator writes down what it was."
        ),
    ),
    (
        Reason.SPAM,
        _("Spam"),
        _(
            "The same words over and over, links that sell, and whatever a machine posts on its "
            "own."
        ),
    ),
)
