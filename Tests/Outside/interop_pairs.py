"""Runs every interoperability case with every pair of client and server, and prints a table.

interop_pairs.py BINARIES CC_CLIENT WORK SOAK   called by Tests/Outside/interop, which prepares WORK.
"""
import contextlib
import os
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
BASIC = """empty_unary large_unary client_streaming server_streaming ping_pong empty_stream
custom_metadata status_code_and_message special_status_message unimplemented_method
unimplemented_service cancel_after_begin cancel_after_first_response
timeout_on_sleeping_server""".split()
COMPRESSED = """client_compressed_unary server_compressed_unary client_compressed_streaming
server_compressed_streaming""".split()
NEGATIVE = "goaway rst_after_header rst_during_data rst_after_data ping max_streams".split()
LIMIT = 120


class Pairs:
    def __init__(self, binaries, cc_client, work, soak):
        self.binaries = binaries
        self.cc_client = cc_client
        self.work = work
        self.soak = int(soak)
        self.results = {}
        self.failures = []

    def file(self, name):
        return os.path.join(self.work, name)

    def note(self, pair, case, problem=None):
        self.results[pair, case] = "FAIL" if problem else "pass"
        if problem:
            self.failures.append(f"{pair}, {case}: {problem}")

    # Servers

    @contextlib.contextmanager
    def serving(self, command, log):
        """A server that prints its port and ends with its input or SIGTERM; yields it and the port."""
        with open(self.file(log), "w") as errors:
            server = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True)
            try:
                line = server.stdout.readline()
                if not line.startswith("listening on 127.0.0.1:"):
                    raise SystemExit(f"interop: {command[0]} does not serve; see {log}")
                yield server, line.strip().rpartition(":")[2]
            finally:
                server.stdin.close()
                server.terminate()
                server.wait(LIMIT)

    def ours(self):
        return self.serving([
            os.path.join(self.binaries, "rpc-interop-server"), "--port", "0",
            "--cert", self.file("server.pem"), "--key", self.file("server.key"),
            "--client-ca", self.file("ca.pem"), "--allow", "spiffe://interop.example/client",
        ], "ours.log")

    def python(self, script, *arguments):
        return self.serving(
            [sys.executable, os.path.join(HERE, script), *arguments, self.file("ca.pem"),
             self.file("server.pem"), self.file("server.key")], script + ".log")

    # Clients

    def foreign_client(self, pair, command, port):
        """A client that runs every case and prints a line for each."""
        run = subprocess.run(
            [*command, f"127.0.0.1:{port}", self.file("ca.pem"), self.file("client.pem"),
             self.file("client.key")], capture_output=True, text=True, timeout=LIMIT)
        for line in run.stdout.splitlines():
            case, verdict, *problem = line.split(" ", 2)
            self.note(pair, case, None if verdict == "pass" else " ".join(problem) or line)
        for case in BASIC + COMPRESSED:
            if (pair, case) not in self.results:
                self.note(pair, case, f"did not run: {run.stderr[-500:]}")

    def our_client(self, pair, case, port, *more, name=None):
        """Our client, one case; what it said."""
        run = subprocess.run(
            [os.path.join(self.binaries, "rpc-interop-client"), "--host", "127.0.0.1",
             "--port", port, "--ca", self.file("ca.pem"), "--cert", self.file("client.pem"),
             "--key", self.file("client.key"), "--case", case, *more],
            capture_output=True, text=True, timeout=900)
        said = (run.stdout + run.stderr[-500:]).strip().partition(": ")[2]
        if run.returncode:
            self.note(pair, name or case, said or f"ended with {run.returncode}")
        else:
            self.note(pair, name or case)
        return said

    # Pairs

    def foreign_with_ours(self):
        with self.ours() as (_, port):
            self.foreign_client(
                "grpcio>ours", [sys.executable, os.path.join(HERE, "interop_client.py")], port)
            self.foreign_client("C++>ours", [self.cc_client], port)

    def ours_with_grpcio(self):
        pair = "ours>grpcio"
        with self.python("interop_server.py") as (_, port):
            for case in BASIC + COMPRESSED:
                self.our_client(pair, case, port)

    def ours_with_ours(self):
        with self.ours() as (server, port):
            for case in BASIC + COMPRESSED:
                self.our_client("ours>ours", case, port)
            few = str(max(10, self.soak // 100))
            small = ["--request-bytes", "1000", "--response-bytes", "1000", "--parallel", "8"]
            for case, more in (
                    ("rpc_soak", ["--calls", str(self.soak), *small]),
                    ("channel_soak", ["--calls", few, "--parallel", "2"]),
                    ("concurrent_large_unary", ["--calls", few])):
                said = self.our_client("ours>ours", case, port, *more)
                print(f"interop: {case}: {said}; server {resident(server.pid)} KiB", flush=True)

    def ours_with_misbehaving(self):
        for case in NEGATIVE:
            with self.python("misbehaving_server.py", case) as (server, port):
                said = self.our_client("ours>odd", case, port)
                server.stdin.close()
                verdict = server.stdout.read().strip()
                if server.wait(LIMIT):
                    self.note("ours>odd", case, f"{verdict}; the client: {said}")

    def table(self):
        pairs = ["grpcio>ours", "C++>ours", "ours>grpcio", "ours>ours", "ours>odd"]
        soaks = ["rpc_soak", "channel_soak", "concurrent_large_unary"]
        lines = [f"{'':28}" + "".join(f"{pair:>13}" for pair in pairs)]
        for case in BASIC + COMPRESSED + soaks + NEGATIVE:
            cells = (self.results.get((pair, case), "") for pair in pairs)
            lines.append(f"{case:28}" + "".join(f"{cell:>13}" for cell in cells))
        return "\n".join(lines)


def resident(pid):
    """Memory of a process, KiB (proc(5))."""
    with open(f"/proc/{pid}/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE") // 1024


def main(*arguments):
    began = time.monotonic()
    pairs = Pairs(*arguments)
    pairs.foreign_with_ours()
    pairs.ours_with_grpcio()
    pairs.ours_with_ours()
    pairs.ours_with_misbehaving()
    print(pairs.table())
    for failure in pairs.failures:
        print(f"interop: {failure}", file=sys.stderr)
    passed = sum(cell == "pass" for cell in pairs.results.values())
    print(f"interop: {passed} passed, {len(pairs.failures)} failed "
          f"in {time.monotonic() - began:.0f} s")
    return 1 if pairs.failures else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
