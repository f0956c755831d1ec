import Runs
import Testing

/// Trainings that go on with kernels for another CPU.
struct ChangedKernelsTests {
  @Test func `kernels that have changed are told, with what keeps them`() throws {
    let told = try #require(
      changedKernels(from: ["kernels": "x86-64-v3"], to: ["kernels": "x86-64-v4"]))
    #expect(told.contains("x86-64-v3") && told.contains("x86-64-v4"))
    #expect(told.contains("DP_KERNELS=v3"))
  }

  @Test func `equal kernels, or those of a build for one machine, are not told`() {
    let v3 = ["kernels": "x86-64-v3"]
    #expect(changedKernels(from: v3, to: v3) == nil)
    #expect(changedKernels(from: [:], to: v3) == nil && changedKernels(from: v3, to: [:]) == nil)
  }
}
