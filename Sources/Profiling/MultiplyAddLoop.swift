import CMachine

private let rounds = 20_000, chains = 12

/// The number of floating-point operations in one run of a loop of independent multiply-adds in
/// registers; a run takes some microseconds.
func operationsOfFloat64Loop() -> Double {
  operations(lanes: cmachine_has_avx512() ? 8 : 4, result: cmachine_multiply_adds_double(rounds))
}

/// The same in float32.
func operationsOfFloat32Loop() -> Double {
  operations(
    lanes: cmachine_has_avx512() ? 16 : 8, result: Double(cmachine_multiply_adds_float(rounds)))
}

/// Uses the result, which is never negative, so that the compiler cannot remove the loop.
private func operations(lanes: Int, result: Double) -> Double {
  result < 0 ? 0 : Double(rounds * chains * 2 * lanes)
}
