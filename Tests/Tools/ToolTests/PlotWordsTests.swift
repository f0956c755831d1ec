import Files
import Foundation
import TestSupport
import Testing

/// Counts, bins and labels in pictures and in what the tools say.
struct PlotWordsTests {
  /// A picture for programs of a file that holds `text`.
  private func panels(_ text: String, _ name: String = "picture") throws -> [JSONValue] {
    try withTemporaryFolder { folder in
      try Data(text.utf8).write(to: folder.appending(path: name))
      let run = try runTool("dp-plot", [name, "--json"], in: folder)
      #expect(run.exitCode == 0, "\(run.messages)")
      return try JSONValue(parsing: run.output.utf8, at: "output")["panels"]?.elements ?? []
    }
  }

  /// Energies of which the predictions are off by `errors`.
  private func energies(_ errors: [Double]) -> String {
    "# picture: data_e pred_e\n" + errors.map { "-3.5 \(-3.5 + $0)\n" }.joined()
  }

  // Errors about zero, of one sign, with an offset far larger than they differ: first, step and the
  // ends that the bins have to reach.
  @Test(arguments: [
    (first: -2e-3, step: 1e-4, least: -0.002, most: 0.0019, hasZero: true),
    (first: 1e-4, step: 1e-4, least: 0.0, most: 0.004, hasZero: true),
    (first: 0.05, step: 1e-5, least: 0.05, most: 0.05039, hasZero: false),
  ])
  func `errors of energy are in bins as narrow as they differ`(
    first: Double, step: Double, least: Double, most: Double, hasZero: Bool
  ) throws {
    let errors = (0..<40).map { first + step * Double($0) }
    let panels = try panels(energies(errors))
    #expect(panels.map { $0["title"]?.text } == ["Energy", "Energy error"])
    let bins = try #require(
      panels[1]["layers"]?.elements.first { $0["kind"]?.text == "histogram" })
    let start = try #require(bins["start"]?.double), width = try #require(bins["width"]?.double)
    let heights = try #require(bins["heights"]?.numbers)
    #expect(heights.count { $0 > 0 } >= 4 && heights.count <= 62, "\(heights)")
    // All of them are in a bin; zero is in the picture only where it tells something.
    #expect(abs(heights.reduce(0, +) - 100) < 1e-6)
    #expect(start <= least + 1e-9 && start + width * Double(heights.count) >= most - 1e-9)
    #expect((start <= 1e-12) == hasZero)
    #expect(panels[1]["subtitle"]?.text?.hasPrefix("40 frames, mean ") == true)
  }

  @Test(arguments: [
    ("# a: data_e pred_e\n1 2\n", "1 frame, mean 1.00 eV"),
    ("# a: data_e pred_e\n1 2\n3 4\n", "2 frames, mean 1.00 eV"),
    ("# a: data_e pred_e\n1 1\n2 2\n", "2 frames, mean 0 eV"),
    (
      "# a: data_e pred_e\n" + String(repeating: "1 2\n", count: 12_000),
      "12,000 frames, mean 1.00 eV"
    ),
  ])
  func `pictures count in English`(text: String, subtitle: String) throws {
    let found = try panels(text)[1]["subtitle"]?.text ?? ""
    #expect(found.hasPrefix(subtitle), "\(found)")
  }

  @Test func `a deviation of one frame and of one column is drawn`() throws {
    let panels = try panels("# step max_devi_f\n0 0.5\n")
    #expect(panels.map { $0["title"]?.text } == ["Force deviation"])
    #expect(panels[0]["layers"]?.elements.compactMap { $0["name"]?.text } == ["largest"])
  }

  @Test(arguments: ["# step rmse_trn lr\n1 2.0 1e-3\n", "# step max_devi_f\n0 0.5\n"])
  func `a byte order mark is skipped`(text: String) throws {
    #expect(try panels("\u{feff}" + text) == panels(text))
  }

  @Test(arguments: [
    ("# step max_devi_v max_devi_f\n1 2\n", "has 2 numbers in a line, but names 3 columns"),
    ("# step max_devi_f\n1\n", "has 1 number in a line, but names 2 columns"),
    ("# a: data_e pred_e\n1\n", "has 1 column, expected 2"),
    ("# a: data_e pred_e\n1 nan\n", "picture: there is no number to compare"),
  ])
  func `what is missing is counted in English`(text: String, message: String) throws {
    try withTemporaryFolder { folder in
      try Data(text.utf8).write(to: folder.appending(path: "picture"))
      let run = try runTool("dp-plot", ["picture"], in: folder)
      #expect(run.exitCode == 65 && run.messages.contains(message), "\(run.messages)")
    }
  }

  @Test func `no tool says one of many`() throws {
    let nouns = "system|frame|atom|step|thread|batche|net|parameter|line|piece|finding|slot"
    let plural = try Regex("(^|[^0-9.,#_a-z-])1 (more )?(\(nouns))s\\b")
    try withTraining { folder in
      try Data(
        "2\nProperties=species:S:1:pos:R:3:forces:R:3 energy=1\nH 0 0 0 1 0 0\nO 0 0 1 -1 0 0\n"
          .utf8
      )
      .write(to: folder.appending(path: "one.xyz"))
      let made = try runTool("dp-convert", ["one.xyz", "one.h5"], in: folder)
      #expect(made.exitCode == 0, "\(made.messages)")
      let model = fixtures.appending(path: "se_e2_a_oneside.dp").path
      let runs = [
        ("dp-convert", ["--check", "one.h5"]), ("dp-eval", [model, "one.h5"]),
        ("dp-train", ["input.json", "--steps", "1", "-j1"]),
        ("dp-freeze", ["run", "-o", "model.h5"]),
        ("dp-freeze", ["--info", "run"]),
        ("dp-stat", ["input.json", "one.h5", "-o", "one-stat.h5"]),
        ("dp-profile", ["input.json", "--steps", "1", "-j1"]),
      ]
      for (tool, arguments) in runs {
        let run = try runTool(tool, arguments, in: folder)
        #expect(run.exitCode == 0, "\(tool): \(run.messages)")
        let text = run.output + run.messages
        let odd = text.matches(of: plural)
        #expect(odd.isEmpty, "\(tool): \(odd.map { text[$0.range] })")
      }
    }
  }
}
