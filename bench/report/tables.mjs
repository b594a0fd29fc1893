import { targetOf } from "./targets.mjs";
import { verdict } from "./verdict.mjs";

/** The table of all figures with what they are to reach. */
export function figures(rows) {
  const lines = rows.map((row) => {
    const { must, stretch } = targetOf(row);
    const shown = (value) => (value === undefined ? "" : number(value, row.unit));
    const { figure, missing } = row;
    return [
      `${row.group}: ${row.what}`,
      figure ? shown(figure.median) : "–",
      figure ? shown(figure.low) : "–",
      must === undefined ? "" : `≤ ${shown(must)}`,
      stretch === undefined ? "" : `≤ ${shown(stretch)}`,
      verdict(row),
      (figure ? row.note : missing) ?? "",
    ];
  });
  return {
    title: "All figures",
    columns: ["", "median", "20th percentile", "must", "stretch", "", ""],
    lines,
    notes: [
      "Ratios of CPU time unless a unit says otherwise; in browsers, of wall time. Less is better.",
      "The median is that of the ratios of each round, the percentile the ratio of the 20th percentiles. MISS: both are above.",
    ],
  };
}

/** For a terminal, or for Markdown. */
export function render({ title, columns, lines, notes }, markdown) {
  const all = [columns, ...lines];
  const widths = columns.map((_, at) => Math.max(...all.map((line) => line[at].length), 3));
  const row = (line) => line.map((cell, at) => (at === 0 ? cell.padEnd(widths[at]) : cell.padStart(widths[at])));
  const joined = (line) => (markdown ? `| ${line.join(" | ")} |` : line.join("  ").trimEnd());
  const rule = widths.map((width, at) => (at === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`));
  const body = lines.map((line) => joined(row(line)));
  const said = notes.map((note) => (markdown ? `- ${note}` : `  ${note}`));
  const head = markdown ? `## ${title}` : `=== ${title}`;
  return [head, "", joined(row(columns)), ...(markdown ? [joined(rule)] : []), ...body, "", ...said, ""].join("\n");
}

function number(value, unit) {
  if (unit === "ticks") return String(value);
  if (unit) return `${value.toFixed(1)} ${unit}`;
  return value < 0.01 ? value.toPrecision(2) : value.toFixed(value < 0.1 ? 3 : 2);
}
