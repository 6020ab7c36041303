"""Every figure of the shelf by its code, each with the rows behind it."""

from reporting.figures import clocks, ledger, redress, satisfaction, supervision, volumes
from reporting.figures.figure import Figure, Rate, Source, Span

FIGURES: dict[str, Figure] = {
    figure.code: figure
    for shelf in (volumes, ledger, clocks, supervision, redress, satisfaction)
    for figure in shelf.FIGURES
}
RATES: dict[str, Rate] = {
    rate.code: rate for shelf in (volumes, ledger, clocks, satisfaction) for rate in shelf.RATES
}

__all__ = ["FIGURES", "RATES", "Figure", "Rate", "Source", "Span"]
