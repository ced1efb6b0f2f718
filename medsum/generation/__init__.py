"""Write summaries, with torch or with CTranslate2."""

import medsum.core.offline  # noqa: F401  before a library reads the environment
