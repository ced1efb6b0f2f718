"""Keep huggingface_hub off the network: code that imports this module reads models from local folders only."""

import os

os.environ.setdefault("HF_HUB_OFFLINE", "1")  # set before a library can ask the hub about a local folder

LOCAL = {"local_files_only": True, "trust_remote_code": False}  # otherwise Python code in the folder could run
