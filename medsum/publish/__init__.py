"""Publishing an adapter; huggingface_hub reads these two when it is first imported."""

import os

os.environ.setdefault("HF_HUB_DISABLE_XET", "1")  # plain HTTPS: what proxies let through
os.environ.setdefault("HF_HUB_VERBOSITY", "error")  # the progress bar and one sentence say enough
