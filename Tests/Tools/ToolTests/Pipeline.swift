import Files
import Foundation
import TestSupport
import Testing

/// A copy of the Makefile and its scripts in a folder of its own, with a small system `tiny`.
struct Pipeline {
  let folder: URL

  func make(_ arguments: String...) throws -> Finished { try make(arguments) }

  func make(_ arguments: [String]) throws -> Finished {
    try runProgram(
      "/usr/bin/make", ["SYSTEM=tiny", "RAW=raw", "BIN=\(toolFolder.path)"] + arguments, in: folder,
      environment: ["MAKEFLAGS": "", "MAKELEVEL": ""])
  }

  /// Types `command` into a shell in the folder.
  func type(_ command: String) throws -> Finished {
    try runProgram(
      "/bin/sh", ["-c", command], in: folder, environment: ["MAKEFLAGS": "", "MAKELEVEL": ""])
  }

  func has(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: folder.appending(path: name).path)
  }

  func write(_ text: String, to name: String) throws {
    try text.write(to: folder.appending(path: name), atomically: false, encoding: .utf8)
  }

  /// The stages that ran, in order.
  func stages(_ arguments: String...) throws -> [String] {
    let finished = try make(arguments)
    #expect(finished.exitCode == 0, "\(finished.messages)")
    return stages(finished)
  }

  func stages(_ finished: Finished) -> [String] {
    finished.output.split(separator: "\n").filter { $0.hasPrefix("==> ") }
      .map { String($0.dropFirst(4).prefix { $0 != ":" }) }
  }

  func touchEverything() throws {
    for name in try contents(of: folder) {
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSinceNow: 60)],
        ofItemAtPath: folder.appending(path: name).path)
    }
  }

  /// Changes the last number of an npy file by one unit in the last place.
  func changeByte(of name: String) throws {
    let file = folder.appending(path: name)
    var bytes = try Data(contentsOf: file)
    bytes[bytes.count - 8] ^= 1
    try bytes.write(to: file)
  }
}

func inPipeline<Result>(_ body: (Pipeline) throws -> Result) throws -> Result {
  try withTemporaryFolder { folder in
    let files = FileManager.default
    for name in ["Makefile", "pipelines"] {
      try files.copyItem(
        at: checkout.appending(path: name), to: folder.appending(path: name))
    }
    try files.copyItem(at: fixtures.appending(path: "data"), to: folder.appending(path: "raw"))
    let validation = folder.appending(path: "raw/validation")
    try files.createDirectory(at: validation, withIntermediateDirectories: true)
    try files.moveItem(
      at: folder.appending(path: "raw/c"), to: validation.appending(path: "c"))
    let tiny = folder.appending(path: "pipelines/tiny")
    try files.createDirectory(at: tiny, withIntermediateDirectories: true)
    try tinyInput.write(to: tiny.appending(path: "input.json"), atomically: false, encoding: .utf8)
    return try body(Pipeline(folder: folder))
  }
}

private let tinyInput = """
  {
    "model": {
      "type_map": ["O", "H"],
      "descriptor": {"type": "se_e2_a", "sel": "auto", "rcut": 4, "neuron": [2, 4], "axis_neuron": 2},
      "fitting_net": {"neuron": [4], "seed": 1}
    },
    "learning_rate": {"type": "exp", "start_lr": 0.001, "stop_lr": 1e-4, "decay_steps": 10},
    "loss": {"type": "ener"},
    "training": {
      "training_data": {"systems": ["training.h5"], "batch_size": 1},
      "validation_data": {"systems": ["validation.h5"], "batch_size": 1},
      "numb_steps": 5, "seed": 1, "disp_freq": 1, "save_freq": 2
    }
  }
  """
