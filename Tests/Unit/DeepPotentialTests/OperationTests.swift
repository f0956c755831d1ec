import Atoms
import DeepPotential
import Kernels
import Random
import Testing

/// Each operation in a small program where all that it reads moves and learns: the hardest case.
///
/// The energies' tangent is their difference, it is the transpose of the backward pass, and the
/// gradient is the difference of what both sweeps add up to.
@Suite struct OperationTests {
  static let cases: [OperationCase] = OperationCase.all

  @Test(arguments: cases, [2, 100])
  func `tangent, transpose and gradient are right`(operation: OperationCase, tileSize: Int) {
    let made = operation.program(tileSize: tileSize), frame = exampleFrame(atoms: 7)
    let adjoint = randomAdjoint(atoms: 7)
    let run = made.program.run(frame, made.parameters, adjoint, RunOptions(threads: 2))
    checkTangent(made.program, made.parameters, frame, adjoint, run)
    checkGradient(made.program, made.parameters, frame, adjoint, run)
    let kept = made.program.run(
      frame, made.parameters, adjoint, RunOptions(threads: 1, keeps: true))
    #expect(kept == run)
  }

  @Test(arguments: cases) func `float32 follows float64`(operation: OperationCase) {
    let (program, parameters) = operation.program(tileSize: 3), frame = exampleFrame(atoms: 7)
    let adjoint = randomAdjoint(atoms: 7)
    let single = Parameters(float32: parameters.float64.map { Float($0) })
    let found = program.run(Float.self, frame, single, adjoint)
    let errors = found.errors(against: program.run(frame, parameters, adjoint))
    #expect(errors.max() ?? 1 <= 1e-4, "\(errors)")
  }

  @Test func `a gather of neighbors' rows ends a stage`() throws {
    let messages = try #require(
      OperationTests.cases.first { $0.testDescription == "messages from neighbors" })
    let lines = "\(messages.program(tileSize: 3).program)".split(separator: "\n")
    // Operations on types come first, then three stages of pairs, two of which begin with a gather;
    // before the last one is a stage of atoms alone.
    let stages = lines.map { $0.prefix(1) }
    #expect(stages == stages.sorted() && Set(stages) == ["-", "0", "1", "2", "3"])
    #expect(lines.filter { $0.contains("HALO") }.map { $0.prefix(1) } == ["1", "3"])
  }

  @Test(arguments: [("dpa3", true), ("dpa2", true), ("dpa1_example", false)])
  func `nets of atoms have stages of their own where messages are passed`(
    name: String, passesMessages: Bool
  ) throws {
    let program = try RecordedProgram(name).program
    let lines = "\(program)".split(separator: "\n").filter { $0.first != "-" }
    func stages(_ isWanted: (Substring) -> Bool) -> Set<Substring> {
      Set(lines.filter(isWanted).map { $0.prefix { $0 != " " } })
    }
    let ofPairs = stages { $0.contains("[pairs(") || $0.contains("[angles(") }
    let ofNets = stages { $0.contains(" map ") && $0.contains("[atom][") }
    #expect(program.passesMessages == passesMessages && !ofPairs.isEmpty && !ofNets.isEmpty)
    #expect(ofPairs.isDisjoint(with: ofNets) == passesMessages, "\(program)")
  }

  /// Along a direction v of all atoms the tangent of the energies is their difference, and its sum
  /// is `-F·v`.
  private func checkTangent(
    _ program: Program, _ parameters: Parameters, _ frame: Frame, _ adjoint: PredictionAdjoint,
    _ run: ProgramRun
  ) {
    var still = adjoint
    still.virial = .zero
    let tangents = program.run(frame, parameters, still).energyTangents
    func energies(_ h: Double) -> [Double] {
      var frame = frame
      for k in frame.positions.indices { frame.positions[k] -= h * adjoint.forces[k] }
      return program.run(frame, parameters, adjoint).prediction.atomEnergies
    }
    let h = 1e-5
    let differences = zip(zip(energies(h), energies(-h)), zip(energies(2 * h), energies(-2 * h)))
      .map { (8 * ($0.0 - $0.1) - $1.0 + $1.1) / (12 * h) }
    #expect(relativeError(tangents, differences) <= 1e-7)
    let along = zip(run.prediction.forces, adjoint.forces).reduce(0) { $0 + ($1.0 * $1.1).sum() }
    let scale = tangents.map(abs).reduce(0, +)
    #expect(abs(tangents.reduce(0, +) - along) <= 1e-12 * scale)
  }

  /// The gradient of `Σ a E + Σ v·F + W:V`.
  private func checkGradient(
    _ program: Program, _ parameters: Parameters, _ frame: Frame, _ adjoint: PredictionAdjoint,
    _ run: ProgramRun
  ) {
    let gradient = run.gradient.float64, scale = gradient.map(abs).max() ?? 0, h = 1e-5
    #expect(scale > 0)
    for k in stride(from: 0, to: gradient.count, by: max(1, gradient.count / 11)) {
      func loss(_ h: Double) -> Double {
        var moved = parameters
        moved.float64[k] += h
        let said = program.run(frame, moved, adjoint).prediction
        return zip(said.atomEnergies, adjoint.atomValues).reduce(0) { $0 + $1.0 * $1.1 }
          + zip(said.forces, adjoint.forces).reduce(0) { $0 + ($1.0 * $1.1).sum() }
          + zip(said.virial.rows, adjoint.virial.rows).reduce(0) { $0 + $1.0 * $1.1 }
      }
      let difference = (8 * (loss(h) - loss(-h)) - loss(2 * h) + loss(-2 * h)) / (12 * h)
      #expect(abs(difference - gradient[k]) <= 2e-7 * scale)
    }
  }
}

/// One operation between inputs that move and learn, and an energy.
struct OperationCase: Sendable, CustomTestStringConvertible {
  let testDescription: String
  private let emit: @Sendable (inout Inputs) -> View, angles: PairList.Angles

  static let all: [OperationCase] =
    [
      OperationCase("outer product, segment sum") {
        $0.toAtoms($0.x, $0.y[0..<4], .outer(12, 4))
      },
      OperationCase("wide outer product and Gram matrix") { inputs in
        let wide = inputs.wide(100), rows = Space.pairs(list: inputs.list)
        let t = inputs.builder.bilinear(
          "T", wide, inputs.y[0..<4], .outer(100, 4), rows: rows, to: (.atom(of: rows), .atom))
        return inputs.builder.bilinear("D", t, t, .gram(100, 4, 16), rows: .atom)
      },
      OperationCase("elementwise, weighted") {
        $0.builder.bilinear(
          "z", $0.x, $0.y, .elementwise(12), rows: .pairs(list: $0.list), factor: 0.3,
          weight: .inverseRootCount(list: $0.list))
      },
      OperationCase("dot products of angles") {
        $0.builder.angleDot("z", $0.x, .angles(list: $0.list))
      },
      OperationCase("messages from neighbors") { inputs in
        let list = inputs.list, rows = Space.pairs(list: list)
        let atoms = inputs.toAtoms(inputs.x, inputs.y[0..<1], .scaled(12))
        let near = inputs.builder.at(atoms, .neighbor(list: list))
        let message = inputs.builder.bilinear(
          "m", inputs.y, near, .elementwise(12), rows: rows, to: (.atom(of: rows), .atom))
        let next = inputs.builder.sum("n", [Term(message), Term(atoms, 0.5)], rows: .atom)
        let far = inputs.builder.at(next, .neighbor(list: list))
        return inputs.builder.sum("s", [Term(far, 0.5), Term(inputs.x)], rows: rows)
      },
      OperationCase("activations that cross stages") { inputs in
        let list = inputs.list, rows = Space.pairs(list: list)
        let atoms = inputs.toAtoms(inputs.x, inputs.y[0..<1], .scaled(12))
        let far = inputs.builder.at(
          inputs.builder.map("f", atoms, .tanh), .neighbor(list: list))
        let own = inputs.builder.map("g", inputs.y, .silu)
        let first = inputs.builder.sum("s", [Term(far), Term(own)], rows: rows)
        let sum = inputs.toAtoms(first, own[0..<1], .scaled(12))
        let again = inputs.builder.at(sum, .neighbor(list: list))
        return inputs.builder.sum("t", [Term(again), Term(own)], rows: rows)
      },
      OperationCase("rows of layers that cross stages") { inputs in
        let list = inputs.list, rows = Space.pairs(list: list)
        func near(_ atoms: View, _ inputs: inout Inputs) -> View {
          inputs.builder.at(atoms, .neighbor(list: list))
        }
        let e = inputs.builder.bilinear("e", inputs.x, inputs.y, .elementwise(12), rows: rows)
        var old = inputs.builder.sum("e0", [Term(e), Term(inputs.x, 0.5)], rows: rows)
        for k in 1...3 {
          let atoms = inputs.toAtoms(old, inputs.y[0..<1], .scaled(12))
          let update = inputs.builder.bilinear(
            "u\(k)", old, near(atoms, &inputs), .elementwise(12), rows: rows)
          let f = inputs.builder.map("f\(k)", update, .silu)
          old = inputs.builder.sum("e\(k)", [Term(old), Term(f, 0.3)], rows: rows)
        }
        return old
      },
      OperationCase("an old value that is read between an update and their sum") { inputs in
        let old = inputs.toAtoms(inputs.x, inputs.y[0..<1], .scaled(12))
        let update = inputs.builder.bilinear("u", old, old, .elementwise(12), rows: .atom)
        let other = inputs.builder.map("o", old, .tanh)
        let new = inputs.builder.sum("n", [Term(old), Term(update)], rows: .atom)
        return inputs.builder.bilinear("z", new, other, .elementwise(12), rows: .atom)
      },
      OperationCase("a value twice, after one that does not move") {
        let types = $0.builder.at($0.types, .neighborType(list: $0.list))
        return $0.builder.sum(
          "s", [Term(types), Term($0.x), Term($0.x)], rows: .pairs(list: $0.list))
      },
      OperationCase("two sources at once, and one in two stages") { inputs in
        let list = inputs.list, rows = Space.pairs(list: list)
        let a = inputs.toAtoms(inputs.x, inputs.y[0..<1], .scaled(12))
        let b = inputs.toAtoms(inputs.y, inputs.x[0..<1], .scaled(12))
        let nearA = inputs.builder.at(a, .neighbor(list: list))
        let nearB = inputs.builder.at(b, .neighbor(list: list))
        let m = inputs.builder.bilinear("m", nearA, nearB, .elementwise(12), rows: rows)
        let c = inputs.toAtoms(m, inputs.y[0..<1], .scaled(12))
        let nearC = inputs.builder.at(c, .neighbor(list: list))
        return inputs.builder.bilinear("n", nearC, nearA, .elementwise(12), rows: rows)
      },
      OperationCase("sum of gathers, columns and a constant") {
        let list = $0.list, rows = Space.pairs(list: list)
        let types = $0.builder.at($0.types, .neighborType(list: list))
        return $0.builder.sum(
          "s",
          [Term($0.x, 2, offset: 1), Term($0.y[3..<9], weight: .isOuter(list: list)), Term(types)],
          rows: rows, constant: 0.5)
      },
      OperationCase("segment sum") {
        let rows = Space.pairs(list: $0.list)
        return $0.builder.sum(
          "s", [Term($0.x, 0.3, weight: .multiplicity(rows))], rows: rows,
          to: (.atom(of: rows), .atom))
      },
      OperationCase("layer norm") { $0.builder.normalize("n", $0.x, centers: true, epsilon: 1e-5) },
      OperationCase("unit length") {
        $0.builder.normalize("n", $0.x[1..<4], centers: false, epsilon: 1e-12)
      },
      OperationCase("hard softmax") {
        $0.builder.softmax("s", $0.angles, segment: .first(of: .angles(list: $0.list)))
      },
      OperationCase("softmax with empty slots") {
        $0.builder.softmax(
          "s", $0.angles, segment: .first(of: .angles(list: $0.list)),
          extra: .emptySlotsOfRow(list: $0.list))
      },
      OperationCase("smooth attention with angles", angles: .real) {
        $0.builder.attention("a", list: $0.list, $0.attention(isGated: true), factor: 0.7)
      },
      OperationCase("hard attention", angles: .real) {
        $0.builder.attention("a", list: $0.list, $0.attention(isGated: false), factor: 3)
      },
    ]
    + [Activation.tanh, .silu, .silut(threshold: 0.2), .gelu, .softplus, .sigmoid].map { f in
      OperationCase("map \(f.name)") { $0.builder.map("f", $0.x, f) }
    }

  private init(
    _ name: String, angles: PairList.Angles = .inner(cutoff: 2.2, slots: 20),
    _ emit: @escaping @Sendable (inout Inputs) -> View
  ) {
    (testDescription, self.emit, self.angles) = (name, emit, angles)
  }

  /// The program, and random parameters for it.
  func program(tileSize: Int) -> (program: Program, parameters: Parameters) {
    var inputs = Inputs(angles: angles)
    let out = emit(&inputs)
    let energy = inputs.energy(of: out)
    var random = CounterRandom(seed: 12, purpose: "operations")
    let numbers = (0..<inputs.layout.float64Count).map { _ in 0.4 * random.normal() }
    let program = Program(
      inputs.builder, result: energy, cutoff: 3, neighborLimit: 60, biases: [0, 0],
      tileSize: tileSize)
    return (program, Parameters(float64: numbers))
  }
}

/// Values that move and learn: 12 columns for each row of a pair list, twice, and one for each
/// angle; and embeddings of types, which only learn.
struct Inputs {
  var builder = ProgramBuilder(typeCount: 2)
  var layout = ParameterLayout()
  let list: Int
  private(set) var x: View, y: View, types: View
  private let row: View

  init(angles: PairList.Angles = .inner(cutoff: 2.2, slots: 20)) {
    var rule = PairList(NeighborRule(.ofAllTypes(60), typeCount: 2, cutoff: 3))
    (rule.constants, rule.angles) = (.empty, angles)
    rule.mean = (0..<2 * 60 * 4).map { 0.1 * Double($0 % 4) }
    rule.deviation = Array(repeating: 0.4, count: 2 * 60 * 4)
    list = builder.list(rule)
    row = builder.geometry(
      "row", list: list, .environmentRow(.polynomial(inner: 0.5, outer: 3), protection: 0.1),
      hasStatistics: true)
    let rows = Space.pairs(list: list)
    func layer(_ inputs: Int, _ layout: inout ParameterLayout) -> DenseLayer {
      DenseLayer(
        inputs: inputs, outputs: 12, activation: .tanh, hasBias: true, hasTimestep: true,
        wantsShortcut: false, precision: .float64, in: &layout)
    }
    types = builder.typeEmbedding(
      DenseNetwork(precision: .float64, layers: [layer(2, &layout)]))
    let center = builder.at(types, .centerType(list: list))
    x = builder.dense("x", [row, center], layer(16, &layout), rows: rows)
    y = builder.dense("y", [row], layer(4, &layout), rows: rows)
  }

  /// What attention reads: five columns for each row, of x and y; and if it `isGated`, the switch
  /// and the direction, which do not learn.
  mutating func attention(isGated: Bool) -> AttentionInputs {
    let w = builder.geometry(
      "w", list: list, .smoothSwitch(.polynomial(inner: 0.5, outer: 3)))
    let u = builder.normalize("u", row[1..<4], centers: false, epsilon: 1e-12)
    return AttentionInputs(
      query: x[0..<5], key: y[3..<8], value: x[6..<11], switches: isGated ? w : nil,
      directions: isGated ? u : nil)
  }

  /// Two columns for each angle.
  var angles: View {
    mutating get {
      let space = Space.angles(list: list)
      let first = builder.at(x[0..<2], .first(of: space))
      let second = builder.at(y[0..<2], .second(of: space))
      return builder.bilinear("angles", first, second, .elementwise(2), rows: space, factor: 3)
    }
  }

  /// `width` columns for each row.
  mutating func wide(_ width: Int) -> View {
    let layer = DenseLayer(
      inputs: 12, outputs: width, activation: .linear, hasBias: false, hasTimestep: false,
      wantsShortcut: false, precision: .float64, in: &layout)
    return builder.dense("wide", [x], layer, rows: .pairs(list: list))
  }

  /// A product of rows, summed over those of each atom.
  mutating func toAtoms(_ x: View, _ y: View, _ form: TrilinearForm) -> View {
    let rows = Space.pairs(list: list)
    return builder.bilinear("z", x, y, form, rows: rows, to: (.atom(of: rows), .atom))
  }

  /// A linear energy of `view`, summed over the rows of each atom; with an activation, so that
  /// adjoints have tangents.
  mutating func energy(of view: View) -> View {
    let hidden = DenseLayer(
      inputs: view.width, outputs: 3, activation: .tanh, hasBias: true, hasTimestep: false,
      wantsShortcut: false, precision: .float64, in: &layout)
    let last = DenseLayer(
      inputs: 3, outputs: 1, activation: .linear, hasBias: false, hasTimestep: false,
      wantsShortcut: false, precision: .float64, in: &layout)
    let rows = builder.space(view)
    let y = builder.network(
      "E", [view], DenseNetwork(precision: .float64, layers: [hidden, last]), rows: rows)
    if rows == .atom { return y }
    return builder.sum("sum", [Term(y)], rows: rows, to: (.atom(of: rows), .atom))
  }
}
