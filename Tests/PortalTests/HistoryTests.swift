internal import Domain
internal import LockboxProto
internal import MerkleLog
internal import ProtobufC
internal import ServiceKit
internal import StandardProto
internal import TemporaryFiles
internal import TestKit
internal import Testing
internal import Web

@testable internal import Portal

@Suite("Portal: history")
struct HistoryTests {
  private let texts: [Texts]

  init() throws {
    texts = try Language.allCases.map {
      try Texts($0, files: PortalFiles.below("Languages/\($0.rawValue)"))
    }
  }

  @Test("every kind of event has a name in every language")
  func kinds() {
    for kind in EventV1.Event.Payload.fieldNames {
      for texts in texts {
        #expect(texts.find("history.kind.\(kind)") != nil, "\(kind)")
      }
    }
  }

  @Test(
    "a moment in the reader's zone is read as their clock shows it, summer time included",
    arguments: [
      ("2026-11-22T13:05", "Europe/Berlin", "2026-11-22T12:05:00Z"),
      ("2026-07-22T13:05:07", "Europe/Berlin", "2026-07-22T11:05:07Z"),
      ("2026-11-22T13:05", "UTC", "2026-11-22T13:05:00Z"),
      ("2026-11-22T00:05", "America/Los_Angeles", "2026-11-22T08:05:00Z"),
      // An hour that comes twice is the first; one that is skipped is the one after.
      ("2026-10-25T02:30", "Europe/Berlin", "2026-10-25T00:30:00Z"),
      ("2026-10-25T03:30", "Europe/Berlin", "2026-10-25T02:30:00Z"),
      ("2026-03-29T02:30", "Europe/Berlin", "2026-03-29T01:30:00Z"),
      ("2026-03-29T03:30", "Europe/Berlin", "2026-03-29T01:30:00Z"),
      ("2026-03-29T01:30", "Europe/Berlin", "2026-03-29T00:30:00Z"),
      ("2026-11-22", "UTC", nil), ("13:05", "UTC", nil), ("2026-11-22T13:05Z", "UTC", nil),
      ("2026-02-30T13:05", "UTC", nil), ("", "UTC", nil), ("2026-11-22 13:05", "UTC", nil),
    ] as [(String, String, String?)])
  func moments(_ text: String, _ zone: String, _ moment: String?) throws {
    let zone = try #require(Zone(zone))
    #expect(zone.moment(text)?.description == moment)
    if let found = zone.moment(text), !text.hasPrefix("2026-03-29T02") {
      #expect(text.hasPrefix(zone.field(found)) || text.hasPrefix("2026-10-25"))
    }
  }

  @Test("a search says itself again, and moves on in its own list")
  func query() throws {
    var query = HistoryQuery()
    #expect(!query.isFiltered && query.path() == "/history")
    query.before = 7
    #expect(!query.isFiltered && query.path(before: 3) == "/history?before=3")
    query.text = "a&b=c"
    query.from = "2026-11-22T13:05"
    #expect(query.isFiltered)
    #expect(query.path(page: "p") == "/history?text=a%26b%3Dc&from=2026-11-22T13%3A05&page=p")
    #expect(query.faults(in: .utc) == [])
    query.to = "tomorrow"
    #expect(query.faults(in: .utc) == ["to"])
    let request = query.request(of: "acme", in: try #require(Zone("Europe/Berlin")))
    #expect(request.text == "a&b=c" && request.tenantID == "acme" && request.kinds == [])
    #expect(request.startTime?.seconds == 1_795_349_100 && request.endTime == nil)
  }

  @Test("the browser keeps a checkpoint that fits a cookie, and gives nothing else back")
  func seen() throws {
    let note = "log.test/acme\n3\nAAAA\n\n— log.test/acme AAAA\n"
    let field = try #require(SeenCheckpoint.field(note))
    #expect(field.name == "set-cookie" && field.value.hasPrefix("__Host-log="))
    for attribute in ["Secure", "HttpOnly", "SameSite", "Path=/"] {
      #expect(field.value.contains(attribute))
    }
    #expect(SeenCheckpoint.field(String(repeating: "x", count: 2_048)) == nil)
  }

  @Test("the logs' keys are those of the file, by the tenant that ends their names")
  func logKeys() throws {
    let directory = TemporaryDirectory()
    let keys = ["acme", "provider"].map { name in
      NoteVerifier(name: KeyName("log.test/\(name)")!, key: SigningKey.generate().publicKey)
    }
    let file = directory.write(
      "keys.txt", "# logs\n\(keys[0].vkey)\n\n\(keys[1].vkey)\n")
    let known = try LogKeys(file: file)
    #expect(known.key(of: "acme")?.vkey == keys[0].vkey)
    #expect(known.key(of: "")?.vkey == keys[1].vkey)
    #expect(known.key(of: "globex") == nil && LogKeys.none.key(of: "acme") == nil)
    directory.write("keys.txt", "nonsense\n")
    #expect(throws: StartError.self) { try LogKeys(file: file) }
    #expect(throws: StartError.self) { try LogKeys(file: "/nowhere") }
  }

  @Test("the same files are the same archive, and each can be found in it")
  func archive() {
    var archive = ZipArchive()
    archive.add("a/one.txt", Array("one".utf8))
    archive.add("a/two.bin", [UInt8](0...255))
    var again = ZipArchive()
    again.add("a/one.txt", Array("one".utf8))
    again.add("a/two.bin", [UInt8](0...255))
    let bytes = archive.bytes
    #expect(bytes == again.bytes)
    #expect(bytes.prefix(4) == [0x50, 0x4b, 3, 4])
    // CRC-32 of "one", little-endian, at its place in the first header.
    #expect(Array(bytes[14..<18]) == [0xf1, 0x86, 0x6c, 0x7a])
    #expect(bytes.suffix(22).prefix(4) == [0x50, 0x4b, 5, 6])
  }
}
