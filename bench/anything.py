"""`python -m bench.anything`: ten thousand cases of whatever people may type (`board/tests/test_properties.py`).

Half an hour on two cores. Not a benchmark of speed: a hunt.
"""

import os
import subprocess
import sys

CASES = "10000"


def main() -> int:
    command = [sys.executable, "-m", "pytest", "board/tests/test_properties.py", "-n", "2", *sys.argv[1:]]
    return subprocess.run(command, env={"PROPERTY_CASES": CASES, **os.environ}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
