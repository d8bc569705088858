internal import CProtobufC
internal import CStandardProto

/// The comments before the declarations of one file, by the path of the declaration
/// (`SourceCodeInfo.Location.path` in descriptor.proto).
struct Comments {
  private var lines: [[Int32]: [String]] = [:]

  init(_ file: Google__Protobuf__FileDescriptorProto) {
    guard let info = file.source_code_info?.pointee else { return }
    for location in elements(info.location, info.n_location) {
      guard let comment = location.leading_comments else { continue }
      let path = Array(UnsafeBufferPointer(start: location.path, count: location.n_path))
      lines[path] = Self.lines(of: string(comment))
    }
  }

  subscript(path: [Int32]) -> [String] { lines[path] ?? [] }

  private static func lines(of comment: String) -> [String] {
    var lines = comment.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      String(line.hasPrefix(" ") ? line.dropFirst() : line)
    }
    while lines.last?.isEmpty == true {
      lines.removeLast()
    }
    return lines
  }
}
