"""The variants of the demo: each is the healthy estate, broken as people really break it.

A variant is a function: its name is the variant's, its docstring the title and the story, its decorator says what
becomes of the paths, and it gives the changes and the culprits that a diagnosis has to name.
"""

from tools.demo_variants import api_steps, bucket, package_server, package_steps, services
from tools.demo_variants.recipe import recipes_of

from builder import Estate
from mwaanet.demo import Variant

__all__ = ["demo_variants"]

_IN_ORDER = (bucket, services, package_server, package_steps, api_steps)


def demo_variants(estate: Estate) -> dict[str, Variant]:
    """All variants, the healthy one first."""
    return {name: make(estate) for module in _IN_ORDER for name, make in recipes_of(module).items()}
