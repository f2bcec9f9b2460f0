"""The walks of ``vector_index_prerequisites`` over random vectors of 32 independent numbers."""

from __future__ import annotations

from labs.experiments.vector_index_prerequisites import (
    ASKED,
    NEAR,
    SIZES,
    THIN,
    WIDE,
    measured,
    small,
)
from labs.run import Experiment

EXPERIMENT = Experiment(
    title="Walks on links chosen in five ways, 32 independent numbers",
    run=lambda seed: measured("many", seed),
    check=lambda: small("many"),
    fixed={"size": SIZES, "asked": ASKED, "near": NEAR, "wide": WIDE, "thin": THIN},
    seeds=range(5),
)
