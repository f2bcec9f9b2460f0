"""The projects that tests of the explainers build and edit, here with chains."""

from __future__ import annotations

from tests.explainers.conftest import start

__all__ = ["start"]
