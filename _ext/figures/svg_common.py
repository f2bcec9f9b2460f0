"""What diagrams and charts have in common as drawings. Knows no Sphinx."""

from __future__ import annotations

from importlib import metadata

SVG = "http://www.w3.org/2000/svg"

# What draws measures with Arial's widths, so a font as wide as Arial has to draw the text.
FONTS = "Arial, 'Liberation Sans', Arimo, Helvetica, sans-serif"


def releases(*packages: str) -> str:
    """Return which releases of ``packages`` are installed, without loading them."""
    found = []
    for package in packages:
        try:
            found.append(f"{package} {metadata.version(package)}")
        except metadata.PackageNotFoundError:
            found.append(f"no {package}")
    return ", ".join(found)
