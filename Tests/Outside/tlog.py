"""Checks what our logs say with implementations that we did not write: pymerkle (RFC 6962 trees and
proofs) and cryptography (Ed25519).
  tlog.py vectors DIRECTORY       what `log-bench vectors` wrote
  tlog.py evidence FOLDER VKEY    an evidence folder of `lockboxctl audit export`
Prints what was checked; fails with the first thing that does not hold."""
import base64, hashlib, json, os, struct, sys
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pymerkle.core import BaseMerkleTree, _inclusion_path_layout
from pymerkle.proof import InclusionProof, InvalidProof

def need(holds, what):
    if not holds: sys.exit(f"tlog: {what}")

class Tree(BaseMerkleTree):
    """pymerkle over a list of leaves; its subtrees are hashed once each, or a million leaves would be
    hashed again for every proof."""
    def __init__(self, entries=()):
        super().__init__()
        self.leaves, self.known = [], {}
        for entry in entries: self.append_entry(entry)
    def _encode_entry(self, data): return data
    def _store_leaf(self, data, digest): self.leaves.append(digest); return len(self.leaves)
    def _get_leaf(self, index): return self.leaves[index - 1]
    def _get_leaves(self, offset, width): return self.leaves[offset:offset + width]
    def _get_size(self): return len(self.leaves)
    def _get_subroot(self, offset, width):
        if width == 1: return self.leaves[offset]
        if (offset, width) not in self.known:
            half = width // 2
            self.known[offset, width] = self.hash_pair(
                self._get_subroot(offset, half), self._get_subroot(offset + half, half))
        return self.known[offset, width]

def consistency(tree, old, new):
    """PROOF(m, D[n]) of RFC 6962, section 2.1.2, word for word, over pymerkle's hashes."""
    def subproof(m, start, end, known):
        if m == end - start: return [] if known else [tree._get_root(start, end)]
        k = 1 << ((end - start - 1).bit_length() - 1)
        if m <= k: return subproof(m, start, start + k, known) + [tree._get_root(start + k, end)]
        return subproof(m - k, start + k, end, False) + [tree._get_root(start, start + k)]
    return subproof(old, 0, new, True)

def included(leaf, index, size, root, proof):
    """Whether pymerkle takes our proof."""
    rule, _ = _inclusion_path_layout(index + 1, size)
    try: InclusionProof("sha256", True, size, index + 1, rule, [leaf] + proof).verify(
        leaf, root, index=index + 1, size=size, algorithm="sha256")
    except InvalidProof: return False
    return True

class Key:
    """A verifier key of C2SP signed-note."""
    def __init__(self, vkey):
        self.name, key_id, rest = vkey.split("+", 2)
        data = base64.b64decode(rest, validate=True)
        self.type, self.key = data[0], Ed25519PublicKey.from_public_bytes(data[1:])
        self.id = hashlib.sha256(self.name.encode() + b"\n" + data).digest()[:4]
        need(self.id.hex() == key_id, f"the key id of {vkey}")
    def signature(self, note):
        text, lines = note.rsplit("\n\n", 1)
        for line in lines.splitlines():
            dash, name, data = line.split(" ")
            data = base64.b64decode(data, validate=True)
            if (dash, name, data[:4]) == ("\u2014", self.name, self.id): return text + "\n", data[4:]
        sys.exit(f"tlog: no signature of {self.name}")
    def verify(self, note):
        """The text that the key signed; and for a witness, when."""
        text, data = self.signature(note)
        if self.type == 1: self.key.verify(data, text.encode()); return text, None
        time, signature = struct.unpack(">Q", data[:8])[0], data[8:]
        self.key.verify(signature, f"cosignature/v1\ntime {time}\n{text}".encode())
        return text, time

def checkpoint(note, key):
    text, _ = key.verify(note)
    origin, size, root = text.splitlines()
    need(origin == key.name, f"the origin {origin}")
    return int(size), base64.b64decode(root, validate=True)

def decoded(hashes): return [base64.b64decode(h, validate=True) for h in hashes]

def known_vectors():
    """pymerkle is RFC 6962 (the roots that Certificate Transparency's own tests know), and cryptography
    reads the example of signed-note."""
    entries = [bytes.fromhex(h) for h in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
        "606162636465666768696a6b6c6d6e6f")]
    roots = ["e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"]
    tree = Tree(entries)
    for size, root in enumerate(roots): need(tree.get_root(size).hex() == root, f"pymerkle, root {size}")
    need(base64.b64encode(Tree().get_root()) == b"47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", "empty root")
    Key("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k").verify(
        "This is an example message.\n\n\u2014 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2O"
        "NncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n")

def vectors(directory):
    known_vectors()
    said = json.load(open(f"{directory}/vectors.json"))
    key, witness = Key(said["vkey"]), Key(said["witness"])
    tree = Tree(b"entry %d" % n for n in range(1_000_000))
    roots = {}
    for size, note in said["checkpoints"].items():
        found, roots[found] = checkpoint(note, key)
        need(found == int(size) and tree.get_root(found) == roots[found], f"the checkpoint of size {size}")
        need(witness.verify(note)[1] == 1_790_000_000 + found, f"the cosignature of size {size}")
    for index, size, proof in said["inclusion"]:
        proof, leaf = decoded(proof), tree.get_leaf(index + 1)
        need(tree.prove_inclusion(index + 1, size).path[1:] == proof, f"the inclusion of {index} in {size}")
        need(included(leaf, index, size, roots[size], proof), f"the inclusion of {index} in {size}")
        need(not included(leaf[::-1], index, size, roots[size], proof), "another leaf is taken")
    for old, new, proof in said["consistency"]:
        need(consistency(tree, old, new) == decoded(proof), f"the consistency of {old} and {new}")
        tree.prove_consistency(old, new).verify(roots[old], roots[new], prior_size=old, later_size=new)
    count = tiles(directory, tree, checkpoint(open(f"{directory}/checkpoint").read(), key))
    print(f"pymerkle: {len(said['inclusion'])} inclusion and {len(said['consistency'])} consistency "
          f"proofs hold at sizes up to {max(roots)}, and {count} tiles and bundles of 70000 entries")
    print(f"cryptography: {len(roots)} checkpoints and as many cosignatures hold")

def tiles(directory, tree, newest):
    """C2SP tlog-tiles: what a client would fetch, and nothing else is there."""
    size, root = newest
    def path(prefix, n, width):
        digits = f"{n % 1000:03}"
        while n := n // 1000: digits = f"x{n % 1000:03}/" + digits
        return f"{directory}/tile/{prefix}/{digits}" + (f".p/{width}" if width < 256 else "")
    seen = set()
    for level in range(3):
        wide = size >> (8 * level)
        for n in range((wide + 255) // 256):
            width = min(256, wide - 256 * n)
            data = open(path(level, n, width), "rb").read()
            seen.add(path(level, n, width))
            span = 256 ** level
            need(data == b"".join(tree._get_root(i * span, (i + 1) * span)
                 for i in range(256 * n, 256 * n + width)), f"tile {level}/{n}")
    for n in range((size + 255) // 256):
        width = min(256, size - 256 * n)
        seen.add(path("entries", n, width))
        data = open(path("entries", n, width), "rb").read()
        for i in range(256 * n, 256 * n + width):
            length = struct.unpack(">H", data[:2])[0]
            need(data[2:2 + length] == b"entry %d" % i, f"entry {i} of its bundle")
            data = data[2 + length:]
        need(not data, f"bundle {n} ends")
    need(tree.get_root(size) == root, "the root of the tiles")
    there = {os.path.join(base, f) for base, _, files in os.walk(f"{directory}/tile") for f in files}
    need(there == seen, "the paths of tlog-tiles")
    need({f"{directory}/tile/{p}" for p in ("0/273.p/112", "1/001.p/17", "2/000.p/1")} <= there, "the example")
    return len(seen)

def evidence(folder, vkey):
    said = json.load(open(f"{folder}/evidence.json"))
    size, root = checkpoint(open(f"{folder}/checkpoint").read(), Key(vkey))
    lines = [json.loads(line) for line in open(f"{folder}/entries.jsonl")]
    first, end = said["firstEntry"], said["firstEntry"] + said["entryCount"]
    need([line["index"] for line in lines] == list(range(first, end)), "the indexes are not dense")
    ours = base64.b64decode(said["root"])
    if end == size: need(ours == root, "the range's root is not the checkpoint's")
    for line in lines:
        leaf = hashlib.sha256(b"\x00" + base64.b64decode(line["event"], validate=True)).digest()
        need(included(leaf, line["index"], end, ours, decoded(line["proof"])), f"entry {line['index']}")
    for line in open(f"{folder}/SHA256SUMS"):
        digest, name = line.split()
        need(hashlib.sha256(open(f"{folder}/{name}", "rb").read()).hexdigest() == digest, f"the digest of {name}")
    print(f"pymerkle, cryptography: {len(lines)} exported entries stand in the signed log of {size}")

if __name__ == "__main__":
    {"vectors": vectors, "evidence": evidence}[sys.argv[1]](*sys.argv[2:])
