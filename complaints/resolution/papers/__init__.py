"""Letters and reports on paper: plain data in, the bytes of a PDF out, the same bytes for the same data."""

from complaints.resolution.papers.contents import PaperKind, as_of, data_of, letter_data
from complaints.resolution.papers.typesetting import as_pictures, canonical, typeset

__all__ = ["PaperKind", "as_of", "as_pictures", "canonical", "data_of", "letter_data", "typeset"]
