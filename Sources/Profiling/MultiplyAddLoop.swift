import CMachine

private let rounds = 20_000, chains = 12

/// Floating-point operations of one run of a loop of independent multiply-adds in registers; some
/// microseconds.
func operationsOfFloat64Loop() -> Double {
  operations(lanes: cmachine_has_avx512() ? 8 : 4, result: cmachine_multiply_adds_double(rounds))
}

/// The same in float32.
func operationsOfFloat32Loop() -> Double {
  operations(
    lanes: cmachine_has_avx512() ? 16 : 8, result: Double(cmachine_multiply_adds_float(rounds)))
}

/// The result is used, so that the loop stays: it is never negative.
private func operations(lanes: Int, result: Double) -> Double {
  result < 0 ? 0 : Double(rounds * chains * 2 * lanes)
}
