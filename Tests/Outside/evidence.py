"""Verifies every signed decision in a grant's evidence, from the evidence alone, with another
library: `evidence.py FILE`. Prints whose decisions hold; fails if one does not, or none is there."""
import base64, hashlib, json, sys
from cryptography.hazmat.primitives.serialization import load_der_public_key

evidence = json.load(open(sys.argv[1]))
digest = base64.b64encode(hashlib.sha256(base64.b64decode(evidence["accessRequest"])).digest()).decode()
keys = {k["keyId"]: k for k in evidence["keys"]}
signed = [d for d in evidence["decisions"] if "signature" in d]
for decision in signed:
    signature, key = decision["signature"], keys[decision["signature"]["keyId"]]
    statement = base64.b64decode(signature["statement"])
    load_der_public_key(base64.b64decode(key["publicKey"])).verify(base64.b64decode(signature["signature"]), statement)
    said = json.loads(statement)
    assert (said["requestDigest"], said["verdict"], said["approver"]["id"]) == (
        digest, decision["verdict"], key["approver"]["id"]), "the statement is about something else"
print(", ".join(d["approver"]["id"] for d in signed) or sys.exit("no decision is signed"))
