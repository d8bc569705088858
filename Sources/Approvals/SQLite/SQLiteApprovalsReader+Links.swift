internal import Domain
internal import LockboxProto
internal import ProtobufC
internal import ServiceKit
internal import Storage

extension SQLiteApprovalsReader {
  func linkedPerson(of subject: Subject, in affiliation: Affiliation) throws -> LinkedPerson? {
    try connection.first(
      """
      SELECT linked_person FROM linked_subject JOIN linked_person USING (person_id)
      WHERE linked_subject.affiliation = ? AND issuer = ? AND subject = ?
      """, affiliation.column, subject.issuer, subject.id
    ) { try storedPerson($0.get(0)) }
  }

  func linkedPeople(
    in affiliation: Affiliation, after id: LinkedPersonID?, limit: Int
  ) throws -> [LinkedPerson] {
    let sql: SQL = """
      SELECT linked_person FROM linked_person WHERE affiliation = ? AND person_id > ?
      ORDER BY person_id LIMIT ?
      """
    // No bytes are before all bytes.
    let start: any Bindable = id ?? [UInt8]()
    return try connection.all(sql, bindings: [affiliation.column, start, limit]) {
      try storedPerson($0.get(0))
    }
  }

  func tokenKeys() throws -> [TokenKey] {
    try connection.all(
      """
      SELECT key_id, public_key, activate_time, retire_time FROM token_key
      ORDER BY activate_time, key_id
      """
    ) { row in
      TokenKey(
        id: try row.get(0), publicKey: try row.get(1),
        activateTime: Timestamp(nanoseconds: try row.get(2)),
        retireTime: try row.get(3, as: Int64?.self).map { Timestamp(nanoseconds: $0) })
    }
  }
}

extension SQLiteApprovalsTransaction {
  func save(_ person: LinkedPerson) throws {
    try remove(person)
    let affiliation = person.affiliation.column
    try transaction.execute(
      "INSERT INTO linked_person (person_id, affiliation, linked_person) VALUES (?, ?, ?)",
      person.id, affiliation, try CommonV1.LinkedPerson(person).serialized())
    for subject in person.subjects {
      try transaction.execute(
        """
        INSERT INTO linked_subject (affiliation, issuer, subject, person_id) VALUES (?, ?, ?, ?)
        """, affiliation, subject.issuer, subject.id, person.id)
    }
  }

  func remove(_ person: LinkedPerson) throws {
    try transaction.execute("DELETE FROM linked_person WHERE person_id = ?", person.id)
    try transaction.execute("DELETE FROM linked_subject WHERE person_id = ?", person.id)
  }

  func save(_ key: TokenKey) throws {
    try transaction.execute(
      """
      INSERT INTO token_key (key_id, public_key, activate_time, retire_time) VALUES (?, ?, ?, ?)
      ON CONFLICT (key_id) DO UPDATE SET
        activate_time = excluded.activate_time, retire_time = excluded.retire_time
      """, key.id, key.publicKey, key.activateTime.nanoseconds, key.retireTime?.nanoseconds)
  }

  func linkedPerson(of subject: Subject, in affiliation: Affiliation) throws -> LinkedPerson? {
    try reader.linkedPerson(of: subject, in: affiliation)
  }
  func linkedPeople(
    in affiliation: Affiliation, after id: LinkedPersonID?, limit: Int
  ) throws -> [LinkedPerson] {
    try reader.linkedPeople(in: affiliation, after: id, limit: limit)
  }
  func tokenKeys() throws -> [TokenKey] { try reader.tokenKeys() }
}

extension Affiliation {
  /// The tenant's id; empty for the provider.
  fileprivate var column: String { tenantID }
}

private func storedPerson(_ bytes: [UInt8]) throws -> LinkedPerson {
  let message = try CommonV1.LinkedPerson(serialized: bytes)
  guard let person = LinkedPerson(message) else {
    throw StoredMessageError(message: "linked person", id: message.personID)
  }
  return person
}
