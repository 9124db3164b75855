"""Set up .venv with pinned versions; needs nothing but Python 3.11 or newer.

Usage: python3 tools/bootstrap.py [EXTRA ...]
"""

import hashlib
import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
BIN = os.path.join(VENV, "Scripts" if os.name == "nt" else "bin")
PYTHON = os.path.join(BIN, "python.exe" if os.name == "nt" else "python")


def main(extras):
    """Create the environment and install netgraph into it, unless that is done already."""
    if sys.version_info < (3, 11):
        sys.exit(
            "netgraph needs Python 3.11 or newer; this is %d.%d. Install one, or name it: "
            "make PYTHON=python3.12 demo" % sys.version_info[:2]
        )
    stamp = os.path.join(VENV, "installed-" + "-".join(["core", *sorted(extras)]))
    wanted = _digest("pyproject.toml", "constraints.txt")
    if os.path.exists(stamp) and open(stamp).read() == wanted:
        return
    if not os.path.exists(PYTHON):
        _create()
    target = "." + ("[%s]" % ",".join(extras) if extras else "")
    print("Installing netgraph and its pinned dependencies into .venv ...", flush=True)
    _run(
        [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
         "--constraint", "constraints.txt", "--editable", target]
    )  # fmt: skip
    with open(stamp, "w") as file:
        file.write(wanted)


def _create():
    print("Creating .venv with Python %d.%d ..." % sys.version_info[:2], flush=True)
    try:
        import ensurepip  # noqa: F401 - only to see whether it is there
        import venv

        venv.create(VENV, with_pip=True)
    except (ImportError, subprocess.CalledProcessError):
        sys.exit(
            "This Python cannot make virtual environments. On Debian or Ubuntu: "
            "sudo apt-get install python3-venv; on Fedora it is part of python3."
        )


def _run(command):
    if subprocess.call(command, cwd=ROOT) != 0:
        sys.exit("The installation failed; the lines above say why.")


def _digest(*names):
    digest = hashlib.sha256()
    for name in names:
        with open(os.path.join(ROOT, name), "rb") as file:
            digest.update(file.read())
    return digest.hexdigest()


if __name__ == "__main__":
    main(sys.argv[1:])
