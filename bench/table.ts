// How the benchmarks print: columns that stand right-aligned under their heads, figures that can be compared at a glance.

const WIDTH = 12;

/** A line of a table; the last column is as long as it is. */
export function row(cells: readonly string[]): string {
  return cells.map((cell, i) => i === cells.length - 1 ? cell : cell.padStart(WIDTH)).join("  ");
}

/** 1,234,567. */
export function big(value: number): string {
  return Number.isNaN(value) ? "-" : Math.round(value).toLocaleString("en");
}

/** Bytes, in MiB. */
export function mib(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(1);
}

/** A share of one. */
export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
