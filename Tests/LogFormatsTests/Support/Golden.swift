internal import Foundation
internal import Testing

/// Compares with a file beside the tests. `UPDATE_GOLDEN=1` writes it anew: look at the difference.
func expectGolden(
  _ text: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Golden/\(name)")
  if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
    try text.write(to: file, atomically: true, encoding: .utf8)
  }
  let golden = try String(contentsOf: file, encoding: .utf8)
  let differing = zip(text.split(separator: "\n"), golden.split(separator: "\n"))
    .first { $0 != $1 }
  #expect(
    text == golden,
    "\(name): \(differing.map { "\($0.0)\nis not\n\($0.1)" } ?? "longer or shorter")",
    sourceLocation: sourceLocation)
}
