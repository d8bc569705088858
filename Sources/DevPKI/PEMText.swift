internal import COpenSSL

/// What `write` prints.
func pemText(_ write: (OpaquePointer) -> Int32) throws(PKIError) -> String {
  let bio = try some(BIO_new(BIO_s_mem()), "allocate memory")
  defer { BIO_free(bio) }
  try check(write(bio) == 1, "encode as PEM")
  var bytes = [UInt8](repeating: 0, count: BIO_ctrl_pending(bio))
  defer { OPENSSL_cleanse(&bytes, bytes.count) }
  let count = BIO_read(bio, &bytes, Int32(bytes.count))
  return String(decoding: bytes.prefix(Int(max(count, 0))), as: UTF8.self)
}

/// Lets `body` read the text.
func withBIO<T>(
  of text: String, _ body: (OpaquePointer) throws(PKIError) -> T
) throws(PKIError) -> T {
  let bytes = Array(text.utf8)
  return try bytes.withUnsafeBufferPointer { content throws(PKIError) in
    // Borrows the bytes; freed before they go.
    let bio = try some(BIO_new_mem_buf(content.baseAddress, Int32(content.count)), "read a PEM")
    defer { BIO_free(bio) }
    return try body(bio)
  }
}
