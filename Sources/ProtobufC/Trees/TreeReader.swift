internal import CProtobufC

/// Makes the bytes of a message from a tree, led by its descriptor.
struct TreeReader {
  let format: TreeFormat
  var problems: [TreeProblem] = []
  var places: [String: ValueTree.Place] = [:]

  init(format: TreeFormat) {
    self.format = format
  }

  mutating func add(_ path: String, _ place: ValueTree.Place?, _ reason: TreeProblem.Reason) {
    problems.append(TreeProblem(path: path, place: place, reason: reason))
  }

  /// The bytes of a message; fewer than it needs where there are problems.
  mutating func message(
    _ tree: ValueTree, _ type: UnsafePointer<ProtobufCMessageDescriptor>, _ path: String
  ) -> [UInt8] {
    if let place = tree.place { places[path] = place }
    switch String(cString: type.pointee.name) {
    case "google.protobuf.Timestamp":
      return time(tree, path, .timestamp) { JSONTime.timestamp($0) }
    case "google.protobuf.Duration":
      let format = format
      return time(tree, path, .duration) { JSONTime.duration($0) ?? format.readDuration($0) }
    default:
      return fields(tree, type, path)
    }
  }

  private mutating func time(
    _ tree: ValueTree, _ path: String, _ expectation: TreeProblem.Expectation,
    _ read: (String) -> TreeFormat.Seconds?
  ) -> [UInt8] {
    guard let (text, _) = scalar(tree, path) else { return [] }
    guard let time = read(text) else {
      add(path, tree.place, .malformed(expectation, found: text))
      return []
    }
    var wire = WireWriter()
    wire.varint(field: 1, UInt64(bitPattern: time.seconds))
    wire.varint(field: 2, UInt64(bitPattern: Int64(time.nanos)))
    return wire.bytes
  }

  private mutating func fields(
    _ tree: ValueTree, _ type: UnsafePointer<ProtobufCMessageDescriptor>, _ path: String
  ) -> [UInt8] {
    guard case .mapping(let members) = tree.content else {
      add(path, tree.place, .noMapping)
      return []
    }
    let known = UnsafeBufferPointer(start: type.pointee.fields, count: Int(type.pointee.n_fields))
    var wire = WireWriter()
    var seen: Set<UInt32> = []
    // By the place of its case member, which the members of one oneof share.
    var chosen: [UInt32: String] = [:]
    for member in members {
      guard
        let field = known.first(where: { $0.protoName == member.name || $0.jsonName == member.name }
        )
      else {
        let names = known.map(\.protoName)
        add(Self.join(path, member.name), member.place, .unknownField(known: names))
        continue
      }
      let own = Self.join(path, field.protoName)
      if let place = member.value.place ?? member.place { places[own] = place }
      guard seen.insert(field.id).inserted else {
        add(own, member.place, .repeatedField)
        continue
      }
      if member.value.content == .null, !format.hasShortEnumNames { continue }
      if field.isOneofMember {
        if let other = chosen.updateValue(field.protoName, forKey: field.quantifier_offset) {
          add(own, member.place, .alsoGiven(other))
          continue
        }
      }
      self.field(member.value, field, field.isMap(of: type), own, &wire)
    }
    return wire.bytes
  }

  private mutating func field(
    _ tree: ValueTree, _ field: ProtobufCFieldDescriptor, _ isMap: Bool, _ path: String,
    _ wire: inout WireWriter
  ) {
    guard field.label == PROTOBUF_C_LABEL_REPEATED else {
      return value(tree, field, path, &wire)
    }
    if isMap { return map(tree, field, path, &wire) }
    guard case .list(let elements) = tree.content else { return add(path, tree.place, .noList) }
    for (index, element) in elements.enumerated() {
      value(element, field, "\(path)[\(index)]", &wire)
    }
  }

  private mutating func map(
    _ tree: ValueTree, _ field: ProtobufCFieldDescriptor, _ path: String, _ wire: inout WireWriter
  ) {
    guard case .mapping(let members) = tree.content else {
      return add(path, tree.place, .noMapping)
    }
    let entry = field.descriptor.assumingMemoryBound(to: ProtobufCMessageDescriptor.self)
    var seen: Set<String> = []
    for member in members {
      let own = Self.join(path, member.name)
      guard seen.insert(member.name).inserted else {
        add(own, member.place, .repeatedField)
        continue
      }
      var inner = WireWriter()
      let key = entry.pointee.fields[0]
      value(
        ValueTree(
          .scalar(member.name, isText: key.type == PROTOBUF_C_TYPE_STRING), at: member.place),
        key, own, &inner)
      value(member.value, entry.pointee.fields[1], own, &inner)
      wire.message(field: field.id, inner.bytes)
    }
  }

  static func join(_ path: String, _ name: String) -> String {
    path.isEmpty ? name : "\(path).\(name)"
  }
}
