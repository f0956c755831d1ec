import Kernels

extension Output {
  /// Adds what turns the nets' numbers `net` of each atom into its value, without biases, and its
  /// force where the nets give that.
  ///
  /// `energy` is that of further nets; `vectors` are the descriptor's, `[3][count]`; `deviations`
  /// those of the labels of each type, `[types][width]`.  Source: docs/MATH.md, "Outputs".
  func emit(
    into builder: inout ProgramBuilder, net: View, energy: View? = nil, vectors: View?,
    deviations: [Double]
  ) -> View {
    switch self {
    case .energy, .densityOfStates, .denoising: return net
    case .dipole:
      return builder.bilinear(
        "dipole", net, needed(vectors), .vectorSum(net.width), rows: .atom)
    case .directForces:
      let force = builder.bilinear(
        "force", net, needed(vectors), .vectorSum(net.width), rows: .atom)
      let value = energy.map { [Term($0)] } ?? []
      return builder.sum("E, F", value + [Term(force, offset: 1)], rows: .atom)
    case .polarizability(let options):
      let product =
        options.fitsDiagonal
        ? emitDiagonal(into: &builder, net, needed(vectors))
        : emitFull(into: &builder, net, needed(vectors))
      if options.scale.allSatisfy({ $0 == 1 }) { return product }
      let scales = (0..<builder.typeCount).map(options.scale(of:))
      return scaled(product, by: scales, width: 1, into: &builder)
    case .property(let options):
      if deviations.allSatisfy({ $0 == 1 }) { return net }
      return scaled(net, by: deviations, width: options.width, into: &builder)
    }
  }

  /// `P_ab = Σ_m x_m R_am R_bm`.
  private func emitDiagonal(
    into builder: inout ProgramBuilder, _ x: View, _ vectors: View
  ) -> View {
    let y = builder.bilinear("xR", x, vectors, .vectorScaled(x.width), rows: .atom)
    return builder.bilinear("polar", y, vectors, .matrixOfVectors(x.width), rows: .atom)
  }

  /// `P_ab = Σ_mn (x_mn + x_nm)/2 R_am R_bn`.
  private func emitFull(
    into builder: inout ProgramBuilder, _ x: View, _ vectors: View
  ) -> View {
    let count = vectors.width / 3
    let y = builder.bilinear("xR", x, vectors, .vectorMixed(count), rows: .atom)
    let half = builder.bilinear("xRR", y, vectors, .matrixOfVectors(count), rows: .atom)
    let terms = (0..<9).flatMap { k in
      let turned = 3 * (k % 3) + k / 3
      return [Term(half[k..<k + 1], 0.5, offset: k), Term(half[k..<k + 1], 0.5, offset: turned)]
    }
    return builder.sum("polar", terms, rows: .atom)
  }

  /// `value` times the numbers of the atom's type, of which there are `width`.
  private func scaled(
    _ value: View, by numbers: [Double], width: Int, into builder: inout ProgramBuilder
  ) -> View {
    let factors = builder.constant(numbers, width: width, of: .type, "scale")
    let form: TrilinearForm = width == 1 ? .scaled(value.width) : .elementwise(value.width)
    return builder.bilinear(
      "scaled", value, builder.at(factors, .atomType), form, rows: .atom)
  }

  private func needed(_ vectors: View?) -> View {
    guard let vectors else { preconditionFailure("\(type) behind a descriptor without vectors") }
    return vectors
  }
}

extension TrilinearForm {
  /// `z_a = Σ_m x_m y_am`, of `count` vectors y `[3][count]`.
  static func vectorSum(_ count: Int) -> TrilinearForm {
    TrilinearForm([Letter(count, x: 1, y: 1, z: 0), Letter(3, x: 0, y: count, z: 1)])
  }

  /// `z_am = x_m y_am`.
  static func vectorScaled(_ count: Int) -> TrilinearForm {
    TrilinearForm([Letter(count, x: 1, y: 1, z: 1), Letter(3, x: 0, y: count, z: count)])
  }

  /// `z_an = Σ_m x_mn y_am`.
  static func vectorMixed(_ count: Int) -> TrilinearForm {
    TrilinearForm([
      Letter(count, x: count, y: 1, z: 0), Letter(count, x: 1, y: 0, z: 1),
      Letter(3, x: 0, y: count, z: count),
    ])
  }

  /// `z_ab = Σ_m x_am y_bm`.
  static func matrixOfVectors(_ count: Int) -> TrilinearForm {
    TrilinearForm([
      Letter(3, x: count, y: 0, z: 3), Letter(count, x: 1, y: 1, z: 0),
      Letter(3, x: 0, y: count, z: 1),
    ])
  }
}
