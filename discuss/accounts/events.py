"""What accounts tell the packages above; each signal's sender is the account."""

from blinker import Namespace

signals = Namespace()

account_renamed = signals.signal("account-renamed")
"""The name or the role shown beside comments changed: pages that show it are stale."""

account_gone = signals.signal("account-gone")
"""The account is being deleted for good; `keeps_words` says whether its comments stay, nameless."""
