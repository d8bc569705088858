internal import Testing

@testable internal import Web

@Suite("HTTPS: forms, cookies and addresses")
struct FormTests {
  private func request(_ fields: [(String, String)], _ body: String = "") -> WebRequest {
    WebRequest(
      method: .post, segments: [], parameters: [:], rest: [], query: [],
      fields: fields.map { WebField($0.0, $0.1) }, body: Array(body.utf8), peer: nil, trace: nil,
      admitted: nil)
  }

  @Test(
    "a form is read as browsers write it",
    arguments: [
      ("", [WebField]()), ("a=b", [WebField("a", "b")]), ("a", [WebField("a", "")]),
      ("a=b&a=c&=d", [WebField("a", "b"), WebField("a", "c"), WebField("", "d")]),
      ("a=b+c%2Bd%0D%0Ae", [WebField("a", "b c+d\r\ne")]), ("a=%C3%A9", [WebField("a", "é")]),
    ])
  func reads(_ body: String, _ fields: [WebField]) throws {
    let types = [
      "application/x-www-form-urlencoded", "Application/X-WWW-Form-URLEncoded; charset=utf-8",
    ]
    for type in types {
      #expect(try request([("content-type", type)], body).form().fields == fields)
    }
    #expect(FormText.fields(Array(FormText.text(fields).utf8)[...]) == fields)
  }

  @Test("a form has its first value, and all of them")
  func values() {
    let form = WebForm([WebField("a", "1"), WebField("b", "2"), WebField("a", "3")])
    #expect(form["a"] == "1" && form.all("a") == ["1", "3"] && form["c"] == nil)
  }

  @Test(
    "what is no form, or does not decode, is refused",
    arguments: [
      ("application/json", "{}", 415), ("", "a=b", 415),
      ("multipart/form-data; boundary=a", "", 415),
      ("application/x-www-form-urlencoded", "a=%", 400),
      ("application/x-www-form-urlencoded", "a=%00", 400),
      ("application/x-www-form-urlencoded", "a=\u{0}", 400),
      ("application/x-www-form-urlencoded", "a=%ff", 400),
      (
        "application/x-www-form-urlencoded",
        String(repeating: "a&", count: WebForm.mostFields + 1), 400
      ),
    ])
  func refuses(_ type: String, _ body: String, _ status: Int) {
    #expect {
      try request([("content-type", type)], body).form()
    } throws: {
      ($0 as? WebError)?.status == status
    }
  }

  @Test(
    "a cookie is read where it stands once",
    arguments: [
      ("a=1", "1"), ("b=2; a=1", "1"), ("a=1;b=2", "1"), ("a==1", "=1"), ("a=", ""), ("b=1", nil),
      ("a=1; a=1", nil), ("A=1", nil), ("a", nil), ("xa=1", nil), ("", nil),
    ] as [(String, String?)])
  func cookies(_ field: String, _ value: String?) {
    #expect(request([("cookie", field)]).cookie("a") == value)
    #expect(request([("cookie", field), ("cookie", "c=d")]).cookie("a") == value)
  }

  @Test("a cookie of this host says so in each of its fields")
  func hostCookie() {
    let cookie = HostCookie("__Host-a")
    #expect(cookie.set("1").value == "__Host-a=1; Path=/; Secure; SameSite=Lax; HttpOnly")
    #expect(cookie.set("1", for: .seconds(60)).value.hasSuffix("; Max-Age=60"))
    #expect(cookie.removal.value.hasPrefix("__Host-a=; ") && cookie.removal.value.hasSuffix("=0"))
    #expect(!HostCookie("__Host-a", reader: .scriptsToo).set("1").value.contains("HttpOnly"))
  }

  @Test(
    "a local target leads nowhere else, however it is written",
    arguments: [
      ("/a/b?c=d", "/a/b?c=d"), ("/", "/"), ("/a/", "/a/"), ("/%61", "/a"), ("//evil", nil),
      ("/a//b", nil), ("/%2fevil", nil), ("/%5cevil", nil), ("/..", nil), ("/.", nil), ("a", nil),
      ("https://evil", nil), ("/%0d%0a", nil), ("/?a=%0d%0a", "/?a=%0D%0A"),
    ] as [(String, String?)])
  func localTargets(_ text: String, _ target: String?) {
    #expect(LocalTarget(text)?.description == target)
  }
}
