import Atoms
import Datasets
import Foundation
import TestSupport
import Testing

/// Data without some labels, and places without atoms: no error of 0 comes of either.
struct UnlabeledTests {
  /// Runs `body` where bare.h5 has the systems of data.h5 without labels, force.h5 with forces
  /// alone.
  private func withBareData(
    _ changes: [(String, String)], _ body: (URL) throws -> Void
  ) throws {
    try withTraining(replacing: changes) { folder in
      for (name, labels) in [("bare.h5", Set<String>()), ("force.h5", ["force"])] {
        var systems = try readSystems(at: folder.appending(path: "data.h5#/c").path)
        for k in systems.indices {
          systems[k].labels = systems[k].labels.filter { labels.contains($0.key) }
        }
        try writeSystems(systems, toHDF5: folder.appending(path: name).path)
      }
      try body(folder)
    }
  }

  private func lastLine(_ folder: URL) throws -> [String: String] {
    let lines = try String(
      contentsOf: folder.appending(path: "run/lcurve.out"), encoding: .utf8
    ).split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    return Dictionary(uniqueKeysWithValues: zip(lines[0].dropFirst(), lines[lines.count - 1]))
  }

  @Test func `systems without any label of the loss are named before the training`() throws {
    let change = ("\"data.h5#/b\"]", "\"data.h5#/b\", \"bare.h5\"]")
    try withBareData([change]) { folder in
      let run = try runTool("dp-train", ["input.json", "-o", "run"], in: folder)
      #expect(run.exitCode == 0, "\(run.messages)")
      #expect(
        run.messages.contains(
          "1 training system has none of the labels that the loss uses (energy, force, virial): bare.h5"
        ), "\(run.messages)")
    }
  }

  @Test func `validation data without labels are named, and their errors are nan`() throws {
    try withBareData([("data.h5#/c", "bare.h5")]) { folder in
      let run = try runTool("dp-train", ["input.json", "-o", "run"], in: folder)
      #expect(run.exitCode == 0, "\(run.messages)")
      #expect(
        run.messages.contains("1 validation system has none of the labels"), "\(run.messages)")
      let line = try lastLine(folder)
      for (name, value) in line where name.hasSuffix("_val") { #expect(value == "nan", "\(name)") }
      #expect(line["rmse_trn"] != "nan" && line["rmse_e_trn"] != "nan")
      #expect(!run.messages.contains("0.00e+00"))
    }
  }

  @Test func `a column without labels is nan, whatever else there is`() throws {
    try withBareData([("data.h5#/c", "force.h5")]) { folder in
      let run = try runTool("dp-train", ["input.json", "-o", "run"], in: folder)
      #expect(run.exitCode == 0 && !run.messages.contains("none of the labels"), "\(run.messages)")
      let line = try lastLine(folder)
      #expect(line["rmse_e_val"] == "nan" && line["rmse_v_val"] == "nan")
      #expect(line["rmse_f_val"] != "nan" && line["rmse_val"] != "nan")
    }
  }

  @Test func `dp-eval has no row of what has no label`() throws {
    try withBareData([]) { folder in
      let model = fixtures.appending(path: "se_e2_a_oneside.dp").path
      for (data, hasForce) in [("bare.h5", false), ("force.h5", true)] {
        let run = try runTool("dp-eval", [model, data], in: folder)
        #expect(run.exitCode == 0 && !run.output.contains("0.000000e+00"), "\(run.output)")
        #expect(!run.output.contains("energy") && run.output.contains("force") == hasForce)
      }
    }
  }

  @Test func `errors of mixed data are those of their atoms, padding left out`() throws {
    try withTemporaryFolder { folder in
      let data = fixtures.appending(path: "train_data.hdf5").path
      let model = fixtures.appending(path: "se_e2_a_oneside.dp").path
      let systems = try readSystems(at: "\(data)#/c")
      try writeSystems(systems, toHDF5: folder.appending(path: "apart.h5").path)
      // Three places more in each frame, with nothing in them.
      try writeSystems(
        [Self.mixed(systems[0], padding: 3)], toHDF5: folder.appending(path: "mixed.h5").path)
      var texts: [[Substring]] = []
      for name in ["apart.h5", "mixed.h5"] {
        let run = try runTool("dp-eval", [model, name], in: folder)
        #expect(run.exitCode == 0, "\(run.messages)")
        texts.append(
          run.output.split(separator: "\n").filter { $0.contains("e+0") || $0.contains("e-0") })
      }
      #expect(texts[0] == texts[1] && texts[0].count >= 4)
    }
  }

  /// `system` as one of mixed type with `count` padding places in each frame.
  private static func mixed(_ system: AtomicSystem, padding count: Int) throws -> AtomicSystem {
    var system = system
    let atoms = system.atomCount
    func padded<T>(_ values: [T], _ filling: T) -> [T] {
      let width = values.count / system.frameCount
      return stride(from: 0, to: values.count, by: width).flatMap {
        values[$0..<$0 + width] + Array(repeating: filling, count: count * width / atoms)
      }
    }
    system.frameTypes = padded((0..<system.frameCount).flatMap { _ in system.types }, -1)
    system.positions = padded(system.positions, 9)
    for (name, values) in system.labels where LabelKind(named: name).isPerAtom {
      system.labels[name] = padded(values, 4)
    }
    system.types = Array(repeating: 0, count: atoms + count)
    return try system.validated()
  }
}
