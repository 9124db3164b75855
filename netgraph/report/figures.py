"""Modelled figures as people and programs get them: two significant digits, no exponent.

A model of failure rates knows no third digit. Computing, comparing and ranking use the full value;
only what is written or shown is rounded.
"""

from __future__ import annotations

import math
from typing import overload

_DIGITS = 2
MODELLED_DECIMALS = 3  # that the page keeps: of a minute, or of a fault
MODELLED = "modelled"  # the word that stands beside such figures in every table


@overload
def round_modelled(value: float) -> float: ...
@overload
def round_modelled(value: None) -> None: ...
def round_modelled(value: float | None) -> float | None:
    """Round to two significant digits; None, NaN and infinity stay what they are.

    >>> round_modelled(1234.5), round_modelled(0.0361), round_modelled(None)
    (1200.0, 0.036, None)
    """
    if value is None or value == 0 or not math.isfinite(value):
        return value
    return round(float(value), _DIGITS - 1 - math.floor(math.log10(abs(value))))


def plain_two_digits(value: float) -> str:
    """Write a finite figure with two significant digits, as a table has it.

    >>> plain_two_digits(1234.5), plain_two_digits(0.0361), plain_two_digits(-7.0)
    ('1200', '0.036', '-7')
    """
    return two_digits(value).replace(",", "")


def two_digits(value: float | None) -> str:
    """Show a figure with two significant digits; a dash for None and what is not finite.

    >>> two_digits(1234.5), two_digits(0.0361), two_digits(7), two_digits(None)
    ('1,200', '0.036', '7', '—')
    """
    if value is None or not math.isfinite(value):
        return "—"
    rounded = round_modelled(value)
    if rounded == 0:
        return "0"
    decimals = max(_DIGITS - 1 - math.floor(math.log10(abs(rounded))), 0)
    text = f"{rounded:,.{decimals}f}"
    return text.rstrip("0").rstrip(".") if decimals else text


def modelled_basis(*figures: float | None) -> str | None:
    """Return the word that tells where the figures of a row come from; None if it has none.

    >>> modelled_basis(None, 8.6), modelled_basis(None, math.nan)
    ('modelled', None)
    """
    return MODELLED if any(f is not None and not math.isnan(f) for f in figures) else None
