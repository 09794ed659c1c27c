"""
The permission table, one file per app: every address under /desk/ × role × own and other branch → status.

``ROWS`` are closed addresses, ``OPEN`` those that need no sign-in.
"""

from permission_rows import (
    analyses,
    directory,
    ground,
    outlets,
    personal,
    publicmap,
    regions,
    returns,
    units,
    voices,
)

PARTS = (ground, personal, units, outlets, directory, regions, voices, analyses, returns, publicmap)
ROWS = {name: row for part in PARTS for name, row in part.ROWS.items()}
OPEN = {name for part in PARTS for name in part.OPEN}
