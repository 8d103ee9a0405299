import type { ESTree } from '@oxlint/plugins';

export type Step = 'authorize' | 'parse' | 'transaction' | 'write' | 'audit' | 'version';

const order: readonly Step[] = ['authorize', 'parse', 'transaction', 'write', 'audit'];
const how: Record<Step, string> = {
  authorize: `call authorize(ctx, 'write') or a stricter one as a statement of its own`,
  parse: 'call a parse…() on the input',
  transaction: 'do the work in inTransaction(ctx, async (trx) => …)',
  write: 'write through the transaction',
  version: 'call bumpVersion(trx, …) after the writes, in no branch',
  audit: 'call audit(trx, ctx, …) after the writes, in no branch',
};

// The functions that are steps, by the file of services they come from. Others of the same name are no steps.
const stepFiles: readonly [RegExp, RegExp, Step][] = [
  [/\/authorize(-[a-z]+)?\.ts$/, /^authorize/, 'authorize'],
  [/\/transaction\.ts$/, /^inTransaction$/, 'transaction'],
  [/\/versions\.ts$/, /^bumpVersion$/, 'version'],
  [/\/audit\.ts$/, /^audit$/, 'audit'],
];

/** The step that a function imported from `source` is, or null. */
export function stepOf(source: string, imported: string): Step | null {
  return stepFiles.find(([file, name]) => file.test(source) && name.test(imported))?.[2] ?? null;
}

/** `authorize(ctx, 'read')` lets everybody in; so may one whose access is computed. */
export function letsWritersIn(call: ESTree.CallExpression, imported: string): boolean {
  const access = call.arguments[1];
  if (imported !== 'authorize') return !imported.endsWith('Read');
  return access?.type === 'Literal' && (access.value === 'write' || access.value === 'admin');
}

/** What is wrong with the steps of a verb, seen at these places of its text; null when nothing is. */
export function stepProblem(seen: ReadonlyMap<Step, number>): string | null {
  const missing = ([...order, 'version'] as const).filter((step) => !seen.has(step));
  if (missing.length > 0) return `write verb without ${missing.map((step) => `${step}: ${how[step]}`).join('; ')}`;
  const actual = [...seen].toSorted(([, a], [, b]) => a - b).map(([step]) => step);
  if (actual.indexOf('version') < actual.indexOf('write')) return 'write verb that bumps the version before it writes';
  const steps = actual.filter((step) => step !== 'version');
  return steps.join() === order.join()
    ? null
    : `write verb out of order: ${steps.join(' → ')}, not ${order.join(' → ')}`;
}
