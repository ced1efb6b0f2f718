"""Write summaries, with torch or with CTranslate2."""

import medsum.core.offline  # noqa: F401  first, because libraries read the setting when they are imported
