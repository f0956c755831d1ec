import Diagnostics
import Files
import TestSupport
import Testing

private func parse(_ text: String, comments: Bool = false) throws -> JSONValue {
  try JSONValue(
    parsing: text.utf8, at: "input.json", kind: .configuration, allowingComments: comments)
}

@Test func `every kind of value is read, integers and numbers apart`() throws {
  let value = try parse(
    """
    { "a" : [1, -2.0, 4e0, true, false, null], "text": "\\u00c5 \\ud83d\\ude00 \\n\\/\\\\" , "o": {} }
    """)
  #expect(
    value
      == .object([
        "a": .array([.integer(1), .number(-2), .number(4), .bool(true), .bool(false), .null]),
        "text": .string("Å 😀 \n/\\"), "o": .object([:]),
      ]))
}

@Test func `what is written is read back equal, and looks the same each time`() throws {
  let value = JSONValue.object([
    "z": .number(4), "a": .number(0.1), "n": .integer(4), "tiny": .number(.leastNonzeroMagnitude),
    "s": .string("\"\u{1}\n\\é"), "list": .array([.null, .array([])]),
  ])
  #expect(try parse(value.serialized) == value)
  let expected = #"{"a":0.1,"list":[null,[]],"n":4,"s":"\"\u0001\n\\é","tiny":5e-324,"z":4.0}"#
  #expect(value.serialized == expected)
}

@Test func `comments are skipped where they are allowed`() throws {
  let text = "// first\n{ \"a\": /* one */ 1 } // last"
  #expect(try parse(text, comments: true) == .object(["a": .integer(1)]))
  #expect(fails(as: .configuration) { try parse(text) })
  #expect(try parse("\"// no comment\"", comments: true) == .string("// no comment"))
}

@Test(arguments: [
  ("{\"a\": 1,\n  \"b\" 2}", "input.json:2:7", "expected ':'"),
  ("{\"a\": 1,\n \"a\": 2}", "input.json:2:2", "key 'a' appears twice"),
  ("[1, 01]", "input.json:1:5", "'01' is not a number"),
  ("[1e999]", "input.json:1:2", "'1e999' is out of range"),
  ("[1, 2", "input.json:1:6", "expected ',' or ']'"),
  ("[1, ]", "input.json:1:5", "expected a value"),
  ("{\"a\": \"b", "input.json:1:7", "a string without end"),
  ("{} x", "input.json:1:4", "expected the end of the document"),
  ("", "input.json:1:1", "the document ends too early"),
  ("\"\\ud83d\"", "input.json:1:8", "half of a surrogate pair"),
])
func `an error says where it is`(text: String, place: String, problem: String) throws {
  let error = #expect(throws: ToolError.self) { try parse(text) }
  #expect(error?.place == place)
  #expect(error?.problem == problem)
}

@Test func `deep nesting is refused instead of using up the stack`() throws {
  #expect(fails(as: .configuration) { try parse(String(repeating: "[", count: 1_000_000)) })
}
