import { fields, list } from '../fields.ts';

export const faultKinds = [
  'rate_limited',
  'server_error',
  'bad_key',
  'no_credits',
  'timeout',
  'dropped_connection',
  'truncated_json',
  'malformed_json',
  'login_wall',
  'login_redirect',
  'wrong_schema',
  'renamed_subject',
  'empty_list',
  'zero_followers',
] as const;
export type FaultKind = (typeof faultKinds)[number];

/** What goes wrong, for whom and how often. Left out = no restriction. */
export interface FaultRule {
  kind: FaultKind;
  handle?: string;
  /** The beginning of a path. */
  path?: string;
  /** Of the requests it applies to; drawn from the seed. */
  probability?: number;
  /** Ends after so many faults. */
  count?: number;
  /** Of `rate_limited`; 30 when left out, none when null. */
  retryAfterSeconds?: number | null;
}

export type FaultRules = { ok: true; rules: FaultRule[] } | { ok: false; problem: string };

interface FieldRule {
  isValid: (value: unknown) => boolean;
  expected: string;
}

const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';
const isNumber = (value: unknown, min: number, max: number): boolean =>
  typeof value === 'number' && value >= min && value <= max;

// Every field of a rule: one that is misspelt would lift a restriction, and the fault would strike everybody.
const fieldRules: Record<keyof FaultRule, FieldRule> = {
  kind: { isValid: (value) => faultKinds.some((kind) => kind === value), expected: `one of ${faultKinds.join(', ')}` },
  handle: { isValid: isText, expected: 'a handle' },
  path: { isValid: isText, expected: 'the beginning of a path' },
  probability: { isValid: (value) => isNumber(value, 0, 1), expected: 'a number from 0 to 1' },
  count: { isValid: (value) => Number.isInteger(value) && isNumber(value, 1, 1e9), expected: 'a whole number from 1' },
  retryAfterSeconds: { isValid: (value) => value === null || isNumber(value, 0, 1e6), expected: 'seconds, or null' },
};

/** Rules from JSON text, or the first thing that is wrong with them. */
export function parseFaultRules(text: string): FaultRules {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = null;
  }
  const rules = list(json);
  if (rules === null) return { ok: false, problem: 'use a JSON list of fault rules (docs/sources/sandbox.md)' };
  for (const [index, rule] of rules.entries()) {
    const problem = ruleProblem(rule);
    if (problem !== null) return { ok: false, problem: `rule ${index + 1}: ${problem}` };
  }
  return { ok: true, rules: rules as FaultRule[] };
}

function ruleProblem(value: unknown): string | null {
  const rule = fields(value);
  if (rule === null) return 'use an object';
  if (rule.kind === undefined) return `kind is missing; use ${fieldRules.kind.expected}`;
  for (const [name, given] of Object.entries(rule)) {
    if (!isFieldName(name)) return `there is no field ${name}; use ${Object.keys(fieldRules).join(', ')}`;
    if (!fieldRules[name].isValid(given)) return `${name} must be ${fieldRules[name].expected}`;
  }
  return null;
}

const isFieldName = (name: string): name is keyof FaultRule => Object.hasOwn(fieldRules, name);
