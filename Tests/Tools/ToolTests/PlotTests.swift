import Files
import Foundation
import TestSupport
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// dp-plot on good and on bad input, as its users run it.
struct PlotTests {
  private func plot(_ arguments: [String], in folder: URL? = nil) throws -> Finished {
    try runTool("dp-plot", arguments, in: folder ?? fixtures.appending(path: "samples"))
  }

  /// The picture that dp-plot prints, after a look at whether it is one.
  private func picture(_ arguments: [String], in folder: URL? = nil) throws -> String {
    let run = try plot(arguments, in: folder)
    #expect(run.exitCode == 0 && run.messages.isEmpty, "\(run.messages)")
    #expect(run.output.hasPrefix("<svg ") && XMLParser(data: Data(run.output.utf8)).parse())
    return run.output
  }

  /// Writes `text` as the file `name` of `folder`.
  private func write(_ text: String, _ name: String, in folder: URL) throws {
    try text.write(to: folder.appending(path: name), atomically: false, encoding: .utf8)
  }

  /// A learning curve of `rows` lines.
  private func curve(
    _ rows: Int, _ value: (Int) -> String = { (row: Int) in "\(1 / Double(row + 1))" }
  ) -> String {
    "#  step      rmse_val    rmse_trn    rmse_f_val  rmse_f_trn         lr\n"
      + (0..<rows).map { "\($0 * 100) \(value($0)) 2.0 \(value($0)) 0.5 1e-3\n" }.joined()
  }

  @Test func `learning curves of DeePMD-kit's backends are drawn one over the other`() throws {
    let svg = try picture(["lcurve.pt.out", "lcurve.tf.out"])
    for text in [
      "Learning curves", "lcurve.pt.out, validation", "lcurve.tf.out, training", "RMSE (eV/atom)",
      "RMSE (eV/Å)", "training step", "Learning rate",
    ] { #expect(svg.contains(">\(text)<"), "\(text)") }
    // Validation has no virial, training has.
    #expect(svg.contains(">Virial<"))
  }

  @Test func `the numbers of a picture are there for programs`() throws {
    try withTemporaryFolder { folder in
      try write(curve(5), "a.out", in: folder)
      let run = try plot(["a.out", "--json"], in: folder)
      let json = try JSONValue(parsing: run.output.utf8, at: "output")
      let panel = try #require(json["panels"]?.elements.first { $0["title"]?.text == "Force" })
      let line = try #require(panel["layers"]?.elements.first { $0["name"]?.text == "validation" })
      #expect(line["kind"]?.text == "line" && line["x"]?.numbers == [0, 100, 200, 300, 400])
      #expect(line["y"]?.numbers == (1...5).map { 1 / Double($0) })
      #expect(panel["y"]?["unit"]?.text == "eV/Å" && panel["y"]?["scale"]?.text == "log")
    }
  }

  @Test func `a run folder is drawn, by itself and beside others, the same each time`() throws {
    try withTraining { folder in
      #expect(try runTool("dp-train", ["input.json"], in: folder).exitCode == 0)
      let svg = try picture(["run/"], in: folder)
      #expect(svg.contains(">training<") && svg.contains(">validation<"))
      let first = try plot(["run/", "-o", "a.svg"], in: folder)
      #expect(first.exitCode == 0 && first.output.isEmpty)
      #expect(try String(contentsOf: folder.appending(path: "a.svg"), encoding: .utf8) == svg)
    }
  }

  @Test func `predictions are drawn by element, from a dataset and from detail files alike`() throws
  {
    try withTemporaryFolder { folder in
      let model = fixtures.appending(path: "se_e2_a_oneside.dp").path
      let data = fixtures.appending(path: "train_data.hdf5").path
      let run = try runTool(
        "dp-eval", [model, data, "--predictions", "p.h5", "--detail", "d"], in: folder)
      #expect(run.exitCode == 0)
      let svg = try picture(["p.h5", data], in: folder)
      #expect(svg.contains(">Energy error<") && svg.contains(">prediction − label (eV/Å)<"))
      #expect(svg.contains(">O, RMSE ") && svg.contains(">H, RMSE "))
      let detail = try picture(["d", data], in: folder)
      #expect(detail.contains(">O, RMSE ") && detail.contains(">Virial<"))
      #expect(try picture(["d.f.out"], in: folder).contains(">Force<"))
      // What the picture says of forces is what dp-eval says.
      let eval = try runTool("dp-eval", [model, data, "--json"], in: folder)
      let json = try JSONValue(parsing: eval.output.utf8, at: "output")
      let error = try #require(json["overall"]?["errors"]?["force"]?["rmse"]?.double)
      let said = try #require(svg.firstMatch(of: />RMSE ([0-9.]+), MAE [0-9.]+ eV\/Å</))
      #expect(abs((Double(said.1) ?? 0) - error) <= 5e-3 * error)  // three digits
    }
  }

  @Test func `statistics show what the data hold`() throws {
    try withTraining { folder in
      let run = try runTool("dp-stat", ["input.json", "-o", "stat.h5", "--quiet"], in: folder)
      #expect(run.exitCode == 0)
      let svg = try picture(["stat.h5"], in: folder)
      for text in ["Composition", "Energy", "Force", "O–H", "Neighbors of an atom", "distance (Å)"]
      {
        #expect(svg.contains(">\(text)<"), "\(text)")
      }
      #expect(svg.contains("slots (sel, dashed): O "))
    }
  }

  @Test func `a profile has bars and a roofline`() throws {
    try withTraining { folder in
      let run = try runTool(
        "dp-profile", ["input.json", "--steps", "2", "-j1", "-o", "p"], in: folder)
      #expect(run.exitCode == 0)
      let svg = try picture(["p.json"], in: folder)
      for text in [
        "Where the time goes", "How fast that is", "intensity (FLOP/byte)", "speed (GFLOP/s)",
      ] {
        #expect(svg.contains(">\(text)<"), "\(text)")
      }
    }
  }

  @Test func `the gallery is what dp-plot draws today, and small`() throws {
    // Of its pictures this one has its numbers beside it; all others change with it.
    let gallery = checkout.appending(path: "docs/gallery")
    let svg = try String(contentsOf: gallery.appending(path: "profile.svg"), encoding: .utf8)
    let isSame = try picture(["profile.json"], in: gallery) == svg
    #expect(isSame, "run make gallery")
    let sizes = try contents(of: gallery).map {
      try Data(contentsOf: gallery.appending(path: $0)).count
    }
    #expect(sizes.reduce(0, +) < 1_000_000)
  }

  @Test(arguments: ["model_devi.out", "model_devi_relative.out", "model_devi_atomic_realerror.out"])
  func `model deviations are drawn with levels of trust`(name: String) throws {
    let svg = try picture([name, "--levels", "0.002", "0.5"])
    #expect(svg.contains(">Force deviation<") && svg.contains(">deviation (eV/Å)<"))
    #expect(svg.contains("accurate ") && svg.contains("candidate "))
  }

  @Test func `LAMMPS's columns are enough for a model deviation`() throws {
    try withTemporaryFolder { folder in
      try write(
        """
        #       step         max_devi_v         min_devi_v         avg_devi_v         max_devi_f \
                min_devi_f         avg_devi_f
                   0       1.2e-03       2.5e-05       5.0e-04       1.6e-03       5.0e-04       9.7e-04
                 100       1.1e-03       1.0e-04       4.5e-04       2.2e-03       3.5e-04       1.2e-03
        """ + "\n", "md.out", in: folder)
      #expect(try picture(["md.out"], in: folder).contains("Model deviation, 2 frames"))
    }
  }

  @Test func `columns of nan are left out, single nan are gaps`() throws {
    try withTemporaryFolder { folder in
      try write(curve(9) { $0 % 3 == 0 ? "nan" : "0.1" }, "gaps.out", in: folder)
      #expect(try picture(["gaps.out"], in: folder).contains(">validation<"))
      try write(curve(9) { _ in "nan" }, "none.out", in: folder)
      let svg = try picture(["none.out"], in: folder)
      #expect(!svg.contains(">validation<") && svg.contains(">training<"))
    }
  }

  @Test func `a large curve is a small picture, of few points where it is smoothed`() throws {
    try withTemporaryFolder { folder in
      try write(curve(30_000) { "\(1 + $0 * 7919 % 97)" }, "large.out", in: folder)
      let svg = try picture(["large.out"], in: folder)
      #expect(svg.utf8.count < 200_000)
      let plain = try picture(["large.out", "--smooth", "1"], in: folder)
      #expect(!plain.contains("stroke-opacity") && svg.contains("stroke-opacity"))
    }
  }
}

/// What cannot be drawn, and why.
struct PlotRefusalTests {
  private func plot(_ arguments: [String], in folder: URL) throws -> Finished {
    try runTool("dp-plot", arguments, in: folder)
  }

  @Test(arguments: [
    ("", "is empty"), ("hello\n", "nothing that can be drawn"), ("{}", "no profile"),
    ("{\"phases\": [{}], \"machine\": [{}]}", "has no name"), ("{", "picture:1"),
    ("# step rmse_trn lr\n", "has no line yet"),
    ("# step rmse_trn lr\n1 2.0 1e-3 4\n", "names 3 columns"),
    ("# step rmse_trn lr\n1 2.0 1e-3\n2 3.0\n", "picture:3: has 2 numbers"),
    ("# step rmse_trn lr\n1 2.0 high\n", "'high' found, expected a number"),
    ("# step max_devi_v max_devi_f\n", "has no frames"),
    ("# step max_devi_f avg_devi_f\n1 nan nan\n", "all of them are nan"),
    ("# step rmse_trn lr\n1 nan nan\n", "all columns are nan"),
    ("# a: data_fx data_fy data_fz pred_fx pred_fy pred_fz\n1 2 3\n", "has 3 columns, expected 6"),
    ("# a: data_e pred_e\n", "has no rows"),
    ("# a: data_e pred_e\nnan 1\n", "no number to compare"),
  ])
  func `what is no picture exits 65 and says why`(content: String, message: String) throws {
    try withTemporaryFolder { folder in
      try content.write(
        to: folder.appending(path: "picture"), atomically: false, encoding: .utf8)
      let run = try plot(["picture", "-o", "out.svg"], in: folder)
      #expect(run.exitCode == 65 && run.output.isEmpty)
      #expect(run.messages.contains(message), "\(run.messages)")
      #expect(try contents(of: folder) == ["picture"])
    }
  }

  @Test func `models, data alone and predictions of other data are refused`() throws {
    try withTemporaryFolder { folder in
      let model = fixtures.appending(path: "se_e2_a_oneside.dp").path
      let data = fixtures.appending(path: "train_data.hdf5").path
      #expect(try plot([model], in: folder).exitCode == 65)
      let alone = try plot([data], in: folder)
      #expect(alone.exitCode == 65 && alone.messages.contains("data alone"))
      let run = try runTool("dp-eval", [model, data, "--predictions", "p.h5"], in: folder)
      #expect(run.exitCode == 0)
      #expect(try plot(["p.h5"], in: folder).exitCode == 64)
      let other = fixtures.appending(path: "data/b").path
      let wrong = try plot(["p.h5", other], in: folder)
      #expect(wrong.exitCode == 65 && wrong.messages.contains("is not among the data"))
    }
  }

  @Test func `things of two kinds are no picture, and all that is missing is named`() throws {
    let samples = fixtures.appending(path: "samples")
    let mixed = try plot(["lcurve.pt.out", "model_devi.out"], in: samples)
    #expect(mixed.exitCode == 64 && mixed.messages.contains("do not go together"))
    let missing = try plot(["a.out", "b.out"], in: samples)
    #expect(missing.exitCode == 66)
    #expect(
      missing.messages.contains("a.out: no such") && missing.messages.contains("b.out: no such"))
  }

  @Test(arguments: [
    [], ["a.out", "--smooth", "0"], ["a.out", "-o", "a.out"], ["a.out", "-o", "b.pdf"],
    ["a.out", "--watch"], ["a.out", "--levels", "-1"], ["a.out", "--scale", "0"],
    ["a.out", "--columns", "0"],
  ])
  func `options that make no sense exit 64`(arguments: [String]) throws {
    let run = try plot(arguments, in: fixtures)
    #expect(run.exitCode == 64 && run.output.isEmpty)
  }

  @Test func `a folder that takes no file exits 73, a full disk 74 and leaves nothing`() throws {
    try withTemporaryFolder { folder in
      let curve = fixtures.appending(path: "samples/lcurve.pt.out").path
      #expect(try plot([curve, "-o", "none/a.svg"], in: folder).exitCode == 73)
      let full = try runToolOnFullDisk("dp-plot", [curve, "-o", "a.svg"], in: folder)
      #expect(full.exitCode == 74)
      #expect(try contents(of: folder).isEmpty)
    }
  }
}
