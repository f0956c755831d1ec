import Diagnostics
import Logs
import Testing

@Suite struct CurveTableTests {
  private func table(_ text: String) throws -> CurveTable {
    try CurveTable(Array(text.utf8), path: "lcurve.out")
  }

  @Test func `where steps go back, the later line counts`() throws {
    let table = try table("# step rmse_trn lr\n1 5 1\n2 4 1\n3 3 1\n# step rmse_trn lr\n2 9 1\n")
    #expect(table.steps == [1, 2] && table.values["rmse_trn"] == [5, 9])
  }

  @Test func `a column that a restart brings is nan before it`() throws {
    let table = try table("# step rmse_trn lr\n1 5 1\n# step rmse_trn rmse_e_trn lr\n2 4 7 1\n")
    #expect(table.columns == ["rmse_trn", "lr", "rmse_e_trn"])
    let added = try #require(table.values["rmse_e_trn"])
    #expect(added.count == 2 && added[0].isNaN && added[1] == 7)
  }

  @Test func `a line without an end is not read`() throws {
    #expect(try table("# step lr\n1 0.5\n2 0.2").steps == [1])
  }

  @Test(arguments: [
    ("# step lr\n1 x\n", "lcurve.out:2"), ("# step lr\n1 2\n1 2 3\n", "lcurve.out:3"),
    ("# step a b c\n1 2 3 4 5 6 7 8 9\n", "lcurve.out:2"),
  ])
  func `what does not fit is named by its line`(text: String, place: String) {
    let error = #expect(throws: ToolError.self) { try table(text) }
    #expect(error?.place == place && error?.kind == .data)
  }

  @Test(arguments: [
    ("rmse_e_val", "rmse_e", "_val"), ("rmse_f_trn", "rmse_f", "_trn"),
    ("rmse:water_tst", "rmse:water", "_tst"), ("lr", "lr", ""),
  ])
  func `a column's name says its quantity and its kind`(
    column: String, quantity: String, kind: String
  ) {
    #expect(quantityAndKind(column) == (quantity, kind))
  }
}
