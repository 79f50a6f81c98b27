"""What moderation sweeps now and then; each call is an action's, made in the background."""

from datetime import timedelta

from discuss.base import jobs
from discuss.moderation.queue import claims
from discuss.moderation.redress import notices


@jobs.periodic(every=timedelta(hours=6))
def forget_what_is_over() -> None:
    """Erase who sent notices that were answered long ago, and what nobody looks at any more."""
    notices.forget_senders()
    claims.forget_old()
