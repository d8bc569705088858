internal import COpenSSL

/// Tells what made an SSL call fail, from the error queue and the verification's result.
enum ConnectionFailure {
  /// Empties the error queue.
  /// - Parameter ssl: borrowed.
  static func reason(
    of ssl: OpaquePointer, _ verification: PeerVerification
  ) -> TLSConnectionError.Reason {
    // What libcrypto has to say about a signature comes before libssl's own word.
    let codes = OpenSSLFailure.drainCodes()
    guard let code = codes.first(where: { shim_ERR_GET_LIB($0) == ERR_LIB_SSL }) else {
      return .protocolViolation(OpenSSLFailure.text(codes.first ?? 0))
    }
    let reason = shim_ERR_GET_REASON(code)
    let text = OpenSSLFailure.text(code)
    if reason > SSL_AD_REASON_OFFSET, reason <= SSL_AD_REASON_OFFSET + 255 {
      let alert = TLSAlert(code: UInt8(reason - SSL_AD_REASON_OFFSET))
      return switch alert.code {
      case 70: .versionTooOld
      case 120: .noCommonProtocol
      default: .refusedByPeer(alert)
      }
    }
    switch reason {
    case SSL_R_CERTIFICATE_VERIFY_FAILED:
      let code = Int32(truncatingIfNeeded: SSL_get_verify_result(ssl))
      return .certificateRefused(verification.refusal ?? CertificateProblem(code))
    case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE: return .certificateMissing
    case SSL_R_NO_APPLICATION_PROTOCOL: return .noCommonProtocol
    case SSL_R_CALLBACK_FAILED: return verification.helloRefusal ?? .protocolViolation(text)
    case SSL_R_NO_SHARED_CIPHER, SSL_R_NO_SUITABLE_KEY_SHARE, SSL_R_NO_SHARED_SIGNATURE_ALGORITHMS,
      SSL_R_NO_SUITABLE_SIGNATURE_ALGORITHM, SSL_R_NO_SUITABLE_GROUPS:
      return .noCommonAlgorithm(text)
    case SSL_R_BAD_SIGNATURE: return .certificateRefused(.keyNotProven)
    case SSL_R_UNSUPPORTED_PROTOCOL, SSL_R_VERSION_TOO_LOW:
      return .versionTooOld
    case SSL_R_HTTP_REQUEST, SSL_R_HTTPS_PROXY_REQUEST, SSL_R_WRONG_VERSION_NUMBER,
      SSL_R_UNKNOWN_PROTOCOL, SSL_R_PACKET_LENGTH_TOO_LONG, SSL_R_BAD_RECORD_TYPE,
      SSL_R_RECORD_LENGTH_MISMATCH, SSL_R_RECORD_TOO_SMALL:
      return .notTLS
    default: return .protocolViolation(text)
    }
  }
}
