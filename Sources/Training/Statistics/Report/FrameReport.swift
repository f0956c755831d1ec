import Atoms
import DeepPotential

/// The numbers of one frame that the report of its system needs.
struct FrameReport: Sendable, Codable {
  /// The neighbor counts and the closest two atoms, numbered as in the file.
  let neighbors: NeighborSurvey
  /// The fingerprint, by which equal frames are found.
  let fingerprint: FrameFingerprint
  /// Number of atoms of each type.
  let counts: [Int]
  /// The number of atoms without padding atoms.
  let atomCount: Int
  /// The energy, and the energy per atom, in eV; nil without label.
  let energy: Double?, energyPerAtom: Double?
  /// A third of the virial's trace over the volume, and the largest absolute component of the
  /// virial over the volume, in eV/Å³; nil without label or cell.
  let pressure: Double?, largestStress: Double?
  /// The label of the virial and the virial of the forces; nil without labels, or with a cell.
  let virials: VirialPair?
  /// Whether the virial is not symmetric.
  let hasTwistedVirial: Bool
  /// Sums over the forces; nil without labels or atoms.
  let forces: Forces?
  /// The components of the labels of the frame and of its atoms for another output than the energy;
  /// nil without labels.
  let frameValue: CountedSummary?, atomValues: CountedSummary?

  /// Sums over the forces of a frame.
  struct Forces: Sendable, Codable {
    /// Sum of the squared components, in (eV/Å)².
    var squares = 0.0
    /// Length of the sum of all forces, in eV/Å.
    var net = 0.0
    /// The largest squared length, and its atom, numbered as in the file.
    var largestSquared = -1.0, largestAtom = 0
  }

  /// Reads frame `index` of `system`, which is number `number` of the data; neighbors count up to
  /// the cutoff of `counts`, to which this adds its own counts.
  init(
    _ system: LabeledSystem, number: Int, index: Int, typeCount: Int, counts: CommonCounts
  ) throws {
    let (labeled, order) = try system.orderedFrame(index)
    let frame = labeled.frame, labels = labeled.labels
    var survey = NeighborSurvey(
      typeCount: typeCount, shorterCutoffs: counts.shorterCutoffs)
    var data = DataCounts(typeCount: typeCount, cutoff: counts.cutoff)
    survey.add(frame, system: number, index: index, counting: &data)
    data.add(frame, labels, of: system.output)
    counts.add(data)
    if let pair = survey.closest { survey.closest?.atoms = pair.atoms.map { order[$0] } }
    neighbors = survey
    fingerprint = FrameFingerprint(frame)
    self.counts = SystemComposition.counts(frame.types, typeCount: typeCount)
    let count = self.counts.reduce(0, +)
    atomCount = count
    energy = labels.energy
    energyPerAtom = labels.energy.map { $0 / Double(max(count, 1)) }
    if let virial = labels.virial, let cell = frame.cell {
      pressure = (virial.x.x + virial.y.y + virial.z.z) / (3 * cell.volume)
      largestStress = virial.rows.reduce(0) { max($0, abs($1)) } / cell.volume
    } else {
      (pressure, largestStress) = (nil, nil)
    }
    virials = VirialPair(frame, labels)
    hasTwistedVirial = labels.virial.map(FrameReport.isTwisted) ?? false
    forces = labels.forces.flatMap { count > 0 ? Forces($0, frame.types, order: order) : nil }
    let output = system.output
    frameValue = output == .energy ? nil : labels.values[output.name].flatMap { CountedSummary($0) }
    atomValues =
      output == .energy
      ? nil : CountedSummary(frame.types.indices.flatMap { labels.value(of: $0, output, frame) })
  }

  /// The virial of a system without external torque is symmetric; the limit of one percent allows
  /// for rounded files.
  private static func isTwisted(_ v: Matrix3) -> Bool {
    let twist = SIMD3(v.x.y - v.y.x, v.y.z - v.z.y, v.z.x - v.x.z)
    let size = v.rows.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return norm(twist) > 0.01 * size + 1e-6
  }
}

extension FrameReport.Forces {
  /// Sums up `forces` on atoms of `types`, whose places in the file are `order`.
  fileprivate init(_ forces: [SIMD3<Double>], _ types: [Int], order: [Int]) {
    for (atom, force) in forces.enumerated() where types[atom] >= 0 {
      let squared = dot(force, force)
      squares += squared
      if squared > largestSquared { (largestSquared, largestAtom) = (squared, order[atom]) }
    }
    net = norm(forces.reduce(.zero, +))
  }
}

extension DataCounts {
  /// Counts the atoms of `frame`, and its labels of `output` and forces if it has such labels.
  fileprivate mutating func add(
    _ frame: Frame, _ labels: FrameLabels, of output: OutputDefinition
  ) {
    frames += 1
    for type in frame.types where type >= 0 { atoms[type] += 1 }
    let count = frame.types.count { $0 >= 0 }
    if let energy = labels.energy, count > 0 {
      energies.add(ValueCounts([energy / Double(count)]))
    }
    if output != .energy { addValues(of: output, frame, labels) }
    guard let all = labels.forces else { return }
    for type in atoms.indices where atoms[type] > 0 {
      forces[type] = ValueCounts(zip(frame.types, all).compactMap { $0 == type ? norm($1) : nil })
    }
  }
}

extension DataCounts {
  /// Counts the components of the labels of `frame` and its atoms for `output`.
  private mutating func addValues(
    of output: OutputDefinition, _ frame: Frame, _ labels: FrameLabels
  ) {
    if let values = labels.values[output.name] {
      let (names, places) = output.componentGroups
      frameValues = names.indices.map { group in
        ValueCounts(zip(values, places).compactMap { $1 == group ? $0 : nil })
      }
    }
    guard labels.values[output.atomName] != nil else { return }
    atomValues = atoms.indices.map { type in
      ValueCounts(
        frame.types.indices.filter { frame.types[$0] == type }
          .flatMap { labels.value(of: $0, output, frame) })
    }
  }
}

extension FrameLabels {
  /// The label of one atom for `output`; empty for atoms without.
  fileprivate func value(
    of atom: Int, _ output: OutputDefinition, _ frame: Frame
  ) -> [Double] {
    guard frame.types[atom] >= 0, let all = values[output.atomName] else { return [] }
    let own = all[atom * output.width..<(atom + 1) * output.width]
    return own.contains(where: \.isNaN) ? [] : Array(own)
  }
}

extension ForceSummary {
  /// Summarizes all forces in `frames`; nil if there are none.
  init?(_ frames: [FrameReport]) {
    var squares = 0.0, count = 0, largest = (squared: -1.0, frame: 0, atom: 0)
    for (number, frame) in frames.enumerated() {
      guard let forces = frame.forces else { continue }
      squares += forces.squares
      count += 3 * frame.atomCount
      if forces.largestSquared > largest.squared {
        largest = (forces.largestSquared, number, forces.largestAtom)
      }
    }
    guard count > 0 else { return nil }
    self.init(
      rootMeanSquare: (squares / Double(count)).squareRoot(),
      largest: largest.squared.squareRoot(), frame: largest.frame, atom: largest.atom)
  }
}
