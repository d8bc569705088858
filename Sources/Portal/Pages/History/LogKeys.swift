internal import Files
internal import MerkleLog
internal import ServiceKit

/// The keys of the logs, from whom the portal's operator trusts to know them: never from the audit
/// service, whose word is what they are to check.
struct LogKeys: Sendable {
  private let keys: [String: NoteVerifier]

  /// None: no entry is marked verified.
  static let none = LogKeys([:])

  private init(_ keys: [String: NoteVerifier]) { self.keys = keys }

  /// - Parameter file: verifier keys (C2SP signed-note), one a line; of each the name ends with `/` and
  ///   the tenant's id, or with `/provider`.
  init(file: String) throws(StartError) {
    let text: String
    do {
      text = try File.readText(file)
    } catch {
      throw .configuration("`history.log_keys`: \(error).")
    }
    var keys: [String: NoteVerifier] = [:]
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    for (number, line) in lines.enumerated() where !line.isEmpty && !line.hasPrefix("#") {
      do {
        let key = try NoteVerifier(vkey: String(line))
        let name = key.name.rawValue.split(separator: "/").last ?? ""
        keys[String(name)] = key
      } catch {
        throw .configuration("\(file):\(number + 1) is \(error).")
      }
    }
    self.keys = keys
  }

  /// - Parameter tenantID: empty: the provider's own log.
  func key(of tenantID: String) -> NoteVerifier? {
    keys[tenantID.isEmpty ? "provider" : tenantID]
  }
}
