extension EvidenceCheck {
  /// Whether the files are byte by byte what the evidence in them makes.
  func compare(
    _ files: [String: [UInt8]], _ evidence: PeriodEvidence, _ report: inout Report
  ) {
    let check = "files"
    let expected: [String: [UInt8]]
    do {
      expected = try EvidenceFolder.files(of: evidence)
    } catch {
      report.fail(check, "they cannot be made again: \(error)")
      return
    }
    for name in Set(files.keys).union(expected.keys).sorted() where files[name] != expected[name] {
      report.fail(check, problem(name, found: files[name], expected: expected[name]))
    }
    if report.holds { report.hold(check, "\(files.count), each as the entries make it") }
  }

  private func problem(_ name: String, found: [UInt8]?, expected: [UInt8]?) -> String {
    guard let expected else { return "\(name) is no part of the evidence" }
    guard let found else { return "\(name) is missing" }
    let line = zip(lines(found), lines(expected)).prefix { $0 == $1 }.count + 1
    return "\(name) is not what the entries make of it, from line \(line) on"
  }

  private func lines(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
    bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
  }
}
