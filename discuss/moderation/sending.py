"""Sending to the operator's own address, with limits of time; loaded by the job that sends."""

from collections.abc import Mapping

import requests

from discuss.accounts.transport import SECONDS_A_CALL, BoundedAdapter


def send(url: str, body: bytes, headers: Mapping[str, str]) -> None:
    """Post a body.

    :param url: of the operator's choice.
    :raises requests.RequestException: it was not taken.
    """
    with requests.Session() as client:
        client.trust_env = False  # a proxy or a .netrc of the machine's is none of ours
        for scheme in ("https://", "http://"):
            client.mount(scheme, BoundedAdapter())
        answer = client.post(url, data=body, headers=headers, timeout=SECONDS_A_CALL)
    answer.raise_for_status()
