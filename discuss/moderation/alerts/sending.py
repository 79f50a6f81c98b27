"""Sending to addresses of the operator's, with limits of time; loaded by the jobs that send."""

from collections.abc import Mapping

import requests

from discuss.accounts.transport import SECONDS_A_CALL, bounded_client


def send(
    url: str, data: bytes | Mapping[str, str], headers: Mapping[str, str] | None = None
) -> requests.Response:
    """Post a body, or the fields of a form, and return the answer.

    :param url: of the operator's choice.
    :raises requests.RequestException: it was not taken.
    """
    with bounded_client() as client:
        answer = client.post(url, data=data, headers=headers, timeout=SECONDS_A_CALL)
    answer.raise_for_status()
    return answer
