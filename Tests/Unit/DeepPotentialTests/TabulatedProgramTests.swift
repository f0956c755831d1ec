import Atoms
import DeepPotential
import Diagnostics
import Files
import Kernels
import Models
import TestSupport
import Testing

/// Programs in which tables stand for networks, against the same programs without.
@Suite struct TabulatedProgramTests {
  static let models = [
    "se_e2_r", "se_e3", "se_e3_tebd_concat", "se_e3_tebd_strip", "se_e3_tebd_strip_hard",
    "dpa1_strip_attn0", "dpa1_strip_davg", "dpa1_strip_hard", "dpa1_concat_attn1_hard",
    "dpa1_concat_attn2", "dpa1_concat_attn2_nosmooth", "dpa1_concat_attn3", "dpa1_example",
    "se_atten_v2",
  ]

  @Test(arguments: models) func `tables say what the networks say`(name: String) throws {
    let model = try StoredModel.read(fixtures.appending(path: "descriptors/\(name).dp").path).model
    let direct = model.program(tileSize: 3), tabulated = model.program(tileSize: 3, tabulates: true)
    #expect(tabulated.hasTables && !direct.hasTables)
    let configurations = try fixture("descriptors/\(name).json")["configs"]?.elements ?? []
    #expect(!configurations.isEmpty)
    for configuration in configurations {
      let frame = try Frame(fixture: configuration)
      let adjoint = randomAdjoint(atoms: frame.types.count)
      let expected = direct.run(frame, model.parameters, adjoint)
      let found = tabulated.run(frame, model.parameters, adjoint)
      // Attention with hard edges and layer norms of few numbers amplify what differs.
      let errors = found.errors(against: expected)
      #expect(errors.max() ?? 1 <= 1e-8, "\(errors)")
      let single = tabulated.run(frame, model.parameters, adjoint, RunOptions(threads: 3))
      #expect(single == found)
    }
  }

  /// A DPA-1 without attention whose tables make the moments at once.
  struct Moments: CustomTestStringConvertible {
    var precision = Precision.float64, isOneSided = false, neuron = [6, 12, 20]
    /// Whether the embedding is gated, and smoothly.
    var gate: Bool?
    var inner = 0.5, hasMean = false

    static let all: [Moments] =
      [Precision.float64, .float32].flatMap { precision in
        [true, false].flatMap { isOneSided in
          [nil, true, false].map {
            Moments(precision: precision, isOneSided: isOneSided, gate: $0)
          }
        }
      } + [
        Moments(neuron: [25, 50, 100], gate: true, inner: 2),
        Moments(neuron: [25, 50, 100], gate: true, inner: 0),
        Moments(hasMean: true), Moments(precision: .float32, gate: true, hasMean: true),
        Moments(gate: true, hasMean: true), Moments(isOneSided: true, gate: false, hasMean: true),
      ]

    var testDescription: String {
      let gated = gate.map { $0 ? "smooth gate" : "hard gate" } ?? "inputs"
      return "\(precision), \(isOneSided ? "one" : "two") sides, \(gated), \(neuron), \(inner)"
        + (hasMean ? ", with means" : "")
    }

    var model: EnergyModel {
      var options = DPA1Options()
      options.slots = [60]
      (options.innerCutoff, options.outerCutoff) = (inner, 4)
      options.neuron = neuron
      options.axisWidth = 5
      options.attention.layers = 0
      options.typeOneSide = isOneSided
      options.excludedPairs = [[0, 1]]
      options.precision = precision
      if let gate {
        options.types.mode = .stripped
        options.isSmooth = gate
      }
      var fitting = FittingOptions(neuron: [10, 10])
      fitting.precision = precision
      var model = EnergyModel(
        ModelOptions(typeMap: ["O", "H"], descriptor: .dpa1(options), fitting: fitting))
      model.initialize(seed: 4)
      if case .dpa1(var part) = model.descriptor {
        // Deviations by type and by part of a row, the same in all slots.
        part.deviation = part.deviation.indices.map {
          0.1 + 0.05 * Double($0 / 240) + 0.02 * Double($0 % 4)
        }
        if hasMean {
          part.mean = part.mean.indices.map { $0 % 4 == 0 ? 0.05 + 0.02 * Double($0 / 240) : 0 }
        }
        model.descriptor = .dpa1(part)
      }
      return model
    }
  }

  @Test(arguments: Moments.all)
  func `neighbors go through tables and into moments at once`(_ one: Moments) throws {
    let model = one.model, isDouble = one.precision == .float64
    let direct = model.program(), tabulated = model.program(tabulates: true)
    #expect("\(tabulated)".contains("moments"))
    for frame in [exampleFrame(atoms: 21), exampleFrame(atoms: 9, isPeriodic: false)] {
      let adjoint = randomAdjoint(atoms: frame.types.count)
      func run(_ program: Program, threads: Int = 1) -> ProgramRun {
        let options = RunOptions(threads: threads)
        return isDouble
          ? program.run(frame, model.parameters, adjoint, options)
          : program.run(Float.self, frame, model.parameters, adjoint, options)
      }
      let found = run(tabulated), errors = found.errors(against: run(direct))
      #expect(errors.max() ?? 1 <= (isDouble ? 1e-9 : 2e-4), "\(errors)")
      #expect(run(tabulated, threads: 3) == found)
    }
  }

  @Test func `types that a frame does not have need no tables, and get no gradient`() throws {
    let model = try StoredModel.read(fixtures.appending(path: "descriptors/dpa1_example.dp").path)
      .model
    var frame = exampleFrame(atoms: 9)
    frame.types = frame.types.map { _ in 1 }
    let adjoint = randomAdjoint(atoms: 9)
    let found = model.program(tabulates: true).run(frame, model.parameters, adjoint)
    let expected = model.program().run(frame, model.parameters, adjoint)
    #expect(found.errors(against: expected).max() ?? 1 <= 1e-9)
  }

  @Test(arguments: ["relu", "relu6"])
  func `functions with kinks are not tabulated`(name: String) throws {
    var options = DPA1Options()
    options.neuron = [4, 8]
    options.activation = try #require(Activation(name: name))
    options.slots = [9]
    options.attention.layers = 0
    let model = EnergyModel(
      ModelOptions(typeMap: ["O", "H"], descriptor: .dpa1(options), fitting: FittingOptions()))
    #expect(!model.program(tabulates: true).hasTables)
  }

  @Test(arguments: models + ["se_e2_a_twoside", "se_e2_a_float32"])
  func `networks computed for many rows at once say what their chains of operations say`(
    name: String
  ) throws {
    let folder = name.hasPrefix("se_e2_a") ? "" : "descriptors/"
    let path = fixtures.appending(path: "\(folder)\(name).dp").path
    let model = try StoredModel.read(path).model, isSingle = name.hasSuffix("float32")
    let chain = model.program(tileSize: 3), atOnce = model.program(tileSize: 3, atOnce: true)
    #expect(atOnce.operations.count < chain.operations.count)
    for configuration in try fixture("\(folder)\(name).json")["configs"]?.elements ?? [] {
      let frame = try Frame(fixture: configuration)
      let a = predict(frame, chain, model, isSingle), b = predict(frame, atOnce, model, isSingle)
      let tolerance = isSingle ? 1e-5 : 1e-9
      for (x, y) in zip(a.atomValues, b.atomValues) { #expect(abs(x - y) <= tolerance) }
      for (x, y) in zip(a.forces, b.forces) {
        #expect(((x - y) * (x - y)).sum() <= 100 * tolerance * tolerance)
      }
    }
  }

  private func predict(
    _ frame: Frame, _ program: Program, _ model: EnergyModel, _ isSingle: Bool
  ) -> Prediction {
    func run<Scalar: NetworkScalar>(_: Scalar.Type) -> Prediction {
      let sweeps = ProgramSweeps<Scalar>(program, threads: 2)
      return model.parameters.withPointers { pointers in
        sweeps.prepare(pointers)
        return sweeps.predict(ProgramFrame(frame, program))
      }
    }
    return isSingle ? run(Float.self) : run(Double.self)
  }

  @Test func `pairs closer than tables of angles reach go the direct way`() throws {
    let path = fixtures.appending(path: "descriptors/se_e3.dp").path
    let model = try StoredModel.read(path).model
    var frame = exampleFrame(atoms: 9)
    frame.positions[1] = frame.positions[0] + SIMD3(0.4, 0.1, 0)
    let program = model.program(tabulates: true)
    let sweeps = ProgramSweeps<Double>(program, threads: 1)
    model.parameters.withPointers { pointers in
      sweeps.prepare(pointers)
      #expect(!sweeps.begin(ProgramFrame(frame, program)))
    }
    func energy(_ tabulates: Bool) -> Double {
      Evaluator(threads: 1, tabulates: tabulates).predict([model.prepare(frame)], with: model)[0]
        .energy
    }
    let (direct, none) = Notices.collected { energy(false) }
    let (fallen, said) = Notices.collected { energy(true) }
    #expect(fallen == direct && none.isEmpty)
    #expect(said.count == 1 && said[0].contains("slower than tables"))
  }
}
