"""The check language: schema, loader, evaluator, findings."""
