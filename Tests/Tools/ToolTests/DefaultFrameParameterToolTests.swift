import Atoms
import Datasets
import Files
import Foundation
import Runs
import TestSupport
import Testing

/// Tools with models whose frame parameters have a default; numbers are DeePMD-kit's.
@Suite struct DefaultFrameParameterToolTests {
  private let model = fixtures.appending(path: "ener_default_fparam.dp").path
  private let change = (
    #""fitting_net": { "neuron": [8, 8],"#,
    #""fitting_net": { "neuron": [8, 8], "numb_fparam": 1, "default_fparam": [0.35],"#
  )

  /// A system of the one frame of a configuration of the fixture, with `fparam` if it has one.
  private func write(_ configuration: JSONValue, to path: String) throws {
    func numbers(_ key: String) -> [Double] { configuration[key]?.numbers ?? [] }
    let box = numbers("box"), parameters = numbers("fparam")
    var system = AtomicSystem(
      place: "frame", typeNames: ["O", "H"], types: numbers("types").map { Int($0) },
      isPeriodic: !box.isEmpty, frameCount: 1, positions: numbers("coord"), cells: box, labels: [:])
    if !parameters.isEmpty { system.labels["fparam"] = parameters }
    try writeSystems([system], toHDF5: path)
  }

  @Test(arguments: 0..<6)
  func `dp-eval predicts as DeePMD-kit does`(number: Int) throws {
    let configuration = try #require(
      try fixture("ener_default_fparam.json")["configs"]?.elements[number])
    try withTemporaryFolder { folder in
      let data = folder.appending(path: "frame.h5").path
      try write(configuration, to: data)
      let run = try runTool("dp-eval", [model, data, "--predictions", "out.h5"], in: folder)
      #expect(run.exitCode == 0, "\(run.messages)")
      let hasOwn = !(configuration["fparam"]?.numbers ?? []).isEmpty
      #expect(run.messages.contains("the model's default_fparam, 0.35") == !hasOwn)
      let found = try readSystems(at: folder.appending(path: "out.h5").path)[0].labels
      for key in ["energy", "force"] {
        let expected = try #require(configuration["out"]?[key]?.numbers)
        let worst = zip(try #require(found[key]), expected).map { abs($0 - $1) }.max() ?? 1
        #expect(worst < 1e-10, "\(key): \(worst)")
      }
    }
  }

  @Test func `dp-train takes it for data without fparam, and its model and restarts keep it`()
    throws
  {
    try withTraining(replacing: [change]) { folder in
      let run = try runTool("dp-train", ["input.json", "-o", "run"], in: folder)
      #expect(run.exitCode == 0, "\(run.messages)")
      #expect(
        run.messages.contains("data without fparam are taken with the model's default_fparam"))
      let checkpoint = try Checkpoint.read(folder.appending(path: "run/model.ckpt-20.h5").path)
      let fitting = checkpoint.model.model.fitting
      #expect(fitting.options.defaultFrameParameters == [0.35])
      #expect(abs(fitting.frameParameterMean[0] - 0.35) < 1e-12)
      #expect(abs(fitting.frameParameterInverseDeviation[0] - 100) < 1e-9)
      let info = try runTool("dp-freeze", ["run", "--info"], in: folder)
      #expect(
        info.output.split(separator: "\n").contains {
          $0.hasPrefix("  default_fparam ") && $0.hasSuffix(" 0.35")
        }, "\(info.output)")
      // Another training may say another default, or none: then the model's stays.
      for (old, new, wanted) in [
        ("[0.35]", "[0.5]", 0.5), (#", "default_fparam": [0.5]"#, "", 0.35),
      ] {
        let path = folder.appending(path: "input.json")
        let text = try String(contentsOf: path, encoding: .utf8)
        try #require(text.contains(old))
        try text.replacingOccurrences(of: old, with: new)
          .write(to: path, atomically: true, encoding: .utf8)
        let next = try runTool(
          "dp-train", ["input.json", "-o", "next-\(wanted)", "--init-model", "run"], in: folder)
        #expect(next.exitCode == 0, "\(next.messages)")
        let model = try Checkpoint.read(
          folder.appending(path: "next-\(wanted)/model.ckpt-20.h5").path)
        #expect(model.model.model.fitting.options.defaultFrameParameters == [wanted])
      }
      // Two models with different defaults have no common input.
      let both = try runTool(
        "dp-eval", ["run", "data.h5", "--models", "next-0.5"], in: folder)
      #expect(both.exitCode == 65)
      let problem = "has no fparam, and the models differ in their default_fparam"
      #expect(both.messages.contains(problem), "\(both.messages)")
    }
  }

  @Test func `dp-train without a default says what is missing`() throws {
    let none = (change.0, #""fitting_net": { "neuron": [8, 8], "numb_fparam": 1,"#)
    try withTraining(replacing: [none]) { folder in
      let run = try runTool("dp-train", ["input.json"], in: folder)
      #expect(run.exitCode == 65)
      #expect(run.messages.contains("has no fparam, but the model takes 1 number per frame"))
      #expect(run.messages.contains("or give the model default_fparam"), "\(run.messages)")
    }
  }
}
