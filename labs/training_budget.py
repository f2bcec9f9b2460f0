"""What a training run costs in memory, seconds and lost work."""

from __future__ import annotations

import math

#: Bytes that mixed-precision training with Adam keeps for each parameter: two for the parameter,
#: two for its slope, and four each for an exact copy and Adam's two averages.
PARAMETER, SLOPE, OPTIMISER = 2, 2, 12


def bytes_per_worker(parameters: float, workers: int, stage: int) -> float:
    """Return what each worker holds of a model's state.  Units: bytes.

    ``stage`` 0 copies all; 1 shares out the optimiser's part, 2 the slopes
    too, 3 everything. Activations come on top.
    Source: Rajbhandari et al. 2020 (ZeRO), Figure 1.
    """
    kept = 0.0
    for place, part in enumerate((OPTIMISER, SLOPE, PARAMETER)):
        kept += part / workers if place < stage else part
    return kept * parameters


def step_seconds(
    parameters: float, tokens: float, workers: int, peak: float, utilisation: float
) -> float:
    """Return how long one step takes: 6 FLOP a parameter and token, attention left out.

    ``peak`` is in FLOP/s for each worker; ``utilisation`` is the MFU, a share.
    """
    return 6 * parameters * tokens / (workers * peak * utilisation)


def utilisation(parameters: float, tokens: float, hours: float, peak: float) -> float:
    """Return the MFU of a whole run from its hours summed over all workers."""
    return 6 * parameters * tokens / (hours * 3600 * peak)


def interval(save: float, failure: float) -> float:
    """Return how long to train before saving again.  Units: seconds.

    ``save`` is how long saving stops the run, ``failure`` the mean time
    between failures.  Source: Young 1974.
    """
    return math.sqrt(2 * save * failure)


def lost(save: float, failure: float, every: float) -> float:
    """Return which share of the time saving and repeated work take, restarts left out."""
    return save / every + every / (2 * failure)


def bubble(stages: int, pieces: int) -> float:
    """Return the share of time that a pipeline's stages stand idle.

    Source: Huang et al. 2019 (GPipe), section 2.3.
    """
    return (stages - 1) / (pieces + stages - 1)
