"""Plays a log, honest and not, against lockbox-witness: pymerkle for the tree and its proofs,
cryptography for the signatures, Python's own TLS and HTTP.
  witness.py HOME    HOME is what `lockboxctl dev init` made
Prints what was checked; fails with the first thing that does not hold."""
import base64, hashlib, http.client, json, os, random, ssl, subprocess, sys, time
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tlog import Key, Tree, consistency, need

home, origin = sys.argv[1], "log.outside.example/acme"
work = os.path.join(home, "outside-witness")
os.makedirs(work)
key = Ed25519PrivateKey.generate()
public = b"\x01" + key.public_key().public_bytes_raw()
key_id = hashlib.sha256(origin.encode() + b"\n" + public).digest()[:4]
b64 = lambda data: base64.b64encode(data).decode()
with open(f"{work}/logs.txt", "w") as file:
    file.write(f"{origin}+{key_id.hex()}+{b64(public)}\n")
command = ["lockbox-witness"]
for setting in (
        f"data_directory={work}/data", "witness.name=witness.outside.example/w1",
        f"witness.signing_key={work}/signing.key", f"witness.logs={work}/logs.txt",
        "https_listener.address=127.0.0.1:0", "metrics.address=127.0.0.1:0",
        f"https_listener.certificate={home}/certificates/witness.pem",
        f"https_listener.key={home}/certificates/witness.key", "log.format=json"):
    command += ["--set", setting]
made = subprocess.run(command + ["--make-key"], capture_output=True, text=True)
need(made.returncode == 0, f"--make-key: {made.stderr}")
witness = Key(made.stdout.strip())

def start(run):
    """The process, and a connection to it."""
    path = f"{work}/witness.{run}.log"
    process = subprocess.Popen(command, stderr=open(path, "w"))
    for _ in range(300):
        ready = [json.loads(line) for line in open(path) if '"ready"' in line]
        if ready: break
        need(process.poll() is None, f"lockbox-witness ended: {open(path).read()}")
        time.sleep(0.05)
    tls = ssl.create_default_context(cafile=f"{home}/ca/ca.pem")
    return process, http.client.HTTPSConnection(ready[0]["https_address"], context=tls)

def trees():
    entries = [os.urandom(20) for _ in range(600)]
    return Tree(entries), Tree(entries[:40] + [b"another"] + entries[41:])

honest, forked = trees()

def ask(connection, old, size, tree, proof=None):
    """Asks for a cosignature: the note's text, the status, and the answer."""
    text = f"{origin}\n{size}\n{b64(tree._get_root(0, size))}\n"
    line = f"\u2014 {origin} {b64(key_id + key.sign(text.encode()))}\n"
    if proof is None: proof = consistency(tree, old, size) if 0 < old < size else []
    body = f"old {old}\n" + "".join(b64(hash) + "\n" for hash in proof) + "\n" + text + "\n" + line
    connection.request("POST", "/add-checkpoint", body.encode())
    answer = connection.getresponse()
    return text, answer.status, answer.read().decode(), answer.headers["content-type"]

process, connection = start(0)
last, cosigned, refused = 0, 0, 0
for size in sorted(random.sample(range(50, 590), 100)):
    text, status, answer, _ = ask(connection, last, size, honest)
    need(status == 200, f"{last} to {size}: {status} {answer}")
    signed, moment = witness.verify(text + "\n" + answer)
    need(signed == text and abs(moment - time.time()) < 60, "what the cosignature says")
    cosigned, last = cosigned + 1, size
    if cosigned == 50:
        process.kill()
        process.wait()
        process, connection = start(1)
for old, size, tree, proof, expected in (
        (0, last + 1, honest, None, 409), (last, last, forked, None, 422),
        (last, last + 1, forked, None, 422), (last, last + 1, honest, [os.urandom(32)], 422),
        (last, last + 1, honest, [], 422), (last, last - 1, honest, [], 400)):
    _, status, answer, kind = ask(connection, old, size, tree, proof)
    need(status == expected, f"{old} to {size}: {status}, not {expected}: {answer}")
    if status == 409:
        need((kind, answer) == ("text/x.tlog.size", f"{last}\n"), f"the answer {kind} {answer}")
    refused += 1
connection.request("GET", f"/{hashlib.sha256(origin.encode()).hexdigest()}/checkpoint")
note = connection.getresponse().read().decode()
need(witness.verify(note)[0].splitlines()[1] == str(last), "the checkpoint for monitors")
process.terminate()
need(process.wait() == 0, "lockbox-witness does not drain")
print(f"{cosigned} checkpoints cosigned over a kill -9, {refused} bad ones refused, all signatures verified")
