"""The lifecycle as a picture and as a table, both read from the graph itself, so that the documents cannot lag behind.

Only places are written down by hand (`places`); a state or a move without one is refused, never left out.
"""

from complaints.resolution.drawing.graph import Arrow, NotPlaced, arrows
from complaints.resolution.drawing.picture import picture
from complaints.resolution.drawing.table import table, with_table

__all__ = ["Arrow", "NotPlaced", "arrows", "picture", "table", "with_table"]
