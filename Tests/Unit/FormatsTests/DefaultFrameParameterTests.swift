import Atoms
import Configuration
import Datasets
import DeepPotential
import Diagnostics
import Files
import Foundation
import HDF5
import Models
import TestSupport
import Testing
import Training

/// `default_fparam`: what frames without parameters have.  The numbers are those of DeePMD-kit's
/// PyTorch backend.
@Suite struct DefaultFrameParameterTests {
  private let model: StoredModel
  private let json: JSONValue

  init() throws {
    model = try StoredModel.read(fixtures.appending(path: "ener_default_fparam.dp").path)
    json = try fixture("ener_default_fparam.json")
  }

  private func input(_ fitting: String) throws -> TrainingInput {
    let text = """
      {
        "model": {
          "type_map": ["O", "H"],
          "descriptor": { "type": "se_e2_a", "rcut": 4.0, "rcut_smth": 1.0, "sel": [12, 20] },
          "fitting_net": { "neuron": [8, 8], \(fitting) }
        },
        "learning_rate": { "start_lr": 0.001 },
        "training": { "training_data": { "systems": "data" }, "numb_steps": 100 }
      }
      """
    return try TrainingInput(Data(text.utf8), place: "input.json")
  }

  @Test func `a model file keeps it`() throws {
    #expect(model.model.fitting.options.defaultFrameParameters == [0.35])
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "model.h5").path
      try model.write(to: path)
      let again = try StoredModel.read(path).model
      #expect(again == model.model)
      let turned = again.reordered(to: ["H", "O"]).reordered(to: ["O", "H"])
      #expect(turned.fitting.options == again.fitting.options)
    }
  }

  @Test(arguments: ["[]", "[0.1, 0.2]", "0.35", #"["a"]"#, "[null]"])
  func `a model file with a default of another form is refused`(value: String) throws {
    let error = #expect(throws: ToolError.self) { try variant(value) }
    #expect(error?.kind == .data)
    #expect(error?.problem.contains("null or 1 number") == true, "\(String(describing: error))")
  }

  @Test func `a model file without a default has none`() throws {
    #expect(try variant("null").fitting.options.defaultFrameParameters == nil)
  }

  /// The fixture with another default.
  private func variant(_ value: String) throws -> EnergyModel {
    try readVariant(
      of: "ener_default_fparam.dp", replacing: #""default_fparam":[0.35],"dim"#,
      with: #""default_fparam":\#(value),"dim"#)
  }

  @Test func `an input gives it, and a training keeps it in its script`() throws {
    let given = try input(#""numb_fparam": 2, "default_fparam": [0.5, -1]"#)
    #expect(given.model.fitting.defaultFrameParameters == [0.5, -1])
    for none in ["null", "[]"] {
      let count = none == "[]" ? 0 : 2
      let other = try input(#""numb_fparam": \#(count), "default_fparam": \#(none)"#)
      #expect(other.model.fitting.defaultFrameParameters == nil)
    }
  }

  @Test(arguments: [
    (#""numb_fparam": 2, "default_fparam": [0.5]"#, "2 numbers"),
    (#""default_fparam": [0.5]"#, "0 numbers"),
    (#""numb_fparam": 1, "default_fparam": 0.5"#, "1 number"),
    (#""numb_fparam": 1, "default_fparam": ["x"]"#, "1 number"),
  ])
  func `an input with a default of another form is refused`(text: String, wanted: String) throws {
    let error = #expect(throws: ToolErrors.self) { try input(text) }
    let found = try #require(error?.errors.first)
    #expect(found.kind == .configuration && found.place.contains("default_fparam"))
    #expect(found.problem.contains(wanted), "\(found)")
  }

  @Test(arguments: [0, 1])
  func `statistics are those of the PyTorch backend`(item: Int) throws {
    let expected = try #require(json["statistics"]?.elements[item])
    let options = try input(#""numb_fparam": 1, "default_fparam": [0.35]"#).model
    var sample = StatisticsSample(for: options)
    for (k, name) in ["a", "b"].enumerated() {
      var system = try readSystems(at: fixtures.appending(path: "data/\(name)").path)[0]
      let values = expected["fparam"]?.elements ?? []
      system.labels["fparam"] = values.isEmpty ? nil : values[k].numbers
      let (frames, notices) = try Notices.collected {
        let labeled = try LabeledSystem(
          system, typeMap: ["O", "H"],
          inputs: ModelInputs(frameParameters: 1, defaultFrameParameters: [0.35]))
        return try (0..<labeled.frameCount).map { try labeled.frame($0) }
      }
      let said = "data without fparam are taken with the model's default_fparam, 0.35"
      #expect(notices == (item == 0 ? [said] : []))
      sample += StatisticsSample(frames, for: options)
    }
    let mean = sample.frameParameters[0].mean
    let wanted = try #require(expected["fparam_avg"]?.numbers.first)
    #expect(abs(mean - wanted) < 1e-12)
    let deviation = sample.frameParameters[0].deviation(atLeast: 0.01)
    let inverse = try #require(expected["fparam_inv_std"]?.numbers.first)
    #expect(abs(1 / deviation - inverse) < 1e-9 * inverse)
  }

  @Test func `data without parameters and models without a default do not go together`() throws {
    let system = try readSystems(at: fixtures.appending(path: "data/a").path)[0]
    let error = #expect(throws: ToolError.self) {
      try LabeledSystem(system, typeMap: ["O", "H"], inputs: ModelInputs(frameParameters: 1))
    }
    #expect(error?.remedy?.contains("default_fparam") == true)
    // Parameters of another width are not replaced by the default.
    var wide = system
    wide.labels["fparam"] = Array(repeating: 1, count: 2 * system.frameCount)
    #expect(
      fails(as: .data) {
        try LabeledSystem(
          wide, typeMap: ["O", "H"],
          inputs: ModelInputs(frameParameters: 1, defaultFrameParameters: [0.35]))
      })
  }
}
