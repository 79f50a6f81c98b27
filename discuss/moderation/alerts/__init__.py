"""What tells moderators that something waits: a feed, links that decide once, a webhook."""
