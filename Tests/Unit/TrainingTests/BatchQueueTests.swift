import Datasets
import DeepPotential
import Models
import TestSupport
import Testing
import Training

@Suite struct BatchQueueTests {
  private let model: EnergyModel
  private let source: BatchSource

  init() throws {
    model = try StoredModel.read(fixtures.appending(path: "train_init.dp").path).model
    let data = fixtures.appending(path: "train_data.hdf5").path
    let typeMap = model.typeMap
    let systems = try ["a", "b"].flatMap { try readSystems(at: "\(data)#/\($0)") }
      .map { try LabeledSystem($0, typeMap: typeMap) }
    source = try BatchSource(
      systems, rule: .fixed(2), choice: .byBatches, seed: 1, purpose: .training, place: "test")
  }

  private func queue(memory: Int = 1 << 20, threads: Int, ahead: Bool = true) -> BatchQueue {
    BatchQueue(
      source, FramePreparation(model), memory: memory, threads: threads, preparesAhead: ahead)
  }

  /// The batches that the source itself draws.
  private func drawn(_ count: Int) -> [Batch] {
    var source = source
    return (0..<count).map { _ in source.next() }
  }

  @Test(arguments: [(1, true), (2, false), (2, true), (8, true)])
  func `batches come in the order of their source, whoever prepares them`(
    threads: Int, ahead: Bool
  ) throws {
    let queue = queue(threads: threads, ahead: ahead)
    for expected in drawn(9) {
      let found = try queue.next()
      #expect(found.batch == expected)
      let count = expected.members.count
      #expect(count > 0 && found.frames.count == count && found.inputs.count == count)
      for (frame, member) in zip(found.frames, expected.members) {
        let stored = try source.systems[member.system].frame(member.frame)
        #expect(frame.labels == stored.labels && frame.frame.types == stored.frame.types)
      }
    }
  }

  @Test func `frames that are kept are those that are prepared anew`() throws {
    // No room at all, room for one or two frames, and for all of them.
    let queues = [0, 20_000, 1 << 24].map { queue(memory: $0, threads: 1) }
    for _ in 0..<9 {
      let found = try queues.map { try $0.next() }
      for other in found.dropFirst() {
        #expect(other.batch == found[0].batch)
        for (one, two) in zip(found[0].frames, other.frames) {
          #expect(one.frame.positions == two.frame.positions && one.labels == two.labels)
        }
      }
    }
  }

  @Test func `a queue that skips goes on where an unbroken one would be`() throws {
    let queue = queue(threads: 2)
    queue.skip(5)
    for expected in drawn(8).dropFirst(5) { #expect(try queue.next().batch == expected) }
  }

  @Test func `a shortage is grave when a tenth of some time was lost`() {
    var shortage = BatchShortage()
    #expect(!shortage.isGrave)
    (shortage.batches, shortage.missing) = (40, 7)
    (shortage.time, shortage.elapsed) = (.seconds(4), .seconds(9))
    #expect(!shortage.isGrave, "a slow start")
    shortage.elapsed = .seconds(30)
    #expect(shortage.isGrave)
    #expect(shortage.text == "7 of 40 batches were not ready, which took 4 s of 30 s")
    shortage.elapsed = .seconds(41)
    #expect(!shortage.isGrave)
  }
}
