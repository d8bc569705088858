"""Writes a gRPC message to standard output, length-prefixed: empty, or with one string as field 1."""

import struct
import sys

message = b""
for text in sys.argv[1:2]:
    assert len(text) < 128, "a length of one byte"
    message = bytes([0x0A, len(text)]) + text.encode()
sys.stdout.buffer.write(struct.pack(">BI", 0, len(message)) + message)
