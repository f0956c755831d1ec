import Files
import Foundation
import TestSupport
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

private func report(_ folder: URL, _ more: [String] = []) throws -> Finished {
  try runTool("dp-report", ["."] + more, in: folder)
}

private func page(_ folder: URL) throws -> String {
  try String(contentsOf: folder.appending(path: "report.html"), encoding: .utf8)
}

/// The page of dp-report; `make test-report` looks at it in a browser.
@Suite struct ReportTests {
  @Test func `a page is well-formed, stands by itself and has a section for everything`() throws {
    try withPipeline { folder in
      let finished = try report(folder, ["--system", "tiny"])
      #expect(finished.exitCode == 0, "\(finished.messages)")
      let text = try page(folder)
      let seen = try parsed(text)
      #expect(
        seen.ids == [
          "summary", "training", "errors", "data", "configuration", "timing", "provenance",
        ])
      #expect(seen.count("script") == 0 && seen.count("link") == 0 && seen.count("img") == 0)
      // Curves of four errors and the learning rate; predictions and errors of three quantities.
      #expect(seen.count("svg") >= 9, "\(seen.count("svg"))")
      // Where anything leads is on the page; names of namespaces lead nowhere.
      #expect(
        seen.links.allSatisfy { $0.hasPrefix("#") && seen.ids.contains(String($0.dropFirst())) })
      let rest = text.replacing("xmlns=\"http://www.w3.org/2000/svg\"", with: "")
      for forbidden in ["http:", "https:", "//", "src=", "url(", "@import", "javascript", " on"] {
        let places = rest.ranges(of: forbidden).filter { range in
          // " on" is a word unless an attribute follows.
          forbidden != " on"
            || rest[range.upperBound...].prefix { $0.isLetter }.count > 2
              && rest[range.upperBound...].drop { $0.isLetter }.hasPrefix("=")
        }
        #expect(places.isEmpty, "\(forbidden)")
      }
      for part in ["meV/atom", "Validation", "float64", "2 threads", "dp-freeze"] {
        #expect(seen.text.contains(part), "\(part)")
      }
    }
  }

  @Test func `the same files give the same page, in any folder`() throws {
    try withPipeline { folder in
      #expect(try report(folder, ["--system", "tiny"]).exitCode == 0)
      let first = try page(folder)
      try withTemporaryFolder { other in
        let copy = other.appending(path: "some where else")
        try FileManager.default.copyItem(at: folder, to: copy)
        try FileManager.default.removeItem(at: copy.appending(path: "report.html"))
        #expect(try report(copy, ["--system", "tiny", "-j", "3"]).exitCode == 0)
        #expect(try page(copy) == first)
      }
    }
  }

  @Test func `names are text, whatever they hold`() throws {
    try withPipeline { folder in
      let name = "</title><b onclick=\"x\">&amp;'\u{1}"
      #expect(try report(folder, ["--system", name]).exitCode == 0)
      let text = try page(folder)
      #expect(!text.contains("<b ") && text.contains("&lt;/title&gt;&lt;b onclick=&quot;x&quot;"))
      #expect(try parsed(text).text.contains("</title><b onclick=\"x\">&amp;' "))
    }
  }

  @Test func `the command on the page finds what was changed`() throws {
    try withPipeline { folder in
      #expect(try report(folder).exitCode == 0)
      let seen = try parsed(page(folder))
      let command = try #require(seen.text.split(separator: "\n").first { $0.hasPrefix("grep ") })
      func check() throws -> Finished {
        try runProgram("/bin/sh", ["-c", String(command)], in: folder)
      }
      let sound = try check()
      #expect(sound.exitCode == 0, "\(sound.output) \(sound.messages)")
      for name in ["training.h5", "run/model.ckpt-20.h5", "run/metrics.jsonl", "model.h5"] {
        #expect(sound.output.contains("\(name): OK"))
      }
      let curve = folder.appending(path: "run/lcurve.out")
      try (String(contentsOf: curve, encoding: .utf8) + " ").write(
        to: curve, atomically: true, encoding: .utf8)
      let changed = try check()
      #expect(changed.exitCode == 1 && changed.output.contains("run/lcurve.out: FAILED"))
    }
  }

  @Test(arguments: [
    ["model.h5"], ["run"], ["errors.json"], ["errors-training.json"], ["predictions.h5"],
    ["training.json", "data.json"], ["run/timing.jsonl"], ["run", "model.h5", "errors.json"],
    ["validation.h5", "validation.json", "predictions.h5", "errors.json"],
  ])
  func `what is missing is left out, with the command that makes it`(names: [String]) throws {
    try withPipeline { folder in
      for name in names {
        try FileManager.default.removeItem(at: folder.appending(path: name))
      }
      let finished = try report(folder, ["--system", "tiny"])
      #expect(finished.exitCode == 0, "\(finished.messages)")
      #expect(!finished.messages.contains("warning"), "\(finished.messages)")
      let seen = try parsed(page(folder))
      #expect(seen.ids.count == 7)
      #expect(seen.text.contains("make profile SYSTEM=tiny"))
      let expected = ["run": "Nothing was trained yet", "errors.json": "not evaluated yet"]
      for name in names {
        if let text = expected[name] { #expect(seen.text.contains(text), "\(name)") }
      }
    }
  }

  @Test func `the summary of a pipeline is there for people and for programs`() throws {
    try withPipeline { folder in
      let missing = try report(folder, ["--summary"])
      #expect(missing.exitCode == 66 && missing.messages.contains("make train"))
      #expect(try report(folder, ["--summary", "-o", "x.html"]).exitCode == 64)

      let eval = try runTool("dp-eval", ["model.h5", "training.h5"], in: folder)
      let errors = folder.appending(path: "errors-training.txt")
      try eval.output.write(to: errors, atomically: true, encoding: .utf8)
      let run = try report(folder, ["--summary", "--system", "tiny"])
      #expect(run.exitCode == 0 && run.messages.isEmpty, "\(run.messages)")
      #expect(run.output.hasPrefix("\nModel: ./model.h5\n  20 steps in 0:0"))
      #expect(run.output.contains("errors   training   (2 systems, "))
      #expect(run.output.contains("  make eval SYSTEM=tiny WORK=.\n"))
      #expect(!run.output.contains("\u{1B}") && !run.output.contains("PATIENCE"))
      #expect(try !contents(of: folder).contains("report.html"))

      let json = try report(folder, ["--summary", "--json"])
      let value = try JSONValue(parsing: json.output.utf8, at: "output")
      #expect(value["steps"] == 20 && value["rmse"]?["validation"] == .null)
      let all = try JSONValue(
        parsing: Data(contentsOf: folder.appending(path: "errors-training.json")), at: "json")
      let exact = try #require(all["overall"]?["errors"]?["force"]?["rmse"]?.double)
      let shown = try #require(value["rmse"]?["training"]?["force"]?.double)
      #expect(abs(shown - exact) <= 1e-5 * exact)
    }
  }

  @Test func `a folder without anything of a pipeline is 66, damage 65, a full disk 74`() throws {
    try withPipeline { folder in
      let model = folder.appending(path: "model.h5")
      var bytes = try Data(contentsOf: model)
      bytes[bytes.count / 2] ^= 1
      try bytes.write(to: model)
      let damaged = try report(folder)
      #expect(damaged.exitCode == 65 && damaged.messages.contains("model.h5"))
      try FileManager.default.removeItem(at: model)
      #expect(try runToolOnFullDisk("dp-report", ["."], in: folder).exitCode == 74)
      #expect(try !contents(of: folder).contains { $0.hasPrefix("report") })
    }
    try withTemporaryFolder { folder in
      let empty = try report(folder)
      #expect(empty.exitCode == 66 && empty.messages.contains("make report"))
    }
  }
}

/// A folder such as `make report` leaves behind, of a training of 20 steps.
private func withPipeline<Result>(_ body: (URL) throws -> Result) throws -> Result {
  try withTraining { folder in
    func run(_ tool: String, _ arguments: String..., into file: String? = nil) throws {
      let finished = try runTool(tool, arguments, in: folder)
      try #require(finished.exitCode == 0, "\(finished.messages)")
      if let file {
        try finished.output.write(
          to: folder.appending(path: file), atomically: true, encoding: .utf8)
      }
    }
    try run("dp-convert", "data.h5#/a", "data.h5#/b", "training.h5")
    try run("dp-convert", "data.h5#/c", "validation.h5")
    for name in ["training", "validation"] {
      try run("dp-convert", "--check", "--json", "\(name).h5", into: "\(name).json")
    }
    try run("dp-stat", "input.json", "training.h5", "--json", into: "data.json")
    try run("dp-train", "input.json", "-o", "run", "-j", "2")
    try run("dp-freeze", "run", "-o", "model.h5")
    try run("dp-eval", "model.h5", "training.h5", "--json", into: "errors-training.json")
    try run(
      "dp-eval", "model.h5", "validation.h5", "--json", "--predictions", "predictions.h5",
      into: "errors.json")
    let note = "input run ab12\ntool dp-freeze cd34\nargument -o\noutput ef56\n"
    try note.write(
      to: folder.appending(path: "model.h5.made"), atomically: true, encoding: .utf8)
    return try body(folder)
  }
}

/// What a parser of XML finds in a page.
private final class Seen: NSObject, XMLParserDelegate {
  var text = "", ids: [String] = [], links: [String] = []
  private var counts: [String: Int] = [:]

  func count(_ name: String) -> Int { counts[name, default: 0] }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String] = [:]
  ) {
    counts[name, default: 0] += 1
    if name == "section", let id = attributes["id"] { ids.append(id) }
    if let link = attributes["href"] { links.append(link) }
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }
}

private func parsed(_ page: String) throws -> Seen {
  let parser = XMLParser(data: Data(page.utf8)), seen = Seen()
  parser.delegate = seen
  let isSound = parser.parse()
  try #require(
    isSound, "line \(parser.lineNumber): \(parser.parserError?.localizedDescription ?? "")")
  return seen
}
