internal import COpenSSL

extension ContextHandle {
  /// What no file of ours decides, nor the system's openssl.cnf: versions, suites, groups, signature
  /// schemes, and resumption off in each of its forms.
  ///
  /// Everything is named, nothing is fetched: with a provider that lacks an algorithm (a FIPS one)
  /// libssl leaves that one out.
  static func setStrict(_ context: OpaquePointer) throws(TLSError) {
    shim_SSL_CTX_set_strict_options(context)
    shim_SSL_CTX_set_buffer_modes(context)
    shim_SSL_CTX_session_cache_off(context)
    shim_SSL_CTX_set_max_cert_list(context, certificateBytes)
    SSL_CTX_set_security_level(context, securityLevel)
    SSL_CTX_set_verify_depth(context, depth)
    let suites = "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256"
    guard shim_SSL_CTX_only_tls13(context) == 1,
      SSL_CTX_set_num_tickets(context, 0) == 1,
      SSL_CTX_set_max_early_data(context, 0) == 1,
      SSL_CTX_set_recv_max_early_data(context, 0) == 1,
      SSL_CTX_set_ciphersuites(context, suites) == 1,
      shim_SSL_CTX_set1_groups_list(context, availableGroups(context)) == 1,
      shim_SSL_CTX_set1_sigalgs_list(context, signatures) == 1
    else { throw TLSError(.library(OpenSSLFailure.drainText())) }
  }

  /// 112 bits: no RSA below 2048, no SHA-1.
  static let securityLevel: Int32 = 2
  /// Authorities between a leaf and its trust root.
  static let depth: Int32 = 3
  /// Of the peer's Certificate message: a leaf and three authorities, 16 KiB each.
  private static let certificateBytes = 64 << 10

  /// Those of RFC 8446 §4.2.3 without SHA-1; PKCS#1 v1.5 is for the signatures in certificates only.
  private static let signatures = [
    "ecdsa_secp256r1_sha256", "ed25519", "ecdsa_secp384r1_sha384", "ecdsa_secp521r1_sha512",
    "rsa_pss_rsae_sha256", "rsa_pss_rsae_sha384", "rsa_pss_rsae_sha512", "rsa_pss_pss_sha256",
    "rsa_pss_pss_sha384", "rsa_pss_pss_sha512", "rsa_pkcs1_sha256", "rsa_pkcs1_sha384",
    "rsa_pkcs1_sha512",
  ].joined(separator: ":")

  /// A list with one group that no provider has is refused as a whole, so each is tried first.
  private static func availableGroups(_ context: OpaquePointer) -> String {
    let all: [String] = ["X25519", "P-256", "P-384"]
    let groups = all.filter { group in
      shim_SSL_CTX_set1_groups_list(context, group) == 1
    }
    ERR_clear_error()
    return groups.joined(separator: ":")
  }
}
