// swift-tools-version: 6.2
import PackageDescription

// Kernels are written with SIMD types; the CPU they are compiled for is chosen here, once, for
// every target.  `MARCH=x86-64-v3 make build` gives a binary that travels.
let wanted = Context.environment["MARCH"] ?? ""
let march = wanted.isEmpty ? "native" : wanted
let flags: [SwiftSetting] = [.unsafeFlags(["-Xcc", "-march=\(march)"])]
// The passes read their own properties in every loop; a check at each reading took 2 % of a step.
let passFlags = flags + [.unsafeFlags(["-enforce-exclusivity=unchecked"])]

// The commit that `--version` and artifacts name; `make` finds it out, a bare `swift build` does
// not.
let commit = Context.environment["DP_COMMIT"] ?? "unknown"

let argumentParser = Target.Dependency.product(
  name: "ArgumentParser", package: "swift-argument-parser")

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

/// Tests of a room in Tests/Unit/<name>/, or of the tools in Tests/Tools/<name>/.
func tests(
  _ name: String, _ dependencies: [Target.Dependency], in folder: String = "Unit"
) -> Target {
  .testTarget(
    name: name, dependencies: ["TestSupport"] + dependencies, path: "Tests/\(folder)/\(name)",
    swiftSettings: flags)
}

let package = Package(
  name: "deep-potential",
  products: [.library(name: "deepmd_c", type: .static, targets: ["CInterface"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0")
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
    library(
      "DeepPotential", ["Atoms", "BLAS", "Diagnostics", "Kernels", "Measurement", "Random"],
      passFlags),
    .target(name: "CMPI"),
    library("Communication", ["Measurement"]),
    library("MPI", ["CMPI", "Communication", "Diagnostics"]),
    library(
      "Training",
      ["Atoms", "Communication", "DeepPotential", "Diagnostics", "Measurement", "Random"]),
    .systemLibrary(name: "CMalloc"),
    .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    library(
      "Files", ["CCrypto", "CMachine", "Diagnostics", "HDF5"]),
    library("Datasets", ["Atoms", "CMachine", "Diagnostics", "Files", "HDF5", "Random"]),
    library("Protobuf", []),
    library("ForeignModels", ["Diagnostics", "Files", "Kernels", "Protobuf"]),
    library(
      "Models", ["DeepPotential", "Diagnostics", "Files", "ForeignModels", "HDF5", "Kernels"]),
    library("Logs", ["Atoms", "DeepPotential", "Diagnostics", "Files"]),
    library(
      "Configuration",
      [
        "Atoms", "Datasets", "DeepPotential", "Diagnostics", "Files", "Kernels", "Models",
        "Training",
      ]),
    library(
      "Runs",
      [
        "Atoms", "Communication", "Configuration", "Datasets", "DeepPotential", "Diagnostics",
        "Files", "ForeignModels",
        "HDF5", "Kernels", "Logs", "Measurement", "Models", "Training",
      ]),
    library("TensorBoard", ["Files", "Protobuf", "Runs", "Training"]),
    library("Synthesis", ["Atoms", "Random"]),
    library("Sockets", ["Diagnostics"]),
    .systemLibrary(name: "CDeepMD"),
    .target(name: "CStandalone"),
    .target(name: "CToolbox"),
    .target(
      name: "CInterface",
      dependencies: [
        "Atoms", "CDeepMD", "CMPI", "CProcessor", "CStandalone", "CVersion", "DeepPotential",
        "Diagnostics", "Files", "Models",
      ],
      exclude: ["exports.map"], swiftSettings: flags),
    library(
      "Profiling",
      [
        "Atoms", "CMachine", "DeepPotential", "Diagnostics", "Files", "Kernels", "Measurement",
        "Models", "Runs", "Training",
      ]),
    library("Plotting", ["Diagnostics"]),
    library(
      "Reporting",
      [
        "Datasets", "Diagnostics", "Figures", "Files", "ForeignModels", "Models", "Plotting",
        "Runs",
      ]),
    library(
      "Figures",
      [
        "Atoms", "Datasets", "DeepPotential", "Diagnostics", "Files", "HDF5", "Logs", "Models",
        "Plotting", "Runs",
      ]),
    library(
      "Toolkit",
      [
        "CCompiledFor", "CMalloc", "Communication", "Diagnostics", "CProcessor", "CVersion",
        "CHDF5", "COpenBLAS", "HDF5", argumentParser,
      ]),

    tool("dp-synth", ["Atoms", "Datasets", "Diagnostics", "Files", "Synthesis"]),
    tool("dp-convert", ["Atoms", "Datasets", "Diagnostics", "Files", "Logs"]),
    tool(
      "dp-stat",
      [
        "Atoms", "Communication", "Configuration", "Datasets", "DeepPotential", "Diagnostics",
        "Files", "MPI", "Runs", "Training",
      ]),
    tool(
      "dp-train",
      [
        "Communication", "Configuration", "Datasets", "Diagnostics", "Files", "ForeignModels",
        "MPI", "Runs", "TensorBoard", "Training",
      ]),
    tool(
      "dp-freeze",
      ["Datasets", "Diagnostics", "Files", "ForeignModels", "Models", "Runs", "Training"]),
    tool(
      "dp-eval",
      [
        "Atoms", "Communication", "Datasets", "DeepPotential", "Diagnostics", "Files",
        "ForeignModels", "Logs", "MPI", "Models", "Runs", "Training",
      ]),
    tool(
      "dp-profile",
      [
        "Configuration", "Datasets", "Files", "ForeignModels", "Measurement", "Models",
        "Profiling", "Runs", "Training",
      ]),
    tool("dp-report", ["Diagnostics", "Files", "Reporting"]),
    tool("dp-plot", ["Diagnostics", "Figures", "Files", "Models", "Plotting"]),
    tool(
      "dp-ipi",
      [
        "Atoms", "Datasets", "DeepPotential", "Diagnostics", "Files", "ForeignModels", "Models",
        "Sockets",
      ]),
    tool(
      "dp",
      [
        "Atoms", "Configuration", "Datasets", "DeepPotential", "Diagnostics", "Files",
        "ForeignModels", "Models", "Training",
      ]),

    .executableTarget(
      name: "kernel-benchmarks",
      dependencies: [
        "Atoms", "COpenBLAS", "DeepPotential", "Files", "Kernels", "Measurement", "Profiling",
        "Random", "Training", argumentParser,
      ],
      path: "Benchmarks/kernels", swiftSettings: flags),

    .executableTarget(
      name: "fuzz-readers",
      dependencies: [
        "Configuration", "Datasets", "Diagnostics", "Files", "ForeignModels", "HDF5", "Models",
        "Random", "Runs", argumentParser,
      ],
      path: "Tests/Systems/Fuzz", exclude: ["make-seeds", "seeds"], swiftSettings: flags),

    .target(
      name: "TestSupport", dependencies: ["Atoms", "Communication", "Diagnostics", "Files"],
      path: "Tests/Support/TestSupport",
      swiftSettings: flags),
    tests("CommunicationTests", ["Communication"]),
    tests("MeasurementTests", ["Measurement"]),
    tests("MPITests", ["MPI"]),
    tests("PlottingTests", ["Diagnostics", "Plotting"]),
    tests("RandomTests", ["Random"]),
    tests("FiguresTests", ["DeepPotential", "Diagnostics", "Figures"]),
    tests("ProfilingTests", ["Measurement", "Profiling"]),
    tests("AtomsTests", ["Atoms", "Diagnostics", "Random"]),
    tests("KernelsTests", ["COpenBLAS", "Files", "Kernels", "Measurement", "Random"]),
    tests(
      "DeepPotentialTests",
      [
        "Atoms", "BLAS", "Datasets", "DeepPotential", "Diagnostics", "Files", "HDF5", "Kernels",
        "Models", "Random", "Training",
      ]),
    tests(
      "TrainingTests",
      [
        "Atoms", "Datasets", "DeepPotential", "Diagnostics", "Files", "Kernels", "Logs", "Models",
        "Random", "Runs", "Training",
      ]),
    tests(
      "FormatsTests",
      [
        "Atoms", "Configuration", "Datasets", "DeepPotential", "Diagnostics", "Files", "HDF5",
        "ForeignModels", "Kernels", "Logs", "Models", "Protobuf", "Runs", "Training",
      ]),
    tests("SocketsTests", ["Diagnostics", "Sockets"]),
    tests("SynthesisTests", ["Atoms", "Datasets", "Random", "Synthesis"]),
    tests(
      "ToolTests", ["Atoms", "Datasets", "Files", "Kernels", "Models", "Runs", "Training"],
      in: "Tools"),
    tests("ToolkitTests", ["CProcessor", "Diagnostics", "Toolkit"]),
  ]
)

// `make` builds this target, which is empty but for what it depends on: the tools, and what makes
// one program of them.
let tools = package.targets.filter { $0.type == .executable && $0.path == nil }
package.targets.append(
  .target(
    name: "tools",
    dependencies: tools.map { .target(name: $0.name) } + ["CStandalone", "CToolbox"],
    swiftSettings: flags))
