// Few, fixed words: for the labels of counters.

extension TLSConnectionError.Reason {
  /// One word for each kind of reason, such as `version` or `certificate_expired`.
  public var label: String {
    switch self {
    case .handshakeTimeout: "timeout"
    case .closedInHandshake: "closed"
    case .notTLS: "not_tls"
    case .versionTooOld: "version"
    case .noCommonProtocol: "alpn"
    case .noCommonAlgorithm: "algorithm"
    case .foreignServerName: "server_name"
    case .certificateMissing: "certificate_missing"
    case .certificateRefused(let problem): "certificate_" + problem.label
    case .refusedByPeer: "refused_by_peer"
    case .truncated: "truncated"
    case .protocolViolation: "protocol"
    }
  }
}

extension CertificateProblem {
  /// One word for each kind of problem, such as `expired`.
  public var label: String {
    switch self {
    case .expired: "expired"
    case .notYetValid: "not_yet_valid"
    case .unknownAuthority: "unknown_authority"
    case .selfSigned: "self_signed"
    case .revoked: "revoked"
    case .revocationUnknown: "revocation_unknown"
    case .wrongPurpose: "purpose"
    case .authorityAsLeaf: "authority"
    case .wrongName, .notAllowed, .severalNames: "name"
    case .malformedName, .malformed: "malformed"
    case .issuerNotAuthority: "issuer"
    case .constraintBroken: "constraint"
    case .unknownExtension: "extension"
    case .badSignature: "signature"
    case .keyNotProven: "key"
    case .chainTooLong: "chain"
    case .tooWeak: "weak"
    case .other: "other"
    }
  }
}
