internal import Domain
internal import ProtobufC
internal import Yams

extension ValueTree {
  /// A YAML document with the place of each value. Whatever is no null, list or mapping is a text;
  /// what it means is its field's to say, so that the subject `0123` or `no` needs no quotes.
  init(_ node: Node) {
    let place = node.mark.map(Place.init)
    switch node {
    case .scalar(let scalar):
      let isPlain = scalar.style == .plain
      let isNull = isPlain && ["", "~", "null"].contains(scalar.string)
      self.init(isNull ? .null : .scalar(scalar.string, isText: !isPlain), at: place)
    case .sequence(let sequence):
      self.init(.list(sequence.map { ValueTree($0) }), at: place)
    case .mapping(let mapping):
      let members = mapping.map { key, value in
        Member(key.string ?? "", at: key.mark.map(Place.init), ValueTree(value))
      }
      self.init(.mapping(members), at: place)
    case .alias:
      // Composing puts what an alias names in its place.
      self.init(.null, at: place)
    }
  }
}

extension ValueTree.Place {
  init(_ mark: Mark) { self.init(line: mark.line, column: mark.column) }
}

extension TreeFormat {
  /// How people write messages: names as in the API's documentation, `12h`, `production_alert`.
  static let yaml = TreeFormat(
    writesProtoNames: true, hasShortEnumNames: true, writesFalse: true,
    readDuration: { text in
      TimeSpan(parsing: text).map { span in
        let (seconds, attoseconds) = span.duration.components
        return (seconds, Int32(attoseconds / 1_000_000_000))
      }
    },
    writeDuration: { time in
      let exact = Duration.seconds(time.seconds) + .nanoseconds(Int64(time.nanos))
      return TimeSpan(exact).written
    })
}
