import type { FieldError } from '../../contract/problem.ts';

// Postgres can hold neither U+0000 nor half of a surrogate pair, in text as in jsonb.

const maxDepth = 32;
/** A body of a mebibyte has room for a hundred thousand; nobody reads more than the first. */
const maxErrors = 100;

/** Names every string, and every name of a member, that the database could not store; also nesting without end. */
export function unstorableText(value: unknown, root: string): FieldError[] {
  const errors: FieldError[] = [];
  visit(value, [], (path, message) => {
    if (errors.length < maxErrors) errors.push({ field: path.join('.') || root, message });
  });
  return errors;
}

function visit(value: unknown, path: string[], report: (path: string[], message: string) => void): void {
  if (typeof value === 'string') {
    if (!isStorable(value)) report(path, 'must not contain null characters or broken Unicode');
  } else if (typeof value === 'object' && value !== null) {
    if (path.length > maxDepth) {
      report(path.slice(0, 1), 'is nested too deeply');
      return;
    }
    for (const [name, member] of Object.entries(value)) {
      if (!isStorable(name)) report([...path, name], 'must not have a name with null characters or broken Unicode');
      visit(member, [...path, name], report);
    }
  }
}

const isStorable = (text: string): boolean => !text.includes('\0') && text.isWellFormed();
