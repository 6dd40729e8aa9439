"""The facts of one person: a folder of YAML and evidence, or the same values made elsewhere."""

from declarant.register.facts import Facts
from declarant.register.loading import load_register
from declarant.register.plausibility import plausibility_of

__all__ = ["Facts", "load_register", "plausibility_of"]
