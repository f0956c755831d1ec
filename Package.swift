// swift-tools-version: 6.2
import PackageDescription

// Kernels are written with SIMD types; the CPU they are compiled for is chosen here, once, for
// every target.  `MARCH=x86-64-v3 make build` gives a binary that travels.
let wanted = Context.environment["MARCH"] ?? ""
let march = wanted.isEmpty ? "native" : wanted
let flags: [SwiftSetting] = [.unsafeFlags(["-Xcc", "-march=\(march)"])]
// The passes read their own properties in every loop; a check at each reading took 2 % of a step.
let passFlags = flags + [.unsafeFlags(["-enforce-exclusivity=unchecked"])]

// The commit that `--version` and artifacts name; `make` finds it out, a bare `swift build` does not.
let commit = Context.environment["DP_COMMIT"] ?? "unknown"

let argumentParser = Target.Dependency.product(
  name: "ArgumentParser", package: "swift-argument-parser")
let protobuf = Target.Dependency.product(name: "SwiftProtobuf", package: "swift-protobuf")

/// A library room of docs/ARCHITECTURE.md.
func library(
  _ name: String, _ dependencies: [Target.Dependency], _ flags: [SwiftSetting] = flags
) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: flags)
}

/// A tool: one small file in Sources/<name>/.
func tool(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .executableTarget(
    name: name, dependencies: ["Toolkit", argumentParser] + dependencies, swiftSettings: flags)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(name: name, dependencies: ["TestSupport"] + dependencies, swiftSettings: flags)
}

let package = Package(
  name: "deep-potential",
  products: [.library(name: "deepmd_c", type: .static, targets: ["CInterface"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
  ],
  targets: [
    .systemLibrary(name: "CHDF5", pkgConfig: "hdf5", providers: [.apt(["libhdf5-dev"])]),
    .systemLibrary(
      name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),

    .target(name: "CVersion", cSettings: [.define("DP_COMMIT", to: "\"\(commit)\"")]),
    .target(
      name: "CCompiledFor",
      cSettings: [
        .define("DP_MARCH", to: "\"\(march)\""), .unsafeFlags(["-march=\(march)"]),
      ]),
    .target(name: "CProcessor", dependencies: ["CCompiledFor"]),

    library("Diagnostics", []),
    library("HDF5", ["CHDF5", "Diagnostics"]),
    library("BLAS", ["COpenBLAS"]),
    library("Random", []),
    library("Atoms", ["Diagnostics"]),
    .systemLibrary(name: "CMachine"),
    library("Measurement", []),
    library("Kernels", ["CMachine", "Measurement", "Random"], passFlags),
    library("DeepPotential", ["Atoms", "BLAS", "Kernels", "Measurement", "Random"], passFlags),
    .systemLibrary(name: "CMPI", pkgConfig: "mpi-c", providers: [.apt(["libopenmpi-dev"])]),
    library("Communication", ["Measurement"]),
    library("MPI", ["CMPI", "Communication"]),
    library(
      "Training",
      ["Atoms", "Communication", "DeepPotential", "Diagnostics", "Measurement", "Random"]),
    .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    library(
      "Storage",
      [
        "Atoms", "Training", "HDF5", "CCrypto", "CMachine", "Diagnostics", "Measurement", "Random",
      ]),
    .target(
      name: "TensorBoard", dependencies: ["Storage", "Training", protobuf],
      exclude: ["events.proto"], swiftSettings: flags),
    library("Synthesis", ["Atoms", "Random"]),
    library("Sockets", ["Diagnostics"]),
    .systemLibrary(name: "CDeepMD"),
    .target(name: "CStandalone"),
    .target(
      name: "CInterface",
      dependencies: ["Atoms", "CDeepMD", "CProcessor", "CStandalone", "CVersion", "Storage"],
      exclude: ["exports.map"], swiftSettings: flags),
    library("Profiling", ["CMachine", "Diagnostics", "Measurement", "Storage"]),
    library("Plotting", ["Diagnostics"]),
    library("Reporting", ["Diagnostics", "Figures", "Plotting", "Storage"]),
    library("Figures", ["Atoms", "Diagnostics", "Plotting", "Storage"]),
    library(
      "Toolkit",
      [
        "Communication", "Diagnostics", "CProcessor", "CVersion", "CHDF5", "COpenBLAS", "HDF5",
        argumentParser,
      ]),

    tool("dp-synth", ["Atoms", "Synthesis", "Storage"]),
    tool("dp-convert", ["Atoms", "Storage"]),
    tool("dp-stat", ["Atoms", "MPI", "Storage"]),
    tool("dp-train", ["MPI", "Storage", "TensorBoard"]),
    tool("dp-freeze", ["Storage"]),
    tool("dp-eval", ["Atoms", "MPI", "Storage"]),
    tool("dp-profile", ["Measurement", "Profiling", "Storage"]),
    tool("dp-report", ["Diagnostics", "Reporting", "Storage"]),
    tool("dp-plot", ["Diagnostics", "Figures", "Plotting", "Storage"]),
    tool("dp-ipi", ["Atoms", "Sockets", "Storage"]),
    tool("dp", ["Atoms", "Random", "Storage"]),

    .executableTarget(
      name: "kernel-benchmarks",
      dependencies: [
        "COpenBLAS", "DeepPotential", "Measurement", "Profiling", "Storage", "Training",
        argumentParser,
      ],
      path: "Benchmarks/kernels", swiftSettings: flags),

    .executableTarget(
      name: "fuzz-readers",
      dependencies: ["Diagnostics", "HDF5", "Random", "Storage", argumentParser],
      path: "Tests/Fuzz", exclude: ["make-seeds", "seeds"], swiftSettings: flags),

    .target(
      name: "TestSupport", dependencies: ["Communication", "Storage"], path: "Tests/TestSupport",
      swiftSettings: flags),
    tests("CommunicationTests", ["Communication"]),
    tests("MeasurementTests", ["Measurement"]),
    tests("PlottingTests", ["Diagnostics", "Plotting"]),
    tests("RandomTests", ["Random"]),
    tests("AtomsTests", ["Atoms", "Random"]),
    tests("KernelsTests", ["COpenBLAS", "Kernels", "Measurement", "Random"]),
    tests("DeepPotentialTests", ["Atoms", "BLAS", "DeepPotential", "Random", "Storage"]),
    tests("TrainingTests", ["Atoms", "Training", "Storage", "Random"]),
    tests("StorageTests", ["Atoms", "Storage", "HDF5"]),
    tests("SocketsTests", ["Diagnostics", "Sockets"]),
    tests("SynthesisTests", ["Synthesis", "Atoms", "Random"]),
    tests("ToolTests", ["Atoms", "DeepPotential", "Storage"]),
    tests("ToolkitTests", ["CProcessor", "Toolkit"]),
  ]
)
