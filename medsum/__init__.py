"""Doctor-patient dialogues to note-ready summaries.

Models and data are read from local folders and nothing is reported anywhere: the libraries are told so here,
before any of them is imported. Only a fetch stage uses the network.
"""

import os

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")  # its threads would add to runtime.threads
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # spinning threads slow two runs at once tenfold
