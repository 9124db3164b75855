"""The style sheet of a sheet: A4 portrait, marks that a grey print still tells apart."""

from __future__ import annotations

STYLE = """
.ng-trace { --ink: #222; --muted: #6b6b6b; --line: #d5dae0; --red: #d55e00; --amber: #e69f00;
  --blue: #0072b2;
  font: 7.4pt/1.32 "Noto Sans CJK SC", "Noto Sans SC", "Microsoft YaHei", "PingFang SC",
    "Segoe UI", Arial, sans-serif;
  color: var(--ink); background: #fff; max-width: 192mm; margin: 0 auto;
  print-color-adjust: exact;
  -webkit-print-color-adjust: exact; }
.ng-trace * { box-sizing: border-box; }
.ng-trace p, .ng-trace h1, .ng-trace h2, .ng-trace h3, .ng-trace ul, .ng-trace ol,
.ng-trace figure { margin: 0; }
.ng-trace header { border-bottom: .5mm solid var(--ink); padding-bottom: 1.2mm; }
.ng-trace .kicker { font-size: 7pt; color: var(--muted); letter-spacing: .06em; }
.ng-trace h1 { font-size: 12.5pt; line-height: 1.2; overflow-wrap: anywhere; }
.ng-trace .facts { color: var(--muted); overflow-wrap: anywhere; }
.ng-trace .verdict { margin-top: .8mm; }
.ng-trace .badge { display: inline-block; margin-right: 1.5mm; padding: .2mm 2mm;
  border: .3mm solid var(--ink);
  font-weight: bold; font-size: 9pt; }
.ng-trace .badge.red { background: var(--red); color: #fff; border-color: var(--red); }
.ng-trace .badge.orange { background: var(--amber); color: #000; border-color: var(--amber); }
.ng-trace .badge.yellow { background: #f0e442; color: #000; border-color: #b8ad10; }
.ng-trace .badge.blue { background: var(--blue); color: #fff; border-color: var(--blue); }
.ng-trace section { margin-top: 1.4mm; }
.ng-trace h2 { font-size: 8.6pt; font-weight: normal; overflow-wrap: anywhere; }
.ng-trace h3 { font-size: 7.4pt; color: var(--muted); font-weight: bold; }
.ng-trace .aspects b { font-weight: bold; }
.ng-trace .aspects b.no { color: #b34f00; }
.ng-trace .aspects b.open { color: var(--muted); }
.ng-trace .reason { font-weight: bold; font-size: 8.2pt; overflow-wrap: anywhere; }
.ng-trace .note { overflow-wrap: anywhere; }
.ng-trace .strip svg { display: block; width: 100%; height: auto; }
.ng-trace .strip text { font-family: inherit; }
.ng-trace table { border-collapse: collapse; width: 100%; }
.ng-trace td, .ng-trace th { text-align: left; vertical-align: top; padding: .12mm 1mm;
  overflow-wrap: anywhere; font-weight: normal; background: none; }
.ng-trace th { font-size: 7pt; color: var(--muted); border-bottom: .25mm solid var(--ink);
  vertical-align: bottom; }
.ng-trace .lanes { table-layout: fixed; }
.ng-trace .lanes .m { width: 13mm; text-align: right; color: var(--muted);
  font-variant-numeric: tabular-nums; overflow-wrap: normal; }
.ng-trace .lanes .j { width: 11mm; text-align: center; padding: 0; vertical-align: middle;
  font-weight: bold; color: #b34f00; }
.ng-trace .lanes td.place { font-weight: bold; border-left: 1mm solid var(--ink); }
.ng-trace .lanes td.run, .ng-trace .lanes td.gap { border-left: .4mm solid #9aa4af;
  padding-left: 1.6mm; }
.ng-trace .lanes .carrier { color: var(--muted); font-size: 6.8pt; font-weight: normal; }
.ng-trace .lanes td.shared { background: #fbe3d3; border-left: 1mm solid var(--red);
  border-right: 1mm solid var(--red); }
.ng-trace .lanes td.circuit { background: #fdf3dd; border-left: 1mm dotted var(--amber); }
.ng-trace .lanes td.tolerated { border-left: .6mm dashed var(--red);
  border-right: .6mm dashed var(--red); }
.ng-trace .lanes td.mixed { background: #fdf3ec; border-left: 1mm dashed var(--red); }
.ng-trace .lanes td.missing { color: #555; font-style: italic; border-left: 1mm dotted #777;
  background: repeating-linear-gradient(45deg, #eee, #eee 1mm, #fafafa 1mm, #fafafa 2mm); }
.ng-trace .lanes td.j.shared { background: var(--red); border: 0; color: #fff; }
.ng-trace .lanes td.j.circuit { background: #fdf3dd; border: 0; }
.ng-trace .lanes td.j.tolerated { border: 0; border-top: .3mm dashed var(--red);
  border-bottom: .3mm dashed var(--red); font-weight: normal; }
.ng-trace .lanes td.absent { text-align: center; vertical-align: middle; font-weight: bold;
  color: #b34f00; border: .4mm dashed var(--red); }
.ng-trace .legend { color: var(--muted); font-size: 6.8pt; margin-top: .6mm; }
.ng-trace .legend span { margin-right: 3mm; }
.ng-trace .beside { display: flex; gap: 4mm; align-items: flex-start; margin-top: 1mm; }
.ng-trace .beside > div { flex: 1 1 0; min-width: 0; }
.ng-trace .beside figure { flex: 0 0 92mm; text-align: right; }
.ng-trace .beside img { max-width: 92mm; max-height: 76mm; }
.ng-trace .beside .mm66 img { max-height: 66mm; }
.ng-trace .beside .mm56 img { max-height: 56mm; }
.ng-trace .list td { border-bottom: .1mm solid var(--line); }
.ng-trace .list th { white-space: nowrap; }
.ng-trace .hazards td:nth-child(2), .ng-trace .hazards td:first-child { white-space: nowrap; }
.ng-trace .list + .list { margin-top: 1.4mm; }
.ng-trace .list small { color: var(--muted); font-size: 6pt; white-space: nowrap; }
.ng-trace .items td:nth-child(3), .ng-trace .items th:nth-child(3) { text-align: right; }
.ng-trace .dot { display: inline-block; width: 2mm; height: 2mm; margin-right: 1mm;
  border: .15mm solid #555; }
.ng-trace .dot.red { background: var(--red); } .ng-trace .dot.orange { background: var(--amber); }
.ng-trace .dot.yellow { background: #f0e442; } .ng-trace .dot.blue { background: var(--blue);
  } .ng-trace .dot.info { background: #ccc; }
.ng-trace .columns { display: flex; gap: 4mm; }
.ng-trace .columns > div { flex: 1 1 0; min-width: 0; overflow-wrap: anywhere; }
.ng-trace .beside h3 { margin-top: 1.4mm; }
.ng-trace ol { padding-left: 4.5mm; }
.ng-trace .further ul { padding-left: 4.5mm; }
.ng-trace .more, .ng-trace footer { color: var(--muted); font-size: 6.6pt;
  overflow-wrap: anywhere; }
.ng-trace footer { border-top: .15mm solid var(--line); margin-top: 1.2mm; }
.ng-trace tr { break-inside: avoid; }
@page { size: A4 portrait; margin: 9mm; }
@media screen { body > .ng-trace { padding: 6mm 0; } }
@media screen and (min-width: 1100px) { body > .ng-trace { zoom: 1.4; } }
"""
