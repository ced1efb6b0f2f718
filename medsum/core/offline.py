"""Stop huggingface_hub from using the network. Code that imports this module reads models only from local folders."""

import os

os.environ.setdefault("HF_HUB_OFFLINE", "1")  # otherwise a library may ask the hub about a local folder

LOCAL = {"local_files_only": True, "trust_remote_code": False}  # Python code in the folder must never run
