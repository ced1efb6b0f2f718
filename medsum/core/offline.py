"""Stop the library huggingface_hub from using the network. After this import, models come only from local folders."""

import os

# Without this setting, a library may send a request to the model hub even if the model is in a local folder.
os.environ.setdefault("HF_HUB_OFFLINE", "1")

LOCAL = {"local_files_only": True, "trust_remote_code": False}  # Python code in a model's folder must never be run
