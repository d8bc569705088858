internal import ArgumentParser
internal import Files

/// Where an access token comes from: the command line, a file, or standard input.
struct TokenInput: ParsableArguments {
  @Argument(help: "The token; none: standard input.") var token: String?
  @Option(help: "File with the token.", completion: .file()) var file: String?

  func validate() throws {
    if token != nil && file != nil {
      throw ValidationError("A token and --file are two tokens: give one.")
    }
  }

  func read(_ shell: Shell) throws(Failure) -> String {
    if let token { return token }
    let bytes: [UInt8]
    if let file {
      do {
        bytes = try File.read(file)
      } catch {
        throw Failure(.data, "The token file \(error.path) cannot be read: \(error.reason).")
      }
    } else {
      bytes = try shell.readInput()
    }
    // A final newline is the editor's or the pipe's.
    let text = bytes.reversed().drop { $0 <= 0x20 }.reversed()
    guard !text.isEmpty else { throw Failure(.data, "There is no token.") }
    return String(decoding: Array(text), as: UTF8.self)
  }
}
