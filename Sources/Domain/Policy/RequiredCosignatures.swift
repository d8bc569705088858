/// Whose cosignatures a receipt's checkpoint must carry before a token is given.
public struct RequiredCosignatures: Hashable, Sendable {
  /// How many of the witnesses must have cosigned.
  public let count: Int
  /// Their verifier keys (C2SP tlog-cosignature): what vouches for a witness, its name with it.
  public let witnesses: [String]

  public init(count: Int, witnesses: [String]) {
    self.count = count
    self.witnesses = witnesses
  }
}

extension Violations {
  mutating func cosignatures(_ required: RequiredCosignatures) {
    let field = "settings.required_cosignatures"
    count(required.witnesses.count, "\(field).witnesses", in: Limits.witnessCount)
    for (index, witness) in required.witnesses.enumerated() {
      text(witness, "\(field).witnesses[\(index)]", length: Limits.witnessKeyLength)
    }
    require(
      required.count >= 1 && required.count <= max(1, required.witnesses.count), "\(field).count",
      "must be 1 to the number of witnesses")
  }
}
