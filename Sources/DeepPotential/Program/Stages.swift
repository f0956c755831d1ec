/// The stages in which a program's operations on atoms are done, one after the other: tiles of
/// atoms go through a stage, each on its own.
///
/// A stage ends where other atoms' rows are gathered, since all of them must be there.  In programs
/// with such gathers what goes from atoms to atoms has stages of its own, whose tiles have more
/// atoms: pairs and angles of few atoms fill the caches, but weights that meet the rows of few
/// atoms are read from memory again and again.
struct Stages {
  /// The operations of each stage, in order.
  let operations: [[Operation]]
  /// Whether a stage is one of atoms alone.
  let areOfAtoms: [Bool]
  /// Whether a value is read after the stage that makes it.
  let crosses: [Bool]

  /// The stages of `operations`, all of which `last` depends on; those of atoms are apart if it
  /// `splits`.
  init(
    _ operations: [Operation], _ spaces: [Space], _ values: [Value], last: ValueID, splits: Bool
  ) {
    let step = splits ? 2 : 1
    var rest = Array(repeating: 0, count: values.count)
    for operation in operations where splits && !spaces[operation.rows].isOfAtoms {
      rest[operation.out] = 1
    }
    let numbers = Stages.numbers(operations, rest, step, last: last)
    let used = Set(operations.map { numbers[$0.out] }).sorted()
    self.operations = used.map { number in operations.filter { numbers[$0.out] == number } }
    areOfAtoms = used.map { splits && $0 % 2 == 0 }
    var crosses = Array(repeating: false, count: values.count)
    for operation in operations {
      for view in operation.inputs where numbers[view.value] < numbers[operation.out] {
        crosses[view.value] = true
      }
    }
    self.crosses = crosses
  }

  /// The stage of each value, one whose number divided by `step` leaves the remainder `rest`: so
  /// even numbers are those of atoms' stages where these are apart.
  ///
  /// An operation runs as late as those that need it allow, so that little crosses from stage to
  /// stage.
  private static func numbers(
    _ operations: [Operation], _ rest: [Int], _ step: Int, last: ValueID
  ) -> [Int] {
    func distance(_ view: View) -> Int { view.halo == nil ? 0 : 1 }
    /// The first stage from `number` on where value `id` can be made; the last one up to there.
    func next(_ number: Int, _ id: ValueID) -> Int { number + (rest[id] + number) % step }
    func previous(_ number: Int, _ id: ValueID) -> Int { number - (rest[id] + number) % step }
    var early = Array(repeating: 0, count: rest.count)
    for operation in operations {
      let ready = operation.inputs.map { early[$0.value] + distance($0) }.max() ?? 0
      early[operation.out] = next(ready, operation.out)
    }
    var late = Array(repeating: Int.max, count: rest.count)
    late[last] = early[last]
    for operation in operations.reversed() {
      for view in operation.inputs {
        let limit = previous(late[operation.out] - distance(view), view.value)
        late[view.value] = min(late[view.value], limit)
      }
    }
    return late.map { $0 == Int.max ? 0 : $0 }
  }
}
