"""Compares a service's counts of calls, `CODE COUNT` a line, before and after a load of N calls."""

import sys


def counts(text):
    return {code: int(count) for code, count in map(str.split, text.splitlines())}


before, after, calls = counts(sys.argv[1]), counts(sys.argv[2]), int(sys.argv[3])
ended = {code: after[code] - before.get(code, 0) for code in after}
ended = {code: count for code, count in ended.items() if count}
if ended != {"OK": calls}:
    sys.exit(f"the service counted {ended}, not {calls} of OK")
