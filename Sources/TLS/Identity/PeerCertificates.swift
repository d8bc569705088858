internal import COpenSSL
internal import Synchronization

/// The certificates that a peer showed and its handshake accepted, kept for a second look at them
/// while the connection lives: `TLSContext.review`.
///
/// `@unchecked Sendable`: nothing changes the certificates any more, their reference counts are
/// atomic, and libcrypto locks what it caches in them.
public final class PeerCertificates: @unchecked Sendable {
  /// The last second in which the whole chain up to its root is valid, since the epoch.
  public let notAfter: Int64
  /// Owned.
  let leaf: OpaquePointer
  /// What else the peer sent: a STACK_OF(X509), owned with its members; nil for none.
  let untrusted: OpaquePointer?
  /// The generation of the context that last judged them.
  private let judged: Atomic<Int>

  /// - Parameter ssl: borrowed, its handshake done.
  /// - Returns: nil when the peer showed none.
  init?(_ ssl: OpaquePointer, generation: Int) {
    guard let leaf = SSL_get1_peer_certificate(ssl) else { return nil }
    self.leaf = leaf
    untrusted = SSL_get_peer_cert_chain(ssl).flatMap { X509_chain_up_ref($0) }
    let chain = SSL_get0_verified_chain(ssl)
    let ends = (0..<max(0, OPENSSL_sk_num(chain))).compactMap { index in
      seconds(X509_get0_notAfter(OpaquePointer(OPENSSL_sk_value(chain, index))))
    }
    notAfter = ends.min() ?? seconds(X509_get0_notAfter(leaf)) ?? .min
    judged = Atomic(generation)
  }

  deinit {
    X509_free(leaf)
    OPENSSL_sk_pop_free(untrusted) { X509_free(OpaquePointer($0)) }
  }

  var judgedGeneration: Int { judged.load(ordering: .relaxed) }

  func wasJudged(by generation: Int) {
    judged.store(generation, ordering: .relaxed)
  }
}
