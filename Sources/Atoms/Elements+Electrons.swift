extension Elements {
  /// Number of spin orbitals that hold the electrons of all elements: those of 1s to 7p without 5g,
  /// 6f and beyond.
  public static let spinOrbitalCount = shells.reduce(0) { $0 + $1.capacity }

  /// The occupation of each spin orbital of `symbol` in its ground state, 1 or -1 for empty; nil if
  /// it is no element.
  ///
  /// Subshells come in the order of `shells`.  Each orbital has two numbers: -1 1 with one
  /// electron, 1 1 with two.  By Hund's rule all orbitals of a subshell get one before any gets
  /// two.  Source: DeePMD-kit's `econf_embd.py`, whose table these numbers are.
  public static func spinOccupations(of symbol: String) -> [Double]? {
    guard let number = number(of: symbol), number > 0 else { return nil }
    let electrons = electrons(ofNumber: number)
    return shells.flatMap { shell -> [Double] in
      let count = electrons[shell.name] ?? 0, orbitals = shell.capacity / 2
      return (0..<orbitals).flatMap { [$0 + orbitals < count ? 1.0 : -1, $0 < count ? 1 : -1] }
    }
  }

  /// Electrons in each subshell of the element `number`, by the names of subshells.
  private static func electrons(ofNumber number: Int) -> [String: Int] {
    var left = number, electrons: [String: Int] = [:]
    for shell in shells.sorted(by: { ($0.madelung, $0.n) < ($1.madelung, $1.n) }) {
      electrons[shell.name] = min(left, shell.capacity)
      left -= min(left, shell.capacity)
    }
    return electrons.merging(exceptions[symbols[number]] ?? [:]) { $1 }
  }

  /// A subshell of the principal quantum number n and the angular one, l.
  private struct Shell {
    let n: Int, l: Int

    var name: String { "\(n)" + ["s", "p", "d", "f"][l] }
    var capacity: Int { 4 * l + 2 }
    /// By Madelung's rule subshells are filled in the order of n + l, then of n.
    var madelung: Int { n + l }
  }

  private static let shells = (1...7).flatMap { n in
    (0...3).compactMap { l in l < n && n + l <= 8 ? Shell(n: n, l: l) : nil }
  }

  /// What differs from Madelung's rule.
  ///
  /// Source: the database `mendeleev`, of which DeePMD-kit's table was made.  Up to No these are
  /// the ground states of the NIST Atomic Spectra Database, which has Lr with a 7p electron.
  private static let exceptions: [String: [String: Int]] = [
    "Cr": ["4s": 1, "3d": 5], "Cu": ["4s": 1, "3d": 10], "Nb": ["5s": 1, "4d": 4],
    "Mo": ["5s": 1, "4d": 5], "Ru": ["5s": 1, "4d": 7], "Rh": ["5s": 1, "4d": 8],
    "Pd": ["5s": 0, "4d": 10], "Ag": ["5s": 1, "4d": 10], "La": ["4f": 0, "5d": 1],
    "Ce": ["4f": 1, "5d": 1], "Gd": ["4f": 7, "5d": 1], "Pt": ["6s": 1, "5d": 9],
    "Au": ["6s": 1, "5d": 10], "Ac": ["5f": 0, "6d": 1], "Th": ["5f": 0, "6d": 2],
    "Pa": ["5f": 2, "6d": 1], "U": ["5f": 3, "6d": 1], "Np": ["5f": 4, "6d": 1],
    "Cm": ["5f": 7, "6d": 1], "Ds": ["7s": 1, "6d": 9], "Rg": ["7s": 1, "6d": 10],
  ]
}
