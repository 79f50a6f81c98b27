"""Sending to the operator's own address, with limits of time; loaded by the job that sends."""

from collections.abc import Mapping

from discuss.accounts.transport import SECONDS_A_CALL, bounded_client


def send(url: str, body: bytes, headers: Mapping[str, str]) -> None:
    """Post a body.

    :param url: of the operator's choice.
    :raises requests.RequestException: it was not taken.
    """
    with bounded_client() as client:
        answer = client.post(url, data=body, headers=headers, timeout=SECONDS_A_CALL)
    answer.raise_for_status()
