internal import ProtobufC
internal import Words

/// One field that differs between two versions of settings.
struct TreeDifference: Hashable {
  /// The field's path; elements of lists by their name where they have one:
  /// `stages[managers].approvers.quorum`.
  let field: String
  /// As YAML writes it on one line; nil: it was not there.
  let before: String?
  /// Nil: it is gone.
  let after: String?

  /// Every field that differs. Nil is what is not there at all.
  static func between(_ before: ValueTree?, _ after: ValueTree?) -> [TreeDifference] {
    compare(before, after, "")
  }

  private static func compare(
    _ before: ValueTree?, _ after: ValueTree?, _ path: String
  ) -> [TreeDifference] {
    switch ((before ?? after)?.content, (after ?? before)?.content) {
    case (.mapping, .mapping):
      return compareMembers(before?.members ?? [], after?.members ?? [], path)
    case (.list(let left), .list(let right)):
      let old = before == nil ? [] : left
      let new = after == nil ? [] : right
      return (old + new).allSatisfy(\.isScalar)
        ? compareSets(old, new, path) : compareElements(old, new, path)
    case (let left, let right) where left == right && before != nil && after != nil: return []
    default:
      return [
        TreeDifference(
          field: path, before: before.map(YamlText.flow), after: after.map(YamlText.flow))
      ]
    }
  }

  private static func compareMembers(
    _ before: [ValueTree.Member], _ after: [ValueTree.Member], _ path: String
  ) -> [TreeDifference] {
    let names =
      before.map(\.name)
      + after.map(\.name).filter { name in
        !before.contains { $0.name == name }
      }
    return names.flatMap { name in
      compare(
        before.first { $0.name == name }?.value, after.first { $0.name == name }?.value,
        path.isEmpty ? name : "\(path).\(name)")
    }
  }

  /// Lists of single values, such as people: what came and what went.
  private static func compareSets(
    _ before: [ValueTree], _ after: [ValueTree], _ path: String
  ) -> [TreeDifference] {
    let old = before.map(YamlText.flow)
    let new = after.map(YamlText.flow)
    var differences = old.filter { !new.contains($0) }.map {
      TreeDifference(field: path, before: $0, after: nil)
    }
    differences += new.filter { !old.contains($0) }.map {
      TreeDifference(field: path, before: nil, after: $0)
    }
    if differences.isEmpty && old != new { return [order(old, new, path)] }
    return differences
  }

  private static func compareElements(
    _ before: [ValueTree], _ after: [ValueTree], _ path: String
  ) -> [TreeDifference] {
    guard let old = names(before), let new = names(after) else {
      return (0..<max(before.count, after.count)).flatMap { index in
        compare(
          before.indices.contains(index) ? before[index] : nil,
          after.indices.contains(index) ? after[index] : nil, "\(path)[\(index)]")
      }
    }
    let all = old + new.filter { !old.contains($0) }
    let differences = all.flatMap { name in
      compare(
        old.firstIndex(of: name).map { before[$0] }, new.firstIndex(of: name).map { after[$0] },
        "\(path)[\(name)]")
    }
    let kept = (old.filter(new.contains), new.filter(old.contains))
    return differences + (kept.0 == kept.1 ? [] : [order(kept.0, kept.1, path)])
  }

  private static func order(
    _ before: [String], _ after: [String], _ path: String
  ) -> TreeDifference {
    TreeDifference(
      field: path, before: "[\(before.joined(separator: ", "))]",
      after: "[\(after.joined(separator: ", "))]")
  }

  /// The elements' names, where each has one of its own.
  private static func names(_ elements: [ValueTree]) -> [String]? {
    let names = elements.compactMap { $0["name"].map(YamlText.flow) }
    return names.count == elements.count && Set(names).count == names.count ? names : nil
  }
}

extension ValueTree {
  fileprivate var members: [Member] {
    if case .mapping(let members) = content { members } else { [] }
  }
}

extension TreeDifference {
  /// `field: 1 → 2`, `+ field: x`, `- field: x`, in colour.
  var line: Styled {
    switch (before, after) {
    case (let before?, let after?): Styled("~ \(field): \(before) → \(after)", .waiting)
    case (nil, let after?): Styled("+ \(field): \(after)", .good)
    case (let before?, nil): Styled("- \(field): \(before)", .bad)
    case (nil, nil): Styled(field)
    }
  }

  var json: String {
    var members = [("field", JSONText.string(field))]
    if let before { members.append(("before", JSONText.string(before))) }
    if let after { members.append(("after", JSONText.string(after))) }
    return JSONText.object(members)
  }
}
