internal import Glibc

extension Shell {
  /// This process.
  static let system = Shell(
    environment: environmentVariables(),
    print: { write($0 + "\n", to: STDOUT_FILENO) },
    note: { write($0 + "\n", to: STDERR_FILENO) },
    isOutputTerminal: isatty(STDOUT_FILENO) == 1,
    isInputTerminal: isatty(STDIN_FILENO) == 1,
    ask: { prompt in
      write(prompt, to: STDERR_FILENO)
      return readLine(strippingNewline: true)
    },
    readInput: { () throws(Failure) in try readAll(STDIN_FILENO) },
    clock: SystemClock(),
    zone: LocalTime.systemZone,
    connect: { (connection) throws(Failure) in try RPCTransport(connection) })

  private static func environmentVariables() -> [String: String] {
    var variables: [String: String] = [:]
    var entry = environ
    while let pointer = entry.pointee {
      let text = String(cString: pointer)
      if let equals = text.firstIndex(of: "=") {
        variables[String(text[..<equals])] = String(text[text.index(after: equals)...])
      }
      entry += 1
    }
    return variables
  }

  /// Whoever reads may leave (`| head`): then there is nobody left to write to.
  private static func write(_ text: String, to descriptor: Int32) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 {
        if errno == EINTR { continue }
        exit(errno == EPIPE ? CommandStatus.success.rawValue : CommandStatus.inputOutput.rawValue)
      }
      rest = rest.dropFirst(count)
    }
  }

  private static let largestInput = 4 << 20

  private static func readAll(_ descriptor: Int32) throws(Failure) -> [UInt8] {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 16 << 10)
    while true {
      let count = read(descriptor, &chunk, chunk.count)
      if count == 0 { return bytes }
      if count < 0 {
        if errno == EINTR { continue }
        throw Failure(
          .data, "Standard input cannot be read: \(String(cString: strerror(errno))).")
      }
      bytes += chunk[..<count]
      guard bytes.count <= largestInput else {
        throw Failure(.data, "Standard input is larger than \(largestInput) bytes.")
      }
    }
  }
}
