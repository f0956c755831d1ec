/// The smooth weight `w(r)` and its slope: `w = 1 - 10u³ + 15u⁴ - 6u⁵`,
/// `u = (r - inner) / (outer - inner)`.
///
/// One up to `inner`, zero from `outer` on, with continuous first and second derivatives.  `r`,
/// `inner` and `outer` are in Å, the slope is in 1/Å.  The descriptors have a switch of their own:
/// labels share no code with what is trained on them.  Source: docs/SYNTHESIS.md, (2).
package func smoothSwitch(
  _ r: Double, inner: Double, outer: Double
) -> (weight: Double, slope: Double) {
  precondition(inner < outer, "inner cutoff \(inner) Å must be below outer cutoff \(outer) Å")
  let width = outer - inner
  let u = min(max((r - inner) / width, 0), 1)
  return (1 + u * u * u * (-10 + u * (15 - 6 * u)), -30 * u * u * (1 - u) * (1 - u) / width)
}
