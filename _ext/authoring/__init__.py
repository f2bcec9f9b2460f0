"""What helps contributors and is no part of a build: ``make new`` and ``make reference``.

It knows how this repository is laid out, which ``explainers`` must not.
"""
