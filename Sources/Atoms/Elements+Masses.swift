extension Elements {
  /// The standard weights of numbers 0 to 92, in g/mol; 0 for elements without one.
  ///
  /// Source: IUPAC, Standard Atomic Weights (2021), abridged.
  static let masses = """
    0 1.008 4.003 6.94 9.012 10.81 12.011 14.007 15.999 18.998 20.18 22.99 24.305 26.982 28.085 \
    30.974 32.06 35.45 39.948 39.098 40.078 44.956 47.867 50.941 51.996 54.938 55.845 58.933 \
    58.693 63.546 65.38 69.723 72.63 74.922 78.971 79.904 83.798 85.468 87.62 88.906 91.224 \
    92.906 95.95 0 101.07 102.906 106.42 107.868 112.414 114.818 118.71 121.76 127.6 126.904 \
    131.293 132.905 137.327 138.905 140.116 140.908 144.242 0 150.36 151.964 157.25 158.925 \
    162.5 164.93 167.259 168.934 173.054 174.967 178.49 180.948 183.84 186.207 190.23 192.217 \
    195.084 196.967 200.592 204.38 207.2 208.98 0 0 0 0 0 0 232.038 231.036 238.029
    """.split(separator: " ").compactMap { Double($0) }

  /// The element whose standard weight is within 0.1 of `mass`, in g/mol; nil if there is none, or
  /// more than one.
  public static func symbol(ofMass mass: Double) -> String? {
    let found = masses.indices.filter { masses[$0] > 0 && abs(masses[$0] - mass) <= 0.1 }
    return found.count == 1 ? symbols[found[0]] : nil
  }
}
