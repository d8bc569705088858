/// Unsigned decimals as C2SP writes them: digits only, no leading zero, "0" for zero.
enum Decimal {
  static func decode(_ text: some StringProtocol) -> UInt64? {
    let digits = Array(text.utf8)
    guard let first = digits.first, digits.count == 1 || first != UInt8(ascii: "0") else {
      return nil
    }
    var value: UInt64 = 0
    for digit in digits {
      guard digit >= UInt8(ascii: "0"), digit <= UInt8(ascii: "9") else { return nil }
      let (product, high) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = product.addingReportingOverflow(UInt64(digit - UInt8(ascii: "0")))
      guard !high, !carry else { return nil }
      value = sum
    }
    return value
  }
}
