"""What moderators have set comes along: rules, a pace, the house rules, and their undoing."""

import pytest
import sqlalchemy as sa

from discuss.accounts.models import Role
from discuss.base.db import db
from discuss.comments.models import Reason
from discuss.moderation import reports
from discuss.moderation.houserules import actions as houserules
from discuss.moderation.houserules.actions import Draft
from discuss.moderation.rules import actions as rules
from discuss.moderation.rules.models import Kind, Rule
from discuss.moderation.slowmode import actions as slowmode
from tests.make import Maker
from tests.plumbing.databases import KIND
from tests.transfer.backups import held_by
from tests.transfer.test_archive import portable


@pytest.fixture
def file(tmp_path):
    return tmp_path / "site.archive"


@pytest.fixture
def site(make, run, file, session):
    """A site whose moderators have set everything, exported: its letter."""
    letter, chief = make.letter(slug="much-said"), make.account("Chief", Role.ADMINISTRATOR)
    said = make.comment(letter)
    reports.report(letter, make.account(), said.number, Reason.SPAM)
    reports.dismiss(letter, chief, said.number)
    set_everything(letter, chief)
    session.commit()
    exported = run("transfer", "export", file)
    assert exported.exit_code == 0, exported.output
    return letter


def set_everything(letter, chief):
    rule = Rule(kind=Kind.WORDS, words="casino", letter_id=letter.id, is_on=True)
    rules.add(chief, rule)
    rules.change(chief, rule.id, {"words": "casino*"})
    slowmode.set_pace(letter, chief, 300, True)
    drafts = [Draft("Be kind", "To *all*.", tuple(Reason))]
    houserules.write(chief, drafts, houserules.last_decision())


@pytest.mark.parametrize(
    "kind", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]
)
def test_into_an_empty_site_it_comes_as_it_was(app, site, file, elsewhere, kind):
    new = elsewhere(kind)

    done = new.run("transfer", "import", "archive", file)

    assert done.exit_code == 0, done.output
    assert portable(new.rows()) == portable(held_by(app))
    assert len(new.rows()["decision_changes"]) == 4


def test_where_ids_are_taken_the_log_still_means_the_right_rule(site, file, elsewhere):
    new = elsewhere(KIND)
    with new.app.app_context():
        others = Maker()
        for _ in range(500):  # names that nobody at home has
            next(others.numbers)
        chief = others.account("Other", Role.ADMINISTRATOR)
        set_everything(others.letter(slug="theirs"), chief)
        set_everything(others.letter(slug="theirs-too"), chief)
        db.session.commit()

    done = new.run("transfer", "import", "archive", file)
    again = new.run("transfer", "import", "archive", file)

    assert (done.exit_code, again.exit_code) == (0, 0), done.output
    with new.app.app_context():
        found = db.session.scalars(sa.select(Rule).order_by(Rule.id)).all()
        abouts = [row.about for row in new.rows()["decisions"]]
        assert len(found) == 3
        assert abouts.count(f"rule {found[2].id}") == 2
        assert len(new.rows()["house_rules"]) == 1
        db.session.rollback()
