import pytest

from discuss.base.errors import TooFast


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (1, "1 second"),
        (40, "40 seconds"),
        (120, "120 seconds"),
        (121, "3 minutes"),
        (3600, "60 minutes"),
    ],
)
def test_a_wait_is_told_in_seconds_or_minutes_and_never_too_short(app, seconds, words):
    refusal = TooFast(retry_after=seconds)

    assert str(refusal.title) == f"Please wait {words}"
    assert refusal.message.endswith(f"Post again in {words}.")
    assert refusal.headers == {"Retry-After": str(seconds)}
