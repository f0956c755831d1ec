/// Colors and fonts.
///
/// The palette is Okabe and Ito's, for all kinds of color vision (jfly.uni-koeln.de/color), without
/// its yellow, which is too light for lines on paper.  Every color of a series has a dash and a
/// mark of its own.
public enum Theme {
  /// The colors of series, on white and on a dark page.
  static let light = ["#0072b2", "#d55e00", "#009e73", "#a6568c", "#c98a00", "#56b4e9", "#4d4d4d"]
  static let dark = ["#4fa8e0", "#f08a3c", "#2cc295", "#dd9cc4", "#edb72f", "#8fd0f5", "#c4c4c4"]

  /// The shades of density, from few points to many, on white and on a dark page.
  static let shades = [
    "#d3e3f3", "#b4d0e9", "#90badd", "#6ba2cf", "#4a89be", "#2f70a9", "#1b5890", "#0e4273",
    "#082d54",
  ]
  static let darkShades = [
    "#173350", "#1d456d", "#24588a", "#2f6da6", "#4584be", "#639dd2", "#88b7e2", "#b0d1ef",
    "#dbebfa",
  ]

  /// The fonts in order of preference: the page's or the system's, and that of Debian's
  /// fonts-dejavu-core.
  public static let fonts =
    "'Helvetica Neue', Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif"

  /// The font sizes in pixels.
  static let figureTitle = 17.0, panelTitle = 14.0, text = 12.0, small = 11.0

  /// The colors of all that is no series, by the name of the class, on white and on a dark page.
  static let roles: [(name: String, light: String, dark: String)] = [
    ("ink", "#1c1c1c", "#ececec"), ("soft", "#5a5a5a", "#a8a8a8"), ("axis", "#777777", "#8a8a8a"),
    ("grid", "#e4e4e4", "#353535"), ("guide", "#8c8c8c", "#8c8c8c"),
  ]

  /// The color of `role` on white.
  static func color(_ role: String) -> String {
    roles.first { $0.name == role }?.light ?? "#000000"
  }

  /// The lengths of dashes and gaps in pixels.
  static func pattern(_ dash: Style.Dash) -> String? {
    switch dash {
    case .solid: nil
    case .dashed: "5 3"
    case .dotted: "1.5 2.5"
    case .dashDotted: "7 2.5 1.5 2.5"
    }
  }

  /// CSS that turns the pictures of a page dark; `scope` is a selector for the page's dark state,
  /// "" for always.
  ///
  /// Pictures have their light colors as attributes, over which any rule of a page takes
  /// precedence.
  public static func darkStyle(scope: String = "") -> String {
    let place = scope.isEmpty ? ".dp-plot" : "\(scope) .dp-plot"
    var rules = ["\(place) .paper{fill:none}"]
    func rule(_ name: String, _ color: String) {
      rules.append("\(place) .\(name){fill:\(color)}")
      rules.append("\(place) .\(name)-line{stroke:\(color)}")
    }
    for role in roles { rule(role.name, role.dark) }
    for (number, color) in dark.enumerated() { rule("c\(number)", color) }
    for (number, color) in darkShades.enumerated() {
      rules.append("\(place) .d\(number){fill:\(color)}")
    }
    return rules.joined(separator: "\n") + "\n"
  }
}
