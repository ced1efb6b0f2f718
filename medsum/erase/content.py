"""Read the text of any file so that it can be searched. Compressed files are unpacked.

The compressed formats are zip (with docx, xlsx and npz), gzip, bzip2, xz, zlib (loose objects of Git) and parquet. In
other binary files, only runs of printable ASCII characters count as text.
"""

import bz2
import gzip
import io
import json
import lzma
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from medsum.core.errors import UserError
from medsum.corpus.decoding import decoded
from medsum.corpus.documents import DAMAGED
from medsum.corpus.tables import values_of

PIECE_BYTES = 32 * 2**20  # a larger file is read in pieces to save memory
OVERLAP_BYTES = 4096  # pieces overlap by more than the words that are searched together (WINDOW in traces.py)
DEPTH = 3  # an archive in an archive in an archive is unpacked; archives inside the third archive are not unpacked
_RUN = re.compile(rb"[\t\n\r\x20-\x7e]{16,}")
_UNPACKERS = {b"\x1f\x8b": gzip.decompress, b"BZh": bz2.decompress, b"\xfd7zXZ": lzma.decompress}
_ZLIB = (b"\x78\x01", b"\x78\x9c", b"\x78\xda")
_PACKED = (b"PK\x03\x04", b"PAR1", *_UNPACKERS, *_ZLIB)


def texts_of(path: Path) -> Iterator[str]:
    """Yield the texts of a file. Yield nothing if it is not a readable file."""
    try:
        with path.open("rb") as file:
            content = file.read(PIECE_BYTES)
            if content.startswith(_PACKED):
                yield from texts_in(content + file.read())
                return
            yield from _plain(content)
            while piece := file.read(PIECE_BYTES):
                content = content[-OVERLAP_BYTES:] + piece
                yield from _plain(content)
    except OSError:
        return


def texts_in(content: bytes, depth: int = 0) -> Iterator[str]:
    """Yield the texts in the content of a file. Unpack the content first if it is compressed."""
    if depth < DEPTH:
        try:
            for part in _unpacked(content):
                yield from texts_in(part, depth + 1)
        except (lzma.LZMAError, *DAMAGED):
            pass  # the file is damaged or encrypted, or it only looks compressed; its bytes are searched instead
    yield from _plain(content)


def _unpacked(content: bytes) -> Iterator[bytes]:
    if content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                yield archive.read(name)
    elif content.startswith(b"PAR1"):
        import pyarrow
        import pyarrow.parquet

        try:
            rows = values_of(pyarrow.parquet.read_table(io.BytesIO(content)))
        except pyarrow.ArrowException:
            return
        yield "\n".join(json.dumps(row, ensure_ascii=False, default=str) for row in rows).encode()
    elif content.startswith(_ZLIB):
        yield zlib.decompress(content)
    else:
        for start, unpack in _UNPACKERS.items():
            if content.startswith(start):
                yield unpack(content)


def _plain(content: bytes) -> Iterator[str]:
    if b"\0" not in content:
        yield content.decode("utf-8", "replace")
        return
    try:
        yield decoded(content)[0]  # UTF-16 or UTF-32
    except UserError:
        yield from (run.decode("ascii") for run in _RUN.findall(content))
