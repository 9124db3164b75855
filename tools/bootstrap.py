"""Set up .venv with pinned versions; needs nothing but Python 3.11 or newer.

Usage: python3 tools/bootstrap.py [EXTRA ...]
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
INPUTS = ("pyproject.toml", "constraints.txt")


def main(extras: "list[str]") -> None:  # quoted: an older Python must get as far as the message
    """Create the environment and install netgraph into it, unless that is done already."""
    if sys.version_info < (3, 11):  # noqa: UP036 - this script says so to an older Python
        found = f"{sys.version_info[0]}.{sys.version_info[1]}"
        sys.exit(
            f"netgraph needs Python 3.11 or newer; this is {found}. Install one, or name it: "
            "make PYTHON=python3.12 demo"
        )
    stamp = VENV / "-".join(["installed", "core", *sorted(extras)])
    digest = hashlib.sha256(b"".join((ROOT / name).read_bytes() for name in INPUTS)).hexdigest()
    if stamp.exists() and stamp.read_text() == digest:
        return
    if not PYTHON.exists():
        create()
    target = ".[" + ",".join(extras) + "]" if extras else "."
    print(
        "Installing netgraph and its pinned dependencies into .venv: some 280 MB the first time, "
        "one to three minutes ...",
        flush=True,
    )
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    done = subprocess.run([*pip, "-c", "constraints.txt", "-e", target], cwd=ROOT, check=False)
    if done.returncode != 0:
        sys.exit("The installation failed; the lines above say why.")
    stamp.write_text(digest)


def create() -> None:
    """Make the virtual environment, or say which package brings what is missing."""
    print(f"Creating .venv with Python {sys.version.split()[0]} ...", flush=True)
    try:
        import ensurepip  # noqa: F401 - only to see whether it is there
        import venv

        venv.create(VENV, with_pip=True)
    except KeyboardInterrupt:
        shutil.rmtree(VENV, ignore_errors=True)  # half an environment would be taken for a whole
        sys.exit("Stopped.")
    except (ImportError, subprocess.CalledProcessError):
        shutil.rmtree(VENV, ignore_errors=True)
        sys.exit(
            "This Python cannot make virtual environments. On Debian or Ubuntu install the "
            "package python3-venv (sudo apt-get install python3-venv) and try again."
        )


if __name__ == "__main__":
    main(sys.argv[1:])
