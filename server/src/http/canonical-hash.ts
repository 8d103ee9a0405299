import { createHash } from 'node:crypto';

/** Text of the value that comes next, or the value itself. */
type Step = { text: string } | { value: unknown };

/** Hash of a JSON value in which the order of members does not count. Without recursion: a body may be nested at will. */
export function canonicalHash(value: unknown): Buffer {
  const parts: string[] = [];
  const steps: Step[] = [{ value }];
  for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
    if ('text' in step) parts.push(step.text);
    else if (Array.isArray(step.value)) pushReversed(steps, itemsOf(step.value));
    else if (typeof step.value === 'object' && step.value !== null) pushReversed(steps, membersOf(step.value));
    else parts.push(JSON.stringify(step.value) ?? '');
  }
  return createHash('sha256').update(parts.join('')).digest();
}

const itemsOf = (items: readonly unknown[]): Step[] => [
  { text: '[' },
  ...items.flatMap((value): Step[] => [{ value }, { text: ',' }]),
  { text: ']' },
];

const membersOf = (members: object): Step[] => [
  { text: '{' },
  ...Object.entries(members)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, value]): Step[] => [{ text: `${JSON.stringify(name)}:` }, { value }, { text: ',' }]),
  { text: '}' },
];

function pushReversed(steps: Step[], next: readonly Step[]): void {
  for (const step of next.toReversed()) steps.push(step);
}
