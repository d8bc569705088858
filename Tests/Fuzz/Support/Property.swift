/// Ends the run when a property does not hold: libFuzzer keeps the input and says where it lies.
public func require(
  _ holds: Bool, _ property: @autoclosure () -> String, file: StaticString = #file,
  line: UInt = #line
) {
  guard !holds else { return }
  fatalError("broken property: \(property())", file: file, line: line)
}

/// As `require`, for what must not throw.
public func requireSuccess<Result>(
  _ property: @autoclosure () -> String, file: StaticString = #file, line: UInt = #line,
  _ body: () throws -> Result
) -> Result {
  do {
    return try body()
  } catch {
    fatalError("broken property: \(property()): \(error)", file: file, line: line)
  }
}
