internal import StandardProto
internal import TestProto

/// One value for each kind of field; `GoldenBytesTests` has the bytes that protoc makes of them.
extension Samples {
  static let singular = TestingV1.Singular(
    boolValue: true,
    int32Value: -1,
    sint32Value: -2,
    sfixed32Value: -3,
    uint32Value: .max,
    fixed32Value: 5,
    int64Value: .min,
    sint64Value: -7,
    sfixed64Value: -8,
    uint64Value: .max,
    fixed64Value: 10,
    floatValue: 1.5,
    doubleValue: -2.25,
    stringValue: "Grüße \u{1F600}",
    bytesValue: [0, 255],
    colour: .infraRed,
    branch: TestingV1.Branch(
      leaf: TestingV1.Leaf(name: "l", number: 1),
      leaves: [TestingV1.Leaf(), TestingV1.Leaf(name: "m")]),
    time: GoogleProtobuf.Timestamp(seconds: 1_700_000_000, nanos: 5),
    duration: GoogleProtobuf.Duration(seconds: -1, nanos: -500_000_000),
    any: GoogleProtobuf.AnyMessage(
      typeURL: "type.googleapis.com/testing.v1.Leaf", value: [8]),
    default: "d",
    in: "i",
    homepageURL: "u")

  static let repeated = TestingV1.Repeated(
    bools: [true, false],
    int32s: [0, -1, 300],
    sint64s: [-1, 1],
    fixed32s: [1, 2],
    doubles: [0.5],
    strings: ["a", "", "c"],
    blobs: [[], [0x78]],
    colours: [.red, .unspecified, .infraRed],
    branches: [TestingV1.Branch(leaf: TestingV1.Leaf(number: 7)), TestingV1.Branch()],
    unpacked: [1, 2])

  static let maps = TestingV1.Maps(
    strings: ["b": "", "a": "1"],
    leaves: [2: TestingV1.Leaf(), -1: TestingV1.Leaf(name: "x")],
    colours: [3: .ultraViolet],
    blobs: [true: [], false: [0x7A]])

  static let choice = TestingV1.Choice(
    before: "b",
    value: .branch(TestingV1.Branch(leaf: TestingV1.Leaf())),
    other: .right(""))
}
