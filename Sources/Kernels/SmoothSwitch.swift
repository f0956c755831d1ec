/// The smooth weight `w(r)` and its slope: `w = 1 - 10u³ + 15u⁴ - 6u⁵`,
/// `u = (r - inner) / (outer - inner)`.
///
/// `r` and the cutoffs, `inner` (`rcut_smth`) below `outer` (`rcut`), are in Å; the slope is in
/// 1/Å.  `u` is held between 0 and 1, so that `w` is 1 inside, 0 outside, and twice continuously
/// differentiable everywhere.
/// Source: DeePMD-kit manual, descriptor se_e2_a, s(r).
public func smoothSwitch(
  _ r: Double, inner: Double, outer: Double
) -> (weight: Double, slope: Double) {
  precondition(inner < outer, "inner cutoff \(inner) Å must be below outer cutoff \(outer) Å")
  let width = outer - inner, u = min(max((r - inner) / width, 0), 1)
  return (1 + u * u * u * (-10 + u * (15 - 6 * u)), -30 * u * u * (1 - u) * (1 - u) / width)
}
