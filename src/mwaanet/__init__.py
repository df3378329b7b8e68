"""mwaanet: network connectivity diagnostics for Amazon MWAA."""
