"""Write install.sh, INSTALL.md and PLATFORM for the receiver of the bundle.

PLATFORM names the Python version, the operating system and the processor that the bundle needs.
"""

import platform
import shutil
import sys
from pathlib import Path

from medsum.core.atomic import write_text

NAMES = ("INSTALL.md", "install.sh")
PLATFORM = "PLATFORM"  # version of Python, operating system and processor, in one line


def write(bundle: Path) -> None:
    """Write the three files."""
    for name in NAMES:
        shutil.copyfile(Path(__file__).parent / name, bundle / name)
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    write_text(bundle / PLATFORM, f"{version} {platform.system()} {platform.machine()}\n")
