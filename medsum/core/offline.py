"""Keep the hub's library off the network: whatever imports this reads models from local folders only."""

import os

os.environ.setdefault("HF_HUB_OFFLINE", "1")  # before a library could ask the hub about a local folder

LOCAL = {"local_files_only": True, "trust_remote_code": False}  # else a folder's own Python could run
