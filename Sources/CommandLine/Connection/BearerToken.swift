internal import Domain
internal import Files

/// The token that says who somebody is.
enum BearerToken {
  /// In this order: `--as`, `--token-file`, `LOCKBOXCTL_TOKEN`, `token_file` of the configuration.
  static func find(
    _ options: GlobalOptions, _ configuration: Configuration, _ shell: Shell
  ) throws(Failure) -> String? {
    if let person = options.person {
      guard let directory = configuration.developmentDirectory else {
        throw Failure(
          .usage,
          """
          --as works with development issuers only, and \(configuration.file) names none: \
          use --token-file or LOCKBOXCTL_TOKEN.
          """)
      }
      return try DevelopmentToken.mint(for: person, in: directory, now: shell.now)
    }
    if let file = options.tokenFile { return try read(file) }
    if let token = shell.environment["LOCKBOXCTL_TOKEN"], !token.isEmpty {
      return try clean(token, from: "LOCKBOXCTL_TOKEN")
    }
    if let file = configuration.tokenFile { return try read(file) }
    return nil
  }

  static func read(_ file: String) throws(Failure) -> String {
    do {
      return try clean(try File.readText(file, limit: 64 << 10), from: file)
    } catch let error as FileError {
      throw Failure(
        .configuration, "The token file \(error.path) cannot be read: \(error.reason).")
    } catch let error as Failure {
      throw error
    } catch {
      throw Failure(.software, "\(error)")
    }
  }

  /// White space at the ends is an editor's; within, or anything else but printable ASCII, it is
  /// no token.
  private static func clean(_ text: String, from place: String) throws(Failure) -> String {
    let bytes = text.utf8.drop { $0 <= 0x20 }.reversed().drop { $0 <= 0x20 }.reversed()
    guard !bytes.isEmpty, bytes.allSatisfy({ (0x21...0x7E).contains($0) }) else {
      throw Failure(.configuration, "What \(place) holds is no token.")
    }
    return String(decoding: Array(bytes), as: UTF8.self)
  }
}
