/// Why a TLS configuration cannot be used: what is wrong, in which file, and the way out.
public struct TLSError: Error, Sendable, Hashable, CustomStringConvertible {
  public enum Reason: Sendable, Hashable {
    /// No such file.
    case missing
    /// Open or read failed; the system's text.
    case unreadable(String)
    /// Larger than any certificate, key or list has a reason to be.
    case tooLarge(limit: Int)
    /// No PEM block of the wanted kind.
    case notPEM(wanted: PEMKind)
    /// A PEM block whose content does not decode.
    case malformed(PEMKind)
    /// The key needs a pass phrase.
    case encryptedKey
    /// The key belongs to another certificate than the one in `chainFile`.
    case keyMismatch(chainFile: String)
    /// Seconds since the epoch.
    case expired(PEMKind, at: Int64)
    /// Seconds since the epoch.
    case notYetValid(PEMKind, from: Int64)
    /// The certificate is another's than `TLSConfiguration.ownName`; its own URI SANs.
    case foreignIdentity(named: [String], expected: String)
    /// The library refuses it: too short a key, too weak a signature.
    case refused(String)
    /// A setting that must be there is not.
    case settingMissing(String)
    /// An expected peer's name that is empty or holds a NUL.
    case invalidName(String)
    /// libssl failed on its own account (memory).
    case library(String)
  }

  /// What a PEM block holds.
  public enum PEMKind: String, Sendable, Hashable {
    case certificate = "certificate"
    case privateKey = "private key"
    case revocationList = "revocation list"
  }

  public let reason: Reason
  /// The file at fault; nil when it is a setting.
  public let file: String?

  init(_ reason: Reason, file: String? = nil) {
    self.reason = reason
    self.file = file
  }

  /// One sentence: file, reason, way out.
  public var description: String {
    let file = file ?? ""
    return switch reason {
    case .missing: "\(file) does not exist: create it, or correct the path in the configuration"
    case .unreadable(let why):
      "\(file) cannot be read (\(why)): give this process's user read access to it"
    case .tooLarge(let limit):
      "\(file) is larger than \(limit) bytes: it does not look like a PEM file of this kind"
    case .notPEM(let kind):
      "\(file) holds no PEM \(kind.rawValue): give it in PEM (-----BEGIN …)"
    case .malformed(let kind):
      "\(file) holds a damaged \(kind.rawValue): replace it with an intact copy"
    case .encryptedKey:
      "\(file) is encrypted: store the key without a pass phrase and protect it with mode 0600"
    case .keyMismatch(let chain):
      "\(file) is not the key of the certificate in \(chain): install the pair together"
    case .expired(let kind, let time):
      "\(file) holds a \(kind.rawValue) that expired at \(UTC(time)): install a renewed one"
    case .notYetValid(let kind, let time):
      "\(file) holds a \(kind.rawValue) that is valid only from \(UTC(time)): wait, or check the clock"
    case .foreignIdentity(let named, let expected):
      """
      \(file) names \(named.isEmpty ? "nobody" : named.joined(separator: ", ")), \
      expected \(expected): install the certificate that belongs here
      """
    case .refused(let why): "\(file) is not acceptable (\(why)): issue one that meets today's rules"
    case .settingMissing(let what): "the TLS configuration names no \(what): set it"
    case .invalidName(let name):
      "the expected name of the server, \"\(name)\", is empty or malformed: correct it"
    case .library(let why): "TLS could not be set up: \(why)"
    }
  }
}
