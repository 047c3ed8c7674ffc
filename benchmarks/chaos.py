"""`python -m benchmarks.chaos --minutes 10`: what tests/recovery/test_chaos.py does, for longer."""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.support.chaos import chaos


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.chaos", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10, help="how long to go on killing")
    parser.add_argument("--folder", type=Path, help="where to keep the logs; gone if left out")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="ventanilla-chaos-") as name:
        folder = options.folder or Path(name)
        folder.mkdir(parents=True, exist_ok=True)
        with chaos(folder, seconds=options.minutes * 60, say=print) as left:
            with left.connect() as database:
                faults = left.faults(database)
            print(f"kills                          {len(left.kills)}")
            print(f"requests promised              {len(left.promises.tickets)}")
            print(f"messages promised              {len(left.promises.messages)}")
            print(f"files promised                 {len(left.promises.files)}")
            print(f"letters                        {len(left.fleet.mail.letters())}")
            print(f"letters again, under their id  {left.doubled()}")
            print(f"calls of webhooks              {len(left.fleet.hooks.calls())}")
            print(f"calls again, under their id    {left.told_again()}")
            print(f"lost, doubled or never done    {len(faults)}")
    print("\n".join(faults))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
