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
    guard notBefore <= now else {
      throw TLSError(.notYetValid(.certificate, from: notBefore), file: chainFile)
    }
    guard now <= notAfter else {
      throw TLSError(.expired(.certificate, at: notAfter), file: chainFile)
    }
    guard X509_check_private_key(leaf, key.pointer) == 1 else {
      ERR_clear_error()
      throw TLSError(.keyMismatch(chainFile: chainFile), file: identity.keyFile)
    }
    if let name = configuration.ownName { try check(leaf, isOf: name, chainFile) }
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
    let roots = try PEM.certificates(rootsFile)
    for root in roots {
      guard X509_STORE_add_cert(store, root.pointer) == 1 else {
        throw TLSError(.refused(OpenSSLFailure.drainText()), file: rootsFile)
      }
    }
    guard let listFile = configuration.revocationListFile else { return }
    for list in try PEM.revocationLists(listFile) {
      try check(list, listFile, roots: roots, now: now)
      guard X509_STORE_add_crl(store, list.pointer) == 1 else {
        throw TLSError(.refused(OpenSSLFailure.drainText()), file: listFile)
      }
    }
    // CRL_CHECK alone would look at the leaf only.
    X509_STORE_set_flags(store, UInt(X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL))
  }

  /// A list that would make us refuse every peer of its issuer is not taken.
  private static func check(
    _ list: Owned, _ file: String, roots: [Owned], now: Int64
  ) throws(TLSError) {
    let pointer = list.pointer
    // Without an end libcrypto would believe it for ever (RFC 5280 §5.1.2.5 demands one).
    guard let thisUpdate = seconds(X509_CRL_get0_lastUpdate(pointer)),
      let nextUpdate = seconds(X509_CRL_get0_nextUpdate(pointer))
    else { throw TLSError(.malformed(.revocationList), file: file) }
    guard thisUpdate <= now else {
      throw TLSError(.notYetValid(.revocationList, from: thisUpdate), file: file)
    }
    guard now <= nextUpdate else {
      throw TLSError(.expired(.revocationList, at: nextUpdate), file: file)
    }
    // The list of an intermediate can be checked only when a peer presents that one.
    let issuers = roots.filter {
      X509_NAME_cmp(X509_get_subject_name($0.pointer), X509_CRL_get_issuer(pointer)) == 0
    }
    let isSigned = issuers.contains { X509_CRL_verify(pointer, X509_get0_pubkey($0.pointer)) == 1 }
    ERR_clear_error()
    guard issuers.isEmpty || isSigned else {
      throw TLSError(.refused("a list is not signed by the root that it names"), file: file)
    }
  }

  private static func check(
    _ leaf: OpaquePointer, isOf name: String, _ file: String
  ) throws(TLSError) {
    let names = PeerIdentity(leaf: leaf)?.uriNames ?? []
    guard names.count == 1, names[0].utf8.elementsEqual(name.utf8) else {
      throw TLSError(.foreignIdentity(named: names, expected: name), file: file)
    }
  }
}
