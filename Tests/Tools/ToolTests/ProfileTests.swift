import Files
import Foundation
import TestSupport
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite struct ProfileTests {
  private func profile(_ arguments: [String], in folder: URL) throws -> Finished {
    try runTool("dp-profile", ["input.json"] + arguments, in: folder)
  }

  private func json(_ text: String) throws -> JSONValue {
    try JSONValue(parsing: text.utf8, at: "output")
  }

  private func text(_ name: String, in folder: URL) throws -> String {
    try String(contentsOf: folder.appending(path: name), encoding: .utf8)
  }

  @Test func `a training's profile has a table, JSON, a trace and a picture`() throws {
    // Batches that are prepared before the recording begins are not in it: there must be more.
    let more = (#""data.h5#/b""#, #""data.h5#/b", "data.h5#/c""#)
    try withTraining(replacing: [more]) { folder in
      let run = try profile(["--steps", "3", "-j", "2", "-o", "p"], in: folder)
      #expect(run.exitCode == 0)
      let lines = run.messages.split(separator: "\n")
      #expect(lines.count == 1 && lines[0].contains("of the validation data are in the training"))
      #expect(
        try contents(of: folder)
          == ["data.h5", "input.json", "p.json", "p.svg", "p.trace.json", "p.txt"])
      #expect(try text("p.txt", in: folder) == run.output)
      try checkTable(run.output)
      try checkNumbers(json(text("p.json", in: folder)))
      try checkTrace(json(text("p.trace.json", in: folder)), steps: 3)
      try checkPicture(text("p.svg", in: folder))
    }
  }

  private func checkTable(_ table: String) throws {
    let phases = [
      "neighbor list", "table build", "pairs forward", "pairs backward tangent",
      "contraction tangent", "fitting net forward", "fitting net gradient", "loss", "optimizer",
      "between phases", "multiply-add, float64", "memory",
    ]
    for phase in phases {
      #expect(table.contains("\n  \(phase) ") || table.contains("\n\(phase) "))
    }
    #expect(table.split(separator: "\n").allSatisfy { $0.count <= 104 && $0.last != " " })
  }

  private func checkNumbers(_ json: JSONValue) throws {
    #expect(json["kind"] == .string("training"))
    #expect(json["steps"] == .integer(3) && json["threads"] == .integer(2))
    #expect((json["frames"]?.double ?? 0) > 3)
    #expect(json["model"]?["sel"] == .array([.integer(6), .integer(10)]))
    let phases = json["phases"]?.elements ?? []
    func phase(_ name: String) -> JSONValue? { phases.first { $0["phase"] == .string(name) } }
    // Once a step, once a frame, and as often as tiles of atoms are.
    #expect(phase("optimizer")?["calls"] == .integer(3))
    #expect(phase("loss")?["calls"] == json["frames"])
    for name in ["gflops", "share_of_peak", "gbytes_per_second", "share_of_bandwidth"] {
      #expect((phase("pairs forward")?[name]?.double ?? 0) > 0)
      #expect(phase("loss")?[name] == nil)
    }
    let threads = json["scaling"]?.elements.compactMap { $0["threads"]?.double }
    #expect(threads == [1, 2])
    #expect((json["machine"]?.elements ?? []).count == 2)
    let memory = json["memory"]
    #expect((memory?["peak"]?.double ?? 0) >= (memory?["start"]?.double ?? .infinity))
  }

  /// Pieces on one thread follow each other or lie within each other, and every thread has a name.
  private func checkTrace(_ json: JSONValue, steps: Int) throws {
    let all = json["traceEvents"]?.elements ?? []
    let events = all.filter { $0["ph"] == .string("X") }
    let names = all.filter { $0["name"] == .string("thread_name") }.compactMap(\.["tid"]?.double)
    #expect(events.count { $0["name"] == .string("step") } == steps)
    #expect(Set(events.compactMap(\.["tid"]?.double)) == Set(names) && names.count >= 1)
    #expect(all.count == events.count + names.count + 1)
    for thread in names {
      var open: [Double] = []  // ends of the pieces around the present one
      for event in events where event["tid"]?.double == thread {
        let start = try #require(event["ts"]?.double)
        let end = start + (try #require(event["dur"]?.double))
        while let outer = open.last, outer <= start + 1e-6 { open.removeLast() }
        #expect(open.last.map { end <= $0 + 1e-6 } ?? true)
        open.append(end)
      }
    }
  }

  /// Well-formed, without scripts, every box inside the picture and with its numbers.
  private func checkPicture(_ text: String) throws {
    let picture = Picture(), parser = XMLParser(data: Data(text.utf8))
    parser.delegate = picture
    #expect(parser.parse())
    #expect(picture.names.first == "svg" && !picture.names.contains("script"))
    #expect(picture.titles.contains { $0.hasPrefix("sweep 2: ") && $0.contains("ms per frame") })
    #expect(picture.boxes > 10 && picture.titles.count == picture.boxes + 1)
    #expect(picture.widest <= 1180.01)
  }

  @Test(arguments: [
    ("dpa1_concat_attn2", ["environment", "pairs", "attention"]),
    ("se_e3_tebd_strip", ["environment", "angles"]), ("dpa1_strip_attn0", ["pairs"]),
  ])
  func `phases of a program's operations add up to the steps`(
    name: String, kinds: [String]
  ) throws {
    try withTemporaryFolder { folder in
      let model = fixtures.appending(path: "descriptors/\(name).dp").path
      let data = fixtures.appending(path: "train_data.hdf5").path
      let run = try runTool(
        "dp-profile", [model, data, "--frames", "2", "--steps", "2", "--json", "-j1"], in: folder)
      #expect(run.exitCode == 0, "\(run.messages)")
      let json = try json(run.output)
      let phases = json["phases"]?.elements ?? []
      for kind in kinds + ["contraction", "fitting net"] {
        for pass in ["forward", "backward"] {
          #expect(phases.contains { $0["phase"] == .string("\(kind) \(pass)") }, "\(kind)")
        }
      }
      for phase in ["contraction forward", "contraction backward", "fitting net forward"] {
        let found = phases.first { $0["phase"] == .string(phase) }
        #expect((found?["gflops"]?.double ?? 0) > 0, "\(phase)")
      }
      // By definition, whatever the time: a piece of work counts in one phase only.
      let waiting = json["waiting"]
      let all =
        phases.reduce(json["between_phases"]?.double ?? 0) { $0 + ($1["seconds"]?.double ?? 0) }
        + (waiting?["for_last_piece"]?.double ?? 0) + (waiting?["for_one_thread"]?.double ?? 0)
      let seconds = try #require(json["seconds"]?.double)
      #expect(abs(all - seconds) <= 1e-6 * seconds)
    }
  }

  @Test func `sweep 2 of a program has phases of its own`() throws {
    let descriptor = #""type": "se_e2_a", "rcut": 4.0, "sel": [6, 10], "neuron": [4, 8]"#
    let attention = #""type": "se_atten", "rcut": 4.0, "sel": 16, "neuron": [4, 8], "attn": 4"#
    try withTraining(replacing: [(descriptor, attention)]) { folder in
      let run = try profile(["--steps", "2", "-j", "2"], in: folder)
      #expect(run.exitCode == 0, "\(run.messages)")
      for phase in [
        "table build", "environment tangent", "pairs tangent", "attention tangent",
        "contraction tangent", "fitting net tangent", "fitting net backward tangent",
        "contraction backward tangent", "attention backward tangent", "pairs backward tangent",
        "table gradient", "gradient sum", "direction",
      ] {
        #expect(run.output.contains("\n  \(phase) "), "\(phase)")
      }
    }
  }

  @Test func `a model's profile evaluates frames in batches, without sweep 2`() throws {
    try withTemporaryFolder { folder in
      let model = fixtures.appending(path: "se_e2_a_oneside.dp").path
      let data = fixtures.appending(path: "train_data.hdf5").path
      let files = ["--trace", "trace.json", "--flame", "flame.svg"]
      let run = try runTool(
        "dp-profile",
        [model, data, "--batch", "3", "--frames", "2", "--steps", "4", "--json", "-j1"] + files,
        in: folder)
      #expect(run.exitCode == 0 && run.messages.isEmpty)
      #expect(try contents(of: folder) == ["flame.svg", "trace.json"])
      let json = try json(run.output)
      #expect(json["kind"] == .string("evaluation") && json["frames"] == .integer(12))
      let phases = (json["phases"]?.elements ?? []).compactMap { $0["phase"] }
      #expect(phases.contains(.string("pairs backward")) && phases.contains(.string("forces")))
      #expect(!phases.contains(.string("pairs tangent")) && !phases.contains(.string("loss")))
      #expect((json["machine"]?.elements ?? []).count == 1)
      // On one thread nobody waits, and the phases account for all time but what is between them.
      let shares = (json["phases"]?.elements ?? []).compactMap { $0["share"]?.double }
      let between = (json["between_phases"]?.double ?? 0) / (json["seconds"]?.double ?? 1)
      #expect(abs(shares.reduce(between, +) - 1) <= 0.1)
      try checkTrace(self.json(text("trace.json", in: folder)), steps: 4)
    }
  }

  @Test(arguments: [
    (["input.json", "data.h5"], "names its data itself"),
    (["input.json", "--batch", "2"], "are for models"),
    (["input.json", "--steps", "0"], "must be 1 or more"),
    (["model.h5"], "no data given"),
    (["model.h5", "data.h5", "--batch", "0"], "must be 1 or more"),
    (["model.h5", "data.h5", "--statistics", "stat.h5"], "is for trainings"),
    (["model.h5", "data.h5", "--flame", "data.h5"], "both input and output"),
  ])
  func `what does not fit together exits 64`(arguments: [String], message: String) throws {
    let run = try runTool("dp-profile", arguments)
    #expect(run.exitCode == 64 && run.output.isEmpty)
    #expect(run.messages.contains(message))
  }

  @Test func `a damaged model exits 65, a wrong configuration 78, no folder for the output 73`()
    throws
  {
    try withTraining { folder in
      let damaged = try runTool("dp-profile", ["data.h5", "data.h5"], in: folder)
      #expect(damaged.exitCode == 65)
      let output = try profile(["--steps", "1", "-j1", "-o", "missing/p"], in: folder)
      #expect(output.exitCode == 73)
    }
    try withTraining(replacing: [("\"rcut\": 4.0", "\"rcut\": -4.0")]) { folder in
      let wrong = try profile([], in: folder)
      #expect(wrong.exitCode == 78)
    }
  }
}

/// What a test looks at in an SVG picture.
private final class Picture: NSObject, XMLParserDelegate {
  var names: [String] = [], titles: [String] = []
  /// Boxes with a title, and how far the last one reaches.
  var boxes = 0, widest = 0.0

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    if name == "title" { titles.append("") }
    if name == "rect", names.last == "title", let x = attributes["x"].flatMap({ Double($0) }),
      let width = attributes["width"].flatMap({ Double($0) })
    {
      boxes += 1
      widest = max(widest, x + width)
    }
    names.append(name)
  }

  func parser(_ parser: XMLParser, foundCharacters text: String) {
    if names.last == "title" { titles[titles.count - 1] += text }
  }
}
