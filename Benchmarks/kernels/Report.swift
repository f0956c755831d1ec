import Files
import Foundation
import Kernels
import Profiling

/// Everything measured, and its tables.
struct Report: Codable {
  /// What one thread can do: GFLOP/s of multiply-adds by precision, GB/s of memory.
  let peaks: [String: Double], bandwidth: Double
  /// GB/s of SHA-256.
  let hashing: Double
  /// Our products; OpenBLAS with the kernels that it chooses, and with those for AVX-512; all other
  /// kernels.
  let products: [Row], openBLAS: [OpenBLASTimes], others: [Row]
  /// By precision: the products of a whole training step of the fitting net over 64 rows, as share
  /// of the peak.
  let fittingShare: [String: Double]
  /// The tables.
  var markdown = ""

  enum CodingKeys: String, CodingKey {
    case peaks, bandwidth, hashing, products, openBLAS, others, markdown
    case fittingShare = "fitting_share"
  }

  /// Measures everything, for some seconds.
  init() throws {
    let first = MachineLimits(threads: 1)
    let products = timeOurProducts(of: Double.self) + timeOurProducts(of: Float.self)
    self.products = products
    // On some CPUs with AVX-512 it does not choose the kernels that use it; others lack it.
    let processor = try String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)
    let cores = processor.contains("avx512f") ? [nil, "SkylakeX"] : [nil]
    openBLAS = try cores.map(timeOpenBLAS)
    others =
      timeTanh(Double.self, libm: tanh) + timeTanh(Float.self, libm: tanhf)
      + timePhases(.float64) + timePhases(.float32)
    let last = MachineLimits(threads: 1)
    let peaks = [
      "float64": max(first.float64, last.float64), "float32": max(first.float32, last.float32),
    ]
    self.peaks = peaks
    bandwidth = max(first.bandwidth, last.bandwidth)
    hashing = hashingRate()
    fittingShare = peaks.reduce(into: [:]) { shares, peak in
      shares[peak.key] = shareOfStep(rows(products, peak.key), peak: peak.value)
    }
    markdown = tables
  }

  private var tables: String {
    let cores = openBLAS.map(\.core)
    let columns = ["float64", "float32"].map { precision in
      (["\(precision): GFLOP/s", "share of peak"] + cores.map { "OpenBLAS \($0)" })
        .joined(separator: " | ")
    }
    let asked = cores.count > 1 ? "; those for \(cores[1]) were asked for." : "."
    return """
      One thread: \(digits(peaks["float64"] ?? 0)) GFLOP/s of float64 multiply-adds, \
      \(digits(peaks["float32"] ?? 0)) of float32, \(digits(bandwidth)) GB/s of memory, \
      \(digits(hashing)) GB/s of SHA-256. OpenBLAS takes its \(cores[0]) kernels by itself\
      \(asked)

      | product of a layer | \(columns.joined(separator: " | ")) |
      |\(String(repeating: " --- |", count: 5 + 2 * cores.count))
      \(productLines.joined(separator: "\n"))

      | on one thread | float64: µs | GFLOP/s | GB/s | share of peak \
      | float32: µs | GFLOP/s | GB/s | share of peak |
      |\(String(repeating: " --- |", count: 9))
      \(otherLines.joined(separator: "\n"))
      """
  }

  private var productLines: [String] {
    zip(rows(products, "float64"), rows(products, "float32")).enumerated().map { index, pair in
      let cells = [(pair.0, \OpenBLASTimes.float64), (pair.1, \.float32)].map { row, times in
        let rates = openBLAS.map { digits(1e-9 * row.operations / $0[keyPath: times][index]) }
        return "\(digits(row.gigaflops)) | \(share(row)) | \(rates.joined(separator: " | "))"
      }
      return "| \(pair.0.name) | \(cells.joined(separator: " | ")) |"
    }
  }

  private var otherLines: [String] {
    let singles = rows(others, "float32")
    return rows(others, "float64").map { double in
      let cells = [double, singles.first { $0.name == double.name }].map { row in
        guard let row else { return " | | | " }
        let counted = [digits(row.gigaflops), digits(row.gigabytes), share(row)]
        return digits(1e6 * row.seconds) + " | "
          + (row.operations > 0 ? counted : ["", "", ""]).joined(separator: " | ")
      }
      return "| \(double.name) | \(cells.joined(separator: " | ")) |"
    }
  }

  private func share(_ row: Row) -> String {
    digits(100 * row.gigaflops / (peaks[row.precision] ?? .nan)) + " %"
  }
}

/// The products over few and over many rows: tiles of atoms, and all hydrogen atoms of a frame.
let productShapes = [32, 48, 64, 128].flatMap(ProductShape.all) + ProductShape.message

/// Those of one precision.
private func rows(_ rows: [Row], _ precision: String) -> [Row] {
  rows.filter { $0.precision == precision }
}

/// The operations of a training step over 64 rows, divided by the time that they take and by the
/// peak.
private func shareOfStep(_ rows: [Row], peak: Double) -> Double {
  let pairs = zip(productShapes, rows).filter { $0.0.rows == 64 }
  let operations = pairs.reduce(0) { $0 + $1.0.callsPerStep * $1.1.operations }
  let seconds = pairs.reduce(0) { $0 + $1.0.callsPerStep * $1.1.seconds }
  return 1e-9 * operations / seconds / peak
}

/// GB/s of SHA-256, the best of five times 64 MB.
private func hashingRate() -> Double {
  let bytes = [UInt8](repeating: 7, count: 64_000_000)
  let times = (0..<5).map { _ in
    ContinuousClock().measure { precondition(Digest.sha256(bytes).count == 64) }
  }
  return 0.064 / ((times.min() ?? .zero) / .seconds(1))
}

/// Three digits.
private func digits(_ value: Double) -> String {
  String(format: value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : "%.2f", value)
}
