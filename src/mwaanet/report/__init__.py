"""Pure renderers, one per format."""
