/// The symbols of the chemical elements by atomic number; number 0 is `X`, no element, as in ASE.
///
/// Source: IUPAC, Periodic Table of the Elements (2022).
public enum Elements {
  /// The symbols of numbers 0 to 118.
  public static let symbols = """
    X H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se \
    Br Kr Rb Sr Y Zr Nb Mo Tc Ru Rh Pd Ag Cd In Sn Sb Te I Xe Cs Ba La Ce Pr Nd Pm Sm Eu Gd Tb Dy Ho \
    Er Tm Yb Lu Hf Ta W Re Os Ir Pt Au Hg Tl Pb Bi Po At Rn Fr Ra Ac Th Pa U Np Pu Am Cm Bk Cf Es \
    Fm Md No Lr Rf Db Sg Bh Hs Mt Ds Rg Cn Nh Fl Mc Lv Ts Og
    """.split(separator: " ").map(String.init)

  /// The symbol of atomic number `number`; nil if there is no such element.
  public static func symbol(ofNumber number: Int) -> String? {
    symbols.indices.contains(number) ? symbols[number] : nil
  }

  /// The atomic number of `symbol`; nil if it is no element.
  public static func number(of symbol: String) -> Int? { numbers[symbol] }

  private static let numbers = Dictionary(
    uniqueKeysWithValues: symbols.enumerated().map { ($1, $0) })
}
