internal import COpenSSL

extension ContextHandle {
  /// - Returns: the leaf's last second; nil without an identity.
  static func loadIdentity(
    _ configuration: TLSConfiguration, into context: OpaquePointer, now: Int64
  ) throws(TLSError) -> Int64? {
    guard let identity = configuration.identity else {
      guard configuration.side == .client else {
        throw TLSError(.settingMissing("certificate and key of the server"))
      }
      return nil
    }
    let chainFile = identity.chainFile
    let chain = try PEM.certificates(chainFile)
    let key = try PEM.privateKey(identity.keyFile)
    defer { withExtendedLifetime((chain, key)) {} }
    let leaf = chain[0].pointer
    guard let notBefore = seconds(X509_get0_notBefore(leaf)),
      let notAfter = seconds(X509_get0_notAfter(leaf))
    else { throw TLSError(.malformed(.certificate), file: chainFile) }
    guard notBefore <= now else { throw TLSError(.notYetValid(from: notBefore), file: chainFile) }
    guard now <= notAfter else {
      throw TLSError(.expired(.certificate, at: notAfter), file: chainFile)
    }
    guard X509_check_private_key(leaf, key.pointer) == 1 else {
      ERR_clear_error()
      throw TLSError(.keyMismatch(chainFile: chainFile), file: identity.keyFile)
    }
    // Each call takes a reference of its own.
    guard SSL_CTX_use_certificate(context, leaf) == 1 else {
      throw TLSError(.refused(OpenSSLFailure.drainText()), file: chainFile)
    }
    for issuer in chain.dropFirst() {
      guard shim_SSL_CTX_add1_chain_cert(context, issuer.pointer) == 1 else {
        throw TLSError(.refused(OpenSSLFailure.drainText()), file: chainFile)
      }
    }
    guard SSL_CTX_use_PrivateKey(context, key.pointer) == 1 else {
      throw TLSError(.refused(OpenSSLFailure.drainText()), file: identity.keyFile)
    }
    return notAfter
  }

  static func loadTrust(
    _ configuration: TLSConfiguration, into context: OpaquePointer, now: Int64
  ) throws(TLSError) {
    guard configuration.verifiesPeer else { return }
    guard let rootsFile = configuration.trustRootsFile else {
      throw TLSError(.settingMissing("trust roots file"))
    }
    guard let store = SSL_CTX_get_cert_store(context) else {
      throw TLSError(.library(OpenSSLFailure.drainText()))
    }
    for root in try PEM.certificates(rootsFile) {
      guard X509_STORE_add_cert(store, root.pointer) == 1 else {
        throw TLSError(.refused(OpenSSLFailure.drainText()), file: rootsFile)
      }
    }
    guard let listFile = configuration.revocationListFile else { return }
    for list in try PEM.revocationLists(listFile) {
      if let nextUpdate = seconds(X509_CRL_get0_nextUpdate(list.pointer)), nextUpdate < now {
        throw TLSError(.expired(.revocationList, at: nextUpdate), file: listFile)
      }
      guard X509_STORE_add_crl(store, list.pointer) == 1 else {
        throw TLSError(.refused(OpenSSLFailure.drainText()), file: listFile)
      }
    }
    // CRL_CHECK alone would look at the leaf only.
    X509_STORE_set_flags(store, UInt(X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL))
  }
}
