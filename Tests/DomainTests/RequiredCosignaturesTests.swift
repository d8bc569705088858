internal import Domain
internal import Testing

@Suite("Cosignatures that a tenant demands")
struct RequiredCosignaturesTests {
  private static let key = "witness.example/w1+e75f6532+" + String(repeating: "A", count: 44)

  private func problems(_ count: Int, _ witnesses: [String]) -> [String] {
    let tenant = TenantSettings(
      tenant: TenantID("acme")!, displayName: "Acme", lockboxEnabled: false,
      requestLifetime: .hours(12), longestAccess: .hours(4),
      approvers: Approvers(people: [], groups: [], quorum: 1), contacts: ["it@acme.test"],
      requiredCosignatures: RequiredCosignatures(count: count, witnesses: witnesses))
    var violations = Violations()
    violations.tenant(tenant, rules: .production)
    return violations.found.map(\.field)
  }

  @Test("they are 1 to all of 1 to 16 witnesses")
  func bounds() {
    let field = "settings.required_cosignatures"
    let keys = (0..<17).map { Self.key.replacing("w1", with: "w\($0)") }
    #expect(problems(1, [Self.key]).isEmpty)
    #expect(problems(16, Array(keys.prefix(16))).isEmpty)
    #expect(problems(0, [Self.key]) == ["\(field).count"])
    #expect(problems(2, [Self.key]) == ["\(field).count"])
    #expect(problems(1, []) == ["\(field).witnesses"])
    #expect(problems(1, keys) == ["\(field).witnesses"])
    #expect(problems(1, ["short"]) == ["\(field).witnesses[0]"])
  }
}
