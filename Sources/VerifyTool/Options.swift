internal import ArgumentParser
internal import Domain
internal import Files
internal import MerkleLog
internal import SignedStatement

/// How the report is printed.
struct OutputOption: ParsableArguments {
  enum Format: String, ExpressibleByArgument, CaseIterable, Sendable {
    case text, json
  }

  @Option(help: "text for people, json for programs.") var output = Format.text
}

/// Whose log, by its key.
struct LogKeyOption: ParsableArguments {
  @Option(help: "The log's verifier key, or @FILE with it.", completion: .file())
  var logKey: String

  func verifier() throws -> NoteVerifier {
    let text = try Inputs.keyText(logKey)
    do {
      return try NoteVerifier(vkey: text)
    } catch {
      throw Unfinished(description: "--log-key is no verifier key of a log: \(error).")
    }
  }
}

/// Which of the approvers' signatures count.
struct SignatureOptions: ParsableArguments {
  @Flag(help: "Demand a signature of each of the customer's decisions.")
  var requireSignatures = false
  @Option(parsing: .singleValue, help: "Only this key's signatures count; may be repeated.")
  var trust: [KeyArgument] = []
  @Option(help: "The domain for which approvers sign in browsers (WebAuthn).")
  var webauthnSite: String?
  @Option(
    parsing: .singleValue, help: "An origin of its pages; may be repeated.")
  var webauthnOrigin: [String] = []

  var trustedKeys: Set<ApproverKeyID>? { trust.isEmpty ? nil : Set(trust.map(\.id)) }

  var relyingParty: WebAuthnRelyingParty? {
    webauthnSite.map { WebAuthnRelyingParty(id: $0, origins: Set(webauthnOrigin)) }
  }

  func validate() throws {
    if (webauthnSite == nil) != webauthnOrigin.isEmpty {
      throw ValidationError("--webauthn-site and --webauthn-origin go together.")
    }
  }
}

/// A key's id: SHA-256 of it, 64 hexadecimal digits.
struct KeyArgument: ExpressibleByArgument {
  let id: ApproverKeyID

  init?(argument: String) {
    guard let id = ApproverKeyID(hexadecimal: argument) else { return nil }
    self.id = id
  }
}

/// A moment on the command line (RFC 3339).
func moment(_ text: String) throws -> Timestamp {
  guard let moment = Timestamp(rfc3339: text) else {
    throw ValidationError("'\(text)' is no moment such as 2026-11-21T12:00:00Z.")
  }
  return moment
}

/// Files, as the commands read them.
enum Inputs {
  static func bytes(_ path: String, limit: Int = 4 << 20) throws -> [UInt8] {
    do {
      return try File.read(path, limit: limit)
    } catch {
      throw Unfinished(description: "\(error.path) cannot be read: \(error.reason).")
    }
  }

  static func text(_ path: String, limit: Int = 4 << 20) throws -> String {
    do {
      return try File.readText(path, limit: limit)
    } catch {
      throw Unfinished(description: "\(error.path) cannot be read: \(error.reason).")
    }
  }

  /// A key on the command line, or in the file that `@` names.
  static func keyText(_ argument: String) throws -> String {
    guard argument.hasPrefix("@") else { return argument }
    let text = try text(String(argument.dropFirst()))
    return String(text.prefix { !$0.isNewline })
  }

  /// Every file of an evidence folder.
  static func folder(_ path: String) throws -> [String: [UInt8]] {
    var files: [String: [UInt8]] = [:]
    do throws(FileError) {
      for name in try File.names(in: path) {
        files[name] = try File.read("\(path)/\(name)", limit: largestFile)
      }
    } catch {
      throw Unfinished(description: "\(error.path) cannot be read: \(error.reason).")
    }
    return files
  }

  /// Of an evidence folder: a few million entries.
  private static let largestFile = 4 << 30
}
