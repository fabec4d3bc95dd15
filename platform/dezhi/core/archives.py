"""What reading a ZIP may raise, in one place: a backup, a plugin's file and a workbook are all somebody else's file."""

import zipfile
import zlib
from typing import Final

BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    UnicodeDecodeError,  # of a name
    KeyError,  # of a member that is not there
    RuntimeError,  # of a member under a password, and of a packing it does not know (NotImplementedError)
)
"""What `zipfile` says of a file that is none, was cut short, or was put together to hurt."""
