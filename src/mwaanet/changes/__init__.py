"""What changed between two snapshots: reachability first, then the resources that explain it."""
