import { dayOfNumber } from '../metrics/runs.ts';

/** Days whose stored figures (by date) differ from those that readings give (by day number), both written out. */
export function differingDays(stored: ReadonlyMap<string, string>, expected: ReadonlyMap<number, string>): string[] {
  const missing = new Map([...expected].map(([day, figures]) => [dayOfNumber(day), figures]));
  const problems: string[] = [];
  for (const [day, found] of stored) {
    const wanted = missing.get(day);
    if (wanted !== found) problems.push(`${day} says ${found}, readings say ${wanted ?? 'nothing'}`);
    missing.delete(day);
  }
  for (const day of missing.keys()) problems.push(`${day} is missing`);
  return problems;
}
