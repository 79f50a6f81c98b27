"""What Facebook calls when somebody removes this site there, and the page that says how far it is.

These calls carry no cookie and no Origin: the signature proves them (Facebook's signed_request).
"""

from typing import cast

import flask
from flask import Response, render_template, request

from discuss.accounts import leaving, oauth, queries
from discuss.accounts.errors import BadSignedRequest
from discuss.accounts.models import Identity
from discuss.accounts.providers import Profile
from discuss.accounts.providers.facebook import Facebook
from discuss.accounts.providers.profile import Unusable
from discuss.accounts.views import blueprint
from discuss.base.config import settings

KEY = Facebook.key
LONGEST_CODE = 64  # characters, as the page's field has


@blueprint.post("/auth/facebook/data-deletion")
def facebook_data_deletion() -> Response:
    """Delete what Facebook told us of somebody, and say under which code to ask about it."""
    identity = identity_here()
    code = leaving.let_go_of(identity) if identity else leaving.nothing_to_let_go()
    where = flask.url_for("accounts.deletion_status", code=code)
    return flask.jsonify(url=f"{settings().site_url}{where}", confirmation_code=code)


@blueprint.post("/auth/facebook/deauthorize")
def facebook_deauthorize() -> Response:
    """Sign out whoever came through Facebook and withdrew the permission there."""
    if (identity := identity_here()) is not None:
        leaving.end_sign_ins(identity)
    return Response(status=204)


@blueprint.get("/data-deletion/status")
def deletion_status() -> str:
    """Say how far a deletion is."""
    code = request.args.get("code", "").strip()[:LONGEST_CODE]
    return render_template(
        "base/pages/data_deletion.html", code=code, deletion=leaving.how_far(code)
    )


def identity_here() -> Identity | None:
    """Return whom the signed request is about, if they are known here.

    :raises BadSignedRequest: Facebook did not sign it.
    """
    facebook = cast(Facebook, oauth.service(KEY).provider)
    try:
        subject = facebook.subject_of(request.form.get("signed_request", ""))
    except Unusable as error:
        raise BadSignedRequest from error
    return queries.identity(Profile(KEY, oauth.lasting_issuer(KEY), subject, name=""))
