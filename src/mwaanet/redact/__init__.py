"""A snapshot that can be shown: names, accounts and public addresses replaced, network and verdicts the same."""
