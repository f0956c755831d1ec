import Files
import Foundation
import Models
import Runs
import TestSupport
import Testing

/// Trainings of other outputs than energies, on labels that recorded models make.
@Suite struct OtherOutputTests {
  private func run(_ tool: String, _ arguments: String..., in folder: URL) throws -> Finished {
    try runWell(tool, arguments, in: folder)
  }

  private func bytes(_ path: String, in folder: URL) throws -> Data {
    try Data(contentsOf: folder.appending(path: path))
  }

  @Test(arguments: otherOutputs.indices)
  func `threads and an interruption change no byte of a training`(number: Int) throws {
    let kind = otherOutputs[number]
    try withLabels(of: kind) { folder in
      _ = try run("dp-train", "input.json", "-o", "one", "-j", "1", in: folder)
      _ = try run("dp-train", "input.json", "-o", "three", "-j", "3", in: folder)
      _ = try run("dp-stat", "input.json", "-o", "stat.h5", in: folder)
      _ = try run(
        "dp-train", "input.json", "--statistics", "stat.h5", "-o", "stat", in: folder)
      let files = ["lcurve.out", "model.ckpt-8.h5"]
      let whole = try files.map { try bytes("one/\($0)", in: folder) }
      #expect(try files.map { try bytes("three/\($0)", in: folder) } == whole)
      #expect(try bytes("stat/lcurve.out", in: folder) == whole[0])
      try FileManager.default.removeItem(at: folder.appending(path: "three/model.ckpt-8.h5"))
      let again = try run("dp-train", "input.json", "-o", "three", in: folder)
      #expect(again.messages.contains("continuing after step 4"))
      #expect(try files.map { try bytes("three/\($0)", in: folder) } == whole)
      let curve = String(decoding: whole[0], as: UTF8.self)
      #expect(!curve.contains("nan ") && curve.split(separator: "\n").count == 7)
    }
  }

  @Test(arguments: otherOutputs.indices)
  func `a trained model is frozen, shown and tested`(number: Int) throws {
    let kind = otherOutputs[number]
    try withLabels(of: kind) { folder in
      _ = try run("dp-train", "input.json", "-o", "run", in: folder)
      _ = try run("dp-freeze", "run", "-o", "model.h5", in: folder)
      let info = try run("dp-freeze", "model.h5", "--info", in: folder)
      #expect(info.output.contains("output"))
      let said = try run(
        "dp", "test", "-m", "model.h5", "-s", "labels.h5", "-d", "details", in: folder)
      let lines = said.messages.split(separator: "\n").filter { $0.contains(kind.word) }
      #expect(lines.count == 4 && !lines.contains { $0.contains("nan") })
      let details = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter {
        $0.hasPrefix("details.")
      }
      #expect(details.count >= 3 && !details.contains { $0.contains("atomic") })
      let devi = try runTool(
        "dp-eval", ["model.h5", "labels.h5", "--models", "model.h5"], in: folder)
      #expect(devi.exitCode == 65 && devi.messages.contains("needs energies"))
    }
  }

  @Test func `labels of selected atoms alone are as good as those of all atoms`() throws {
    let kind = otherOutputs[0]
    try withLabels(of: kind, steps: 2) { folder in
      _ = try run("dp-train", "input.json", "-o", "all", in: folder)
      _ = try run("dp-convert", "labels.h5#/a", "a/", in: folder)
      let found = FileManager.default.enumerator(atPath: folder.path)?.allObjects ?? []
      let labels = found.compactMap { $0 as? String }.filter { $0.hasSuffix("atomic_dipole.npy") }
      #expect(labels.count == 1)
      // Of the six atoms of system a the second and the fifth are oxygen.
      let path = try #require(labels.first)
      try cut(folder.appending(path: path), width: 18, to: [3..<6, 12..<15])
      for (name, data) in [("whole", "labels.h5#/a"), ("cut", String(path.prefix { $0 != "/" }))] {
        let text = try String(
          contentsOf: folder.appending(path: "input.json"), encoding: .utf8
        ).replacingOccurrences(
          of: #"["labels.h5#/a", "labels.h5#/b"]"#, with: #"["\#(data)"]"#)
        try text.write(
          to: folder.appending(path: "\(name).json"), atomically: true, encoding: .utf8)
        _ = try run("dp-train", "\(name).json", "-o", name, in: folder)
      }
      #expect(try bytes("cut/lcurve.out", in: folder) == bytes("whole/lcurve.out", in: folder))
    }
  }

  /// Keeps the numbers `kept` of the `width` in each row of the file at `path`.
  private func cut(_ path: URL, width: Int, to kept: [Range<Int>]) throws {
    let data = try Data(contentsOf: path), header = 10 + Int(data[8]) + 256 * Int(data[9])
    let numbers = Array(data[header...]), count = kept.reduce(0) { $0 + $1.count }
    let short = stride(from: 0, to: numbers.count, by: 8 * width).flatMap { row in
      kept.flatMap { numbers[row + 8 * $0.lowerBound..<row + 8 * $0.upperBound] }
    }
    let text = String(decoding: data[10..<header], as: UTF8.self)
    try #require(text.contains(", \(width))") && "\(count)".count < "\(width)".count)
    let changed = text.replacingOccurrences(of: ", \(width))", with: ", \(count)) ")
    try (data[..<10] + Data(changed.utf8) + Data(short)).write(to: path)
  }

  @Test func `a model of energies becomes one of dipoles, with the same descriptor`() throws {
    let kind = otherOutputs[0]
    try withLabels(of: kind, steps: 3) { folder in
      let text = try String(contentsOf: folder.appending(path: "input.json"), encoding: .utf8)
      try text.replacingOccurrences(of: kind.fitting + ", ", with: "")
        .replacingOccurrences(of: kind.loss, with: #""start_pref_e": 1"#)
        .replacingOccurrences(of: "labels.h5#", with: "data.h5#")
        .write(to: folder.appending(path: "energy.json"), atomically: true, encoding: .utf8)
      _ = try run("dp-train", "energy.json", "-o", "energy", in: folder)
      try text.replacingOccurrences(
        of: #""axis_neuron": 2"#, with: #""axis_neuron": 2, "trainable": false"#
      ).write(to: folder.appending(path: "input.json"), atomically: true, encoding: .utf8)
      let tuned = try run(
        "dp-train", "input.json", "--finetune", "energy", "-o", "dipole", in: folder)
      #expect(tuned.messages.contains("its descriptor alone: that gives energy"))
      let (old, new) = try (
        Checkpoint.read(folder.appending(path: "energy/model.ckpt-3.h5").path).model.model,
        Checkpoint.read(folder.appending(path: "dipole/model.ckpt-3.h5").path).model.model
      )
      let lists = [new, old].map { $0.descriptor.parts[0].normalizations }
      #expect(new.output == .dipole && lists[0] == lists[1])
      let theirs = Dictionary(uniqueKeysWithValues: old.tensors.map { ($0.name, $0) })
      for tensor in new.tensors where tensor.name.part == .descriptor {
        let from = try #require(theirs[tensor.name])
        #expect(
          new.parameters[tensor.precision, tensor.range]
            == old.parameters[
              from.precision, from.range])
      }
    }
  }

  @Test func `what does not go together is refused by name`() throws {
    let cases: [(String, String, String)] = [
      (#""type": "dipole""#, #""start_pref_e": 1"#, #"write "tensor""#),
      (#""type": "dos""#, #""type": "dos", "limit_pref_ados": 0"#, "no term of the loss"),
      (#""type": "property""#, #""type": "property""#, "property_name"),
      (#""type": "polar""#, #""type": "tensor", "pref": 0, "pref_atomic": 0"#, "has no term"),
      (#""type": "dipole", "trainable": true"#, #""type": "tensor""#, "trainable"),
    ]
    for (fitting, loss, word) in cases {
      try withTraining(replacing: [
        (#""fitting_net": { "neuron""#, #""fitting_net": { \#(fitting), "neuron""#),
        (#""start_pref_v": 0.5, "limit_pref_v": 1"#, loss),
      ]) { folder in
        let done = try runTool("dp-train", ["input.json", "--check"], in: folder)
        #expect(done.exitCode == 78 && done.messages.contains(word), "\(done.messages)")
      }
    }
  }
}
