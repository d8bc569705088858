extension EntryRecord {
  /// What happened, for people: names and ids, nothing that people wrote.
  var sentence: String {
    var words = [meaning.title]
    if !verdict.isEmpty { words[0] += " (\(verdict.lowercased()))" }
    if let engineer, engineer != actor { words.append("engineer \(engineer.id)") }
    if !requestID.isEmpty { words.append("request \(requestID)") }
    if !grantID.isEmpty { words.append("grant \(grantID)") }
    if let actor {
      words.append("by \(actor.id)" + (actorRole.isEmpty ? "" : " as \(actorRole)"))
    } else if !actorRole.isEmpty {
      words.append("by the \(actorRole)")
    }
    return words.joined(separator: ", ").visible()
  }
}
