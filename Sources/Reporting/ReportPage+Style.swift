import Plotting

extension ReportPage {
  /// The style of the page: light or dark as the reader's system has it, for narrow and wide
  /// windows and for paper.
  static let style =
    """
    :root {
      --paper: #ffffff; --ink: #1f2328; --soft: #5c6570; --line: #d9dee3; --faint: #f4f6f8;
      --accent: #0b5cad; --good: #1a7f37; --bad: #b35900;
    }
    * { box-sizing: border-box; }
    html { -webkit-text-size-adjust: 100%; scroll-behavior: smooth; }
    body {
      margin: 0; background: var(--paper); color: var(--ink);
      font: 16px/1.55 system-ui, -apple-system, "Segoe UI", "Noto Sans", "Helvetica Neue", Arial,
        "Liberation Sans", "DejaVu Sans", sans-serif;
    }
    header, main, footer { max-width: 62rem; margin: 0 auto; padding: 0 1.25rem; }
    header { padding-top: 2.5rem; }
    h1 { font-size: 2.5rem; line-height: 1.15; letter-spacing: -0.02em; margin: 0 0 0.3rem; overflow-wrap: anywhere; }
    h2 { font-size: 1.45rem; letter-spacing: -0.01em; margin: 0 0 1rem; }
    h3 { font-size: 1.02rem; margin: 1.8rem 0 0.5rem; }
    p { margin: 0.5rem 0; }
    section { padding: 1.6rem 0 1.2rem; border-top: 1px solid var(--line); }
    .eyebrow {
      margin: 0 0 0.3rem; color: var(--accent); font-size: 0.8rem; font-weight: 600; letter-spacing: 0.07em;
      text-transform: uppercase;
    }
    .lede { color: var(--soft); margin: 0 0 1.2rem; }
    .lede span + span::before { content: "·"; margin: 0 0.45em 0 0.2em; }
    nav { display: flex; flex-wrap: wrap; gap: 0.2rem 1.3rem; margin: 0 0 1.6rem; font-size: 0.92rem; }
    a { color: var(--accent); text-decoration: none; }
    a:hover, a:focus-visible { text-decoration: underline; }
    .tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(12.5rem, 1fr)); gap: 0.9rem; }
    .tile { background: var(--faint); border-radius: 0.6rem; padding: 0.85rem 1.1rem 0.8rem; }
    .tile p { margin: 0; }
    .tile .name, .tile .below { color: var(--soft); font-size: 0.86rem; }
    .tile .value { font-size: 1.75rem; font-weight: 600; letter-spacing: -0.01em; font-variant-numeric: tabular-nums; }
    .tile .value .unit { font-size: 0.95rem; font-weight: 400; letter-spacing: 0; }
    .better { color: var(--good); font-weight: 600; }
    .worse { color: var(--bad); font-weight: 600; }
    .note { color: var(--soft); font-size: 0.92rem; }
    .measured { border-left: 3px solid var(--bad); padding-left: 0.8rem; }
    .unit { color: var(--soft); }
    .scroll { overflow-x: auto; margin: 0.4rem 0 0.8rem; }
    table { border-collapse: collapse; font-size: 0.92rem; }
    th, td { padding: 0.32rem 1.4rem 0.32rem 0; text-align: left; vertical-align: baseline; }
    .number, thead th { white-space: nowrap; }
    .long { min-width: 14rem; }
    .tool { white-space: nowrap; }
    p, li { overflow-wrap: anywhere; }
    tbody th, td:not(.number) { overflow-wrap: break-word; max-width: 30rem; }
    thead th { color: var(--soft); font-weight: 600; border-bottom: 1px solid var(--line); vertical-align: bottom; }
    thead .unit { display: block; font-weight: 400; font-size: 0.84rem; }
    tbody th { font-weight: 500; }
    tbody tr + tr > * { border-top: 1px solid var(--faint); }
    .number { text-align: right; font-variant-numeric: tabular-nums; }
    .none { color: var(--soft); }
    sub { font-size: 0.72em; line-height: 0; }
    dl { display: grid; grid-template-columns: minmax(8rem, max-content) 1fr; gap: 0.3rem 1.8rem; margin: 0.6rem 0; }
    dt { color: var(--soft); }
    dd { margin: 0; overflow-wrap: anywhere; }
    figure { margin: 1rem 0 1.2rem; }
    .panels { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 22rem), 1fr)); gap: 0.4rem 1rem; }
    .panels svg { max-width: 32rem; }
    .panels.wide { grid-template-columns: repeat(auto-fill, minmax(min(100%, 27rem), 1fr)); }
    .panels.wide > div { overflow-x: auto; }
    .panels.wide svg { min-width: 26rem; max-width: none; }
    figure svg { display: block; width: 100%; height: auto; }
    figcaption { color: var(--soft); font-size: 0.88rem; margin-top: 0.4rem; }
    code, pre { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", "DejaVu Sans Mono", monospace; }
    code { font-size: 0.9em; }
    pre {
      background: var(--faint); border-radius: 0.5rem; padding: 0.8rem 1rem; margin: 0.6rem 0; overflow-x: auto;
      font-size: 0.8rem; line-height: 1.5;
    }
    details { margin: 0.9rem 0; }
    summary { cursor: pointer; color: var(--accent); }
    footer { color: var(--soft); font-size: 0.86rem; padding-bottom: 2.5rem; }
    @media (max-width: 34rem) {
      header { padding-top: 1.4rem; }
      h1 { font-size: 2rem; }
      dl { grid-template-columns: 1fr; gap: 0; }
      dd { margin-bottom: 0.5rem; }
      .tiles { grid-template-columns: 1fr 1fr; gap: 0.6rem; }
      .tile { padding: 0.65rem 0.8rem; }
      .tile .value { font-size: 1.35rem; }
    }
    @media screen and (prefers-color-scheme: dark) {
      :root {
        --paper: #14171a; --ink: #e6e8ea; --soft: #9aa4ae; --line: #343a41; --faint: #1f2429;
        --accent: #74b3f2; --good: #56c271; --bad: #e8a04c;
      }
    \(Theme.darkStyle())}
    @media print {
      @page { margin: 16mm 14mm; }
      html { font-size: 10pt; }
      body { font-size: 10pt; }
      header, main, footer { max-width: none; padding: 0; }
      header { padding-top: 0; }
      nav { display: none; }
      h1 { font-size: 22pt; }
      h2, h3 { break-after: avoid; }
      figure, tr, dl, .tile, pre.digests { break-inside: avoid; }
      thead { display: table-header-group; }
      .scroll, pre { overflow: visible; }
      .scroll { break-inside: avoid-page; }
      .tiles { grid-template-columns: repeat(4, 1fr); }
      .tile .value { font-size: 15pt; }
      .panels, .panels.wide { grid-template-columns: repeat(2, 1fr); }
      .panels.wide svg { min-width: 0; }
      details pre { columns: 2; }
      pre { white-space: pre-wrap; overflow-wrap: anywhere; font-size: 7pt; }
      .tile, pre { border: 1px solid var(--line); background: none; }
      table { font-size: 8.5pt; }
      th, td { padding-right: 0.9rem; }
      details::details-content { content-visibility: visible; block-size: auto; }
      summary { list-style: none; color: var(--ink); }
    }

    """
}
