"""docs/permissions.md as data, and the people and things with which tests walk it.

An address in the table is the route's own; `World` knows what stands in its brackets, `FORMS` what
its form sends.
"""

import re
from functools import cached_property

from discuss.accounts import links
from discuss.accounts.models import Role
from discuss.comments.models import Reason
from discuss.moderation import actions, reports
from discuss.moderation.alerts import actions as alerts
from discuss.moderation.houserules import actions as houserules
from discuss.moderation.models import Decision
from discuss.moderation.muting import actions as mutes
from discuss.moderation.redaction import actions as redacting
from discuss.moderation.redress import appeals, notices
from discuss.moderation.rules import actions as rules
from discuss.moderation.rules.models import Kind, Rule
from discuss.moderation.sanctions import warnings
from tests.plumbing.services import REPO_ROOT

DOCUMENT = REPO_ROOT / "docs" / "permissions.md"
COLUMNS = (
    "anybody",
    "banned",
    "reader",
    "author",
    "moderator elsewhere",
    "moderator here",
    "moderator of all",
    "publisher",
    "administrator",
)
BODY = {"body": "Some words.", "parent": "0", "key": ""}
RULE = {"kind": "links", "letter": "{slug}", "number": "2", "trusted_after": "9"}
NOTED = {"reason": "spam", "note": "It sells something."}
ANSWER = {"upheld": "yes", "note": "It sells something."}
FORMS = {
    "/account/decisions/<int:decision_id>": {"words": "It was a quotation."},
    "/letters/<slug>/pace": {"pace": "60"},
    "/moderation/appeals/<int:appeal_id>/answer": ANSWER,
    "/moderation/claims": {"item": "{item}", "shown": "{item}"},
    "/moderation/decisions/undoing": {"decision": "{removal}"},
    "/moderation/house-rules": {
        "title-1": "Be kind",
        "words-1": "To everybody.",
        "seen": "{house_rules}",
        **{f"reason-{reason}": "1" for reason in Reason},
    },
    "/moderation/house-rules/undoing": {"decision": "{house_rules}"},
    "/moderation/notices/<int:notice_id>/answer": NOTED | ANSWER,
    "/moderation/rules": RULE,
    "/moderation/rules/<int:rule_id>": {"number": "3"},
    "/moderation/rules/<int:rule_id>/switch": {"on": "no"},
    "/moderation/rules/trial": RULE,
    "/moderation/selection": {"item": "{item}", "act": "spam", "note": ""},
    "/notice": {
        "place": "/letters/{slug}/comments/{number}",
        "explanation": "It threatens a family.",
        "anonymous": "yes",
        "faith": "yes",
    },
    "/letters/<slug>/comments": BODY,
    "/letters/<slug>/comments/<int:number>/text": {"body": "Other words."},
    "/letters/<slug>/comments/<int:number>/vote": {"value": "up"},
    "/letters/<slug>/comments/<int:number>/report": NOTED,
    "/letters/<slug>/comments/<int:number>/removal": NOTED,
    "/letters/<slug>/lock": {"locked": "yes"},
    "/letters/<slug>/comments/<int:number>/redaction": NOTED | {"body": "Less."},
    "/letters/<slug>/comments/<int:number>/branch-lock": {"locked": "yes"},
    "/moderation/held/<int:held_id>/refusal": NOTED,
    "/moderation/reports/dismissal": {"letter": "{slug}", "number": "{reported}"},
    "/moderation/accounts/<int:account_id>/ban": NOTED | {"length": "day"},
    "/moderation/accounts/<int:account_id>/warning": NOTED,
    "/moderation/accounts/<int:account_id>/sweep": NOTED | {"length": "none"},
    "/moderation-alerts/links/<signed>": {"act": "approve"},
    "/administration/accounts/<int:account_id>/role": {
        "role": "moderator",
        "where": "letters",
        "letter": "{slug}",
    },
    "/moderation/assistant": {"is_on": "yes", "threshold": "80", "may_hold": ""},
    "/account/name": {"name": "{new_name}"},
    "/api/v1/letters/<slug>/comments": {"body": "Some words."},
    "/api/v1/letters/<slug>/comments/<int:number>": {"body": "Other words.", "reason": "spam"},
}
"""What a form, or a call, sends beside its token."""
QUERIES = {
    "/data-deletion/status": "?code=unknown",
    "/moderation/rules/new": "?kind=links&letter={slug}",
}
NUMBERS = {
    "/letters/<slug>/comments/<int:number>/restoration": "gone",
    "/letters/<slug>/comments/<int:number>/before": "redacted",
    "/letters/<slug>/comments/<int:number>/why": "gone",
}
"""Which comment an address is about, where it is not the author's in the thread."""


def table():
    """Return the document's rows: method and address to a status for each column."""
    rows = re.findall(r"^\| (\w+) \| `([^`]+)` \| (.+) \|$", DOCUMENT.read_text(), re.M)
    return {(method, rule): cells.split(" | ") for method, rule, cells in rows}


class World:
    """What an address may be about; each thing is made when it is first wanted."""

    def __init__(self, make, letter, author, actor):
        self.make, self.letter, self.author, self.actor = make, letter, author, actor
        self.moderator = make.moderator()

    @cached_property
    def slug(self):
        return self.letter.slug

    @cached_property
    def number(self):
        return self.make.comment(self.letter, author=self.author).number

    @cached_property
    def gone(self):
        self.removal  # noqa: B018 - makes it
        return self._removed.number

    @cached_property
    def removal(self):
        self._removed = self.make.comment(self.letter, author=self.author)
        decision = actions.remove(self.letter, self.moderator, self._removed.number, Reason.SPAM)
        actions.session.commit()
        return decision.id

    @cached_property
    def reported(self):
        comment = self.make.comment(self.letter, author=self.author)
        reports.report(self.letter, self.make.account(), comment.number, Reason.SPAM)
        actions.session.commit()
        return comment.number

    @property
    def item(self):
        return f"comment-{self.letter.id}-{self.reported}"

    @cached_property
    def redacted(self):
        comment = self.make.comment(self.letter, author=self.author)
        redacting.redact(self.letter, self.moderator, comment.number, "Less.", Reason.PRIVATE)
        actions.session.commit()
        return comment.number

    @cached_property
    def held_id(self):
        return self.make.held(self.letter, self.author).id

    @cached_property
    def account_id(self):
        """Somebody with a comment, whom the author mutes."""
        account = self.make.account()
        self.make.comment(self.letter, author=account)
        mutes.mute(self.author, account.id)
        actions.session.commit()
        return account.id

    @cached_property
    def warning_id(self):
        warnings.warn(self.author, self.moderator, Reason.SPAM)
        actions.session.commit()
        return warnings.open_warnings(self.author)[-1].id

    @cached_property
    def feed_token(self):
        made = alerts.make_feed(self.moderator)
        actions.session.commit()
        return made

    @cached_property
    def signed(self):
        return alerts.sign(alerts.Matter(self.moderator.id, held_id=self.held_id))

    @cached_property
    def decision_id(self):
        return self.removal

    @cached_property
    def appeal_id(self):
        removal = actions.session.get_one(Decision, self.removal)
        asked = appeals.appeal(self.author, removal, "It was a quotation.")
        actions.session.commit()
        return asked.id

    @cached_property
    def reference(self):
        said = notices.Notification(self.letter, self.number, "It threatens a family.", "", "")
        made = notices.notify(said, self.author, "")
        actions.session.commit()
        return made

    @cached_property
    def notice_id(self):
        return notices.by_reference(self.reference).id

    @cached_property
    def rule_id(self):
        rule = Rule(kind=Kind.LINKS, letter_id=self.letter.id, number=2, words="", is_on=True)
        rules.add(self.moderator, rule)
        actions.session.commit()
        return rule.id

    @cached_property
    def house_rules(self):
        """The last decision about them."""
        publisher, title = self.make.account(role=Role.PUBLISHER), self.new_name
        made = houserules.write(
            publisher, [houserules.Draft(title, "")], houserules.last_decision()
        )
        actions.session.commit()
        return made.id

    @cached_property
    def identity_id(self):
        return self.author.identities[0].id

    @cached_property
    def name(self):
        made = links.make(self.make.account()).rsplit("/", 1)[-1]
        actions.session.commit()
        return made

    provider = "twitter"  # the first step to it asks nobody else's machine

    @cached_property
    def new_name(self):
        return f"Somebody {self.make.account().id}"

    def path(self, rule):
        def thing(found):
            wanted = NUMBERS.get(rule, found[1]) if found[1] == "number" else found[1]
            return str(getattr(self, wanted))

        return re.sub(r"<(?:\w+:)?(\w+)>", thing, rule) + self._filled(QUERIES.get(rule, ""))

    def fields(self, rule):
        return {name: self._filled(value) for name, value in FORMS.get(rule, {}).items()}

    def _filled(self, text):
        return re.sub(r"{(\w+)}", lambda found: str(getattr(self, found[1])), text)


def with_ways(settings):
    """Return a maker of settings: no pace, for one person asks much; two providers' buttons."""
    ways = {
        f"{provider}_client_{what}": "x"
        for provider in ("twitter", "facebook")
        for what in ("id", "secret")
    }
    return lambda **given: settings(pace=False, **ways, **given)
