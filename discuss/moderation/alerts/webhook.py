"""Telling one address of the operator's that something waits: signed, and by the job queue.

The address is a setting, so nobody who writes here can choose where the site sends to. What it is
told has no words of anybody's: the address of the queue, and how much waits there.
"""

import hashlib
import hmac
import json

from discuss.base import clock, jobs, later
from discuss.base.config import settings
from discuss.comments.models import HeldComment
from discuss.letters.queries import by_ids
from discuss.moderation import queries
from discuss.moderation.models import Report

SIGNATURE = "X-Discuss-Signature"


def held(comment: HeldComment) -> None:
    """Tell that a comment waits."""
    _enqueue("held", comment.letter_id)


def reported(report: Report) -> None:
    """Tell that a comment was reported."""
    _enqueue("reported", report.letter_id)


@jobs.task
def send(event: str, slug: str, at: str) -> None:
    """Send one alert; the queue sends it again, after growing pauses, until it is taken.

    :raises requests.RequestException: it was not taken.
    """
    if not settings().webhook_url:
        return
    waiting = queries.counts()
    body = json.dumps(
        {
            "event": event,
            "at": at,
            "letter": slug,
            "held": waiting.held,
            "reported": waiting.reported,
            "queue": f"{settings().site_url}/moderation",
        }
    ).encode()
    # The client of HTTP is nothing that readers' workers should hold.
    later.load("discuss.moderation.alerts.sending").send(
        settings().webhook_url or "",
        body,
        {"Content-Type": "application/json", SIGNATURE: signature(body)},
    )


def signature(body: bytes) -> str:
    """Return what proves that this site sent a body: HMAC-SHA256 (RFC 2104) under the secret."""
    secret = (settings().webhook_secret or "").encode()
    return f"sha256={hmac.new(secret, body, hashlib.sha256).hexdigest()}"


def _enqueue(event: str, letter_id: int) -> None:
    if settings().webhook_url:
        slug = by_ids({letter_id})[letter_id].slug
        jobs.enqueue(send, event, slug, clock.now().isoformat(timespec="seconds"))
