import Files
import Foundation
import TestSupport
import Testing

/// Pictures and pages of other outputs than energies, and of one of several tasks.
@Suite struct OtherPictureTests {
  /// The titles of the values of frames and of atoms, for each of `otherOutputs`; those of atoms
  /// are nil where they are not compared.
  private static let titles: [(frame: String, atoms: String?)] = [
    ("Dipole", "Dipole of atoms"), ("Polarizability", "Polarizability of atoms"),
    ("Density of states", "Density of states of atoms"), ("Gap", nil),
  ]
  /// The quantities of dp-eval's JSON, alike.
  private static let keys = [
    ("dipole", "atomic_dipole"), ("polarizability", "atomic_polarizability"),
    ("dos", "atom_dos"), ("gap", "atom_gap"),
  ]

  private func json(_ tool: String, _ arguments: [String], in folder: URL) throws -> JSONValue {
    let run = try runWell(tool, arguments + ["--json"], in: folder)
    return try JSONValue(parsing: run.output.utf8, at: "output")
  }

  /// The root mean square of the errors in a panel of predictions over labels, in single points.
  private func error(_ figure: JSONValue, _ title: String) throws -> Double {
    let panel = try #require(
      figure["panels"]?.elements.first { $0["title"]?.text == title }, "\(title)")
    let points = try #require(panel["layers"]?.elements.first { $0["kind"]?.text == "points" })
    let labels = try #require(points["x"]?.numbers), values = try #require(points["y"]?.numbers)
    let squares = zip(labels, values).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    return (squares / Double(labels.count)).squareRoot()
  }

  @Test(arguments: otherOutputs.indices)
  func `predictions stand over labels, and their errors are those of dp-eval`(
    number: Int
  ) throws {
    let (frame, atoms) = Self.titles[number], keys = Self.keys[number]
    try withLabels(of: otherOutputs[number], steps: 2) { folder in
      try runWell("dp-train", ["input.json", "-o", "run"], in: folder)
      // Of system c alone, all values are drawn as single points.
      let found = try json(
        "dp-eval", ["run", "labels.h5#/c", "--predictions", "p.h5", "--detail", "d"], in: folder)
      let errors = try #require(found["overall"]?["errors"])
      for files in [["p.h5", "labels.h5"], ["d"]] {
        let figure = try json("dp-plot", files, in: folder)
        let isDetail = files == ["d"]
        // Detail files of a property do not say its name.
        let title = isDetail && atoms == nil ? "Property" : frame
        for (title, key) in [(title, keys.0), (atoms ?? "", keys.1)] where !title.isEmpty {
          let expected = try #require(errors[key]?["rmse"]?.double)
          #expect(expected > 0)
          #expect(abs(try error(figure, title) - expected) <= 1e-9 * expected, "\(files) \(title)")
        }
        let count = figure["panels"]?.elements.count
        #expect(count == (atoms == nil ? 2 : 4), "\(files)")
      }
      let svg = try runWell("dp-plot", ["p.h5", "labels.h5"], in: folder).output
      #expect(!svg.contains("eV"), "the unit of these labels is not known")
    }
  }

  @Test(arguments: otherOutputs.indices)
  func `a page has curve, errors, labels and pictures of the output`(number: Int) throws {
    let (frame, atoms) = Self.titles[number], keys = Self.keys[number]
    try withLabels(of: otherOutputs[number]) { folder in
      func write(_ tool: String, _ arguments: [String], _ file: String) throws {
        let run = try runWell(tool, arguments, in: folder)
        try run.output.write(
          to: folder.appending(path: file), atomically: true, encoding: .utf8)
      }
      try runWell("dp-convert", ["labels.h5#/a", "labels.h5#/b", "training.h5"], in: folder)
      try runWell("dp-convert", ["labels.h5#/c", "validation.h5"], in: folder)
      try write("dp-convert", ["--check", "--json", "training.h5"], "training.json")
      try write("dp-convert", ["--check", "--json", "validation.h5"], "validation.json")
      try runWell("dp-stat", ["input.json", "training.h5", "-o", "stat.h5"], in: folder)
      try write("dp-stat", ["input.json", "training.h5", "--json"], "data.json")
      try runWell("dp-train", ["input.json", "-o", "run"], in: folder)
      try runWell("dp-freeze", ["run", "-o", "model.h5"], in: folder)
      try write("dp-eval", ["model.h5", "training.h5", "--json"], "errors-training.json")
      try write(
        "dp-eval", ["model.h5", "validation.h5", "--json", "--predictions", "predictions.h5"],
        "errors.json")
      let run = try runWell("dp-report", ["."], in: folder)
      #expect(!run.messages.contains("warning"), "\(run.messages)")
      let page = try String(contentsOf: folder.appending(path: "report.html"), encoding: .utf8)
      for text in ["\(frame) error", ">\(frame) per atom<", "in the unit of the data"] {
        #expect(page.contains(text), "\(text)")
      }
      if let atoms { #expect(page.contains(">\(atoms)<")) }
      // Nothing of energies and forces.
      for text in ["eV", "Forces by element", "no labels", "not drawn", "Energy"] {
        #expect(!page.contains(text), "\(text)")
      }
      // The error of the frames in the page is that of dp-eval.
      let errors = try JSONValue(
        parsing: Data(contentsOf: folder.appending(path: "errors.json")), at: "errors.json")
      let error = try #require(errors["overall"]?["errors"]?[keys.0]?["rmse"]?.double)
      let shown = try #require(
        page.firstMatch(
          of: try Regex<(Substring, Substring)>(
            "\(frame) error</p><p class=\"value\">([0-9.,]+) ")))
      #expect(abs((Double(shown.1.filter { $0 != "," }) ?? 0) - error) <= 5e-3 * error)
      // The statistics of the labels are those of the data.
      let data = try JSONValue(
        parsing: Data(contentsOf: folder.appending(path: "data.json")), at: "data.json")
      let system = try #require(data["data"]?["systems"]?.elements.first)
      let labels = try numbers(keys.0, ofSystem: "a", in: folder)
      let mean = labels.reduce(0, +) / Double(labels.count)
      let summary = try #require(system["labels"]?[keys.0])
      #expect(abs((summary["mean"]?.double ?? .nan) - mean) <= 1e-12 * max(1, abs(mean)))
      #expect(summary["max"]?.double == labels.max() && summary["min"]?.double == labels.min())
      #expect((system["labels"]?[keys.1] != nil) == (atoms != nil))
    }
  }

  /// The numbers of a label of frames in labels.h5.
  private func numbers(_ name: String, ofSystem system: String, in folder: URL) throws -> [Double] {
    try runWell("dp-convert", ["labels.h5#/\(system)", "npy/"], in: folder)
    let paths = FileManager.default.enumerator(atPath: folder.path)?.allObjects ?? []
    let path = try #require(
      paths.compactMap { $0 as? String }.first { $0.hasSuffix("/\(name).npy") })
    let data = try Data(contentsOf: folder.appending(path: path))
    let header = 10 + Int(data[8]) + 256 * Int(data[9])
    return Array(data[header...]).withUnsafeBytes { Array($0.bindMemory(to: Double.self)) }
  }

  @Test func `curves of one task are drawn alone, and its page has them`() throws {
    try withTasks { folder in
      try runWell("dp-train", ["tasks.json", "-o", "run"], in: folder)
      let all = try json("dp-plot", ["run"], in: folder)
      let one = try json("dp-plot", ["run", "--head", "right"], in: folder)
      func titles(_ figure: JSONValue) -> [String] {
        (figure["panels"]?.elements ?? []).compactMap { $0["title"]?.text }
      }
      #expect(titles(all).contains("Force of left") && titles(all).contains("Force of right"))
      #expect(titles(one) == ["Loss", "Energy", "Force", "Learning rate"])
      func values(_ figure: JSONValue, _ title: String) -> [[Double]]? {
        figure["panels"]?.elements.first { $0["title"]?.text == title }?["layers"]?.elements
          .compactMap { $0["y"]?.numbers }
      }
      #expect(values(one, "Force") == values(all, "Force of right"))
      let wrong = try runTool("dp-plot", ["run", "--head", "middle"], in: folder)
      #expect(wrong.exitCode == 65 && wrong.messages.contains("it has left, right"))

      let right = folder.appending(path: "right")
      try FileManager.default.createDirectory(at: right, withIntermediateDirectories: false)
      try runWell("dp-freeze", ["run", "--head", "right", "-o", "right/model.h5"], in: folder)
      try runWell("dp-convert", ["data.h5#/b", "right/validation.h5"], in: folder)
      let errors = try runWell(
        "dp-eval",
        [
          "right/model.h5", "right/validation.h5", "--json", "--predictions",
          "right/predictions.h5",
        ],
        in: folder)
      try errors.output.write(
        to: right.appending(path: "errors.json"), atomically: true, encoding: .utf8)
      try runWell("dp-report", [".", "--system", "two", "--head", "right"], in: folder)
      let page = try String(
        contentsOf: folder.appending(path: "report-right.html"), encoding: .utf8)
      for text in ["<h1>two, right</h1>", "Energy error", "right/model.h5", "Predictions beside"] {
        #expect(page.contains(text), "\(text)")
      }
      #expect(!page.contains("of left<") && page.components(separatedBy: "<svg").count >= 9)
      try runWell("dp-report", [".", "--system", "two"], in: folder)
      let common = try String(contentsOf: folder.appending(path: "report.html"), encoding: .utf8)
      #expect(common.contains(">Force of left<") && common.contains("--head right"))
    }
  }
}
