"""Changes that mend a finding: one typed record per kind, as commands, as code, and made on a snapshot."""
