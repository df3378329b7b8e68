"""What collection and probes need of IAM: grants derived from the table of operations, and the ways to write them."""
