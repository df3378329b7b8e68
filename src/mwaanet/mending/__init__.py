"""From what stops packets to the changes that would let exactly these packets pass."""
