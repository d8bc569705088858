internal import TestKit
internal import Testing

@testable internal import Web

@Suite("HTTPS: whatever text comes")
struct HostileTextTests {
  /// Of the characters that mean something in addresses, forms and cookies, and some others.
  private static let alphabet = Array("/\\?#%&=+;.:@ \"'<>2fF5cC0aé\u{0}\r\n\tab\u{202e}").map(
    String.init)

  private static func texts(_ generator: inout TestGenerator) -> String {
    (0..<Int.random(in: 0...24, using: &generator))
      .map { _ in alphabet.randomElement(using: &generator) ?? "" }.joined()
  }

  @Test("a local target is local, and stays what it is when it is read again")
  func localTargets() {
    var generator = TestGenerator.announced()
    var taken = 0
    for _ in 0..<20_000 {
      let text = "/" + Self.texts(&generator)
      guard let target = LocalTarget(text)?.description else { continue }
      taken += 1
      let bytes = Array(target.utf8)
      #expect(
        bytes.first == 0x2f && (bytes.count == 1 || ![0x2f, 0x5c].contains(bytes[1])), "\(text)")
      #expect(
        bytes.allSatisfy { (0x21...0x7e).contains($0) && $0 != 0x5c && $0 != 0x23 }, "\(text)")
      #expect(LocalTarget(target)?.description == target, "\(text)")
    }
    #expect(taken > 100)
  }

  @Test("a form's fields come back as they were")
  func forms() {
    var generator = TestGenerator.announced()
    for _ in 0..<5_000 {
      let fields = (0..<3).map { _ in
        WebField(
          Self.texts(&generator).replacing("\u{0}", with: ""),
          Self.texts(&generator).replacing("\u{0}", with: ""))
      }
      #expect(FormText.fields(Array(FormText.text(fields).utf8)[...]) == fields)
      // Whatever comes is read, or is not: it ends nothing.
      _ = FormText.fields(Array(Self.texts(&generator).utf8)[...])
    }
  }
}
