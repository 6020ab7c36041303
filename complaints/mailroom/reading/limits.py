"""How much we unpack. Beyond these a mail is refused before memory is spent on it, and kept as it came."""

from typing import Final

LARGEST_MAIL: Final = 35 * 1024 * 1024  # 25 MB of attachments, once they are written in base64
LONGEST_HEADERS: Final = 1024 * 1024
MOST_HEADERS: Final = 2_000  # one Received for every hop, and room to spare
MOST_HEADER_LINES: Final = 20_000
MOST_PARTS: Final = 1_000
DEEPEST: Final = 30
MOST_RULED_LINES: Final = 200_000  # that begin with two hyphens, as boundaries do
MOST_REFERENCES: Final = 2_000
LONGEST_ADDRESS_LIST: Final = 100_000  # of which two thousand recipients are looked at
LONGEST_TEXT: Final = 1024 * 1024  # bytes of one text; what is longer is kept as a file beside its beginning
