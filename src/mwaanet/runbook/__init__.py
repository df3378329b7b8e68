"""The incident runbook of one environment: from symptom to path, and for each path what to check, step by step."""
