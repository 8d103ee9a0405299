import { resolve } from 'node:path';
import { partsOf } from './config/kinds.ts';
import { type SourceName, sourceNames, sourceVariables } from './config/source-variables.ts';
import { type Variable, variables } from './config/variables.ts';

export interface SourceSettings {
  name: string;
  /** TALLYLINE_<SOURCE>_* by the rest of the name in lower case. */
  values: Record<string, string>;
}

type Values = { [K in keyof typeof variables]: (typeof variables)[K] extends Variable<infer T> ? T : never };

export interface Config extends Omit<Values, 'sources'> {
  sources: SourceSettings[];
}

/** Wrong configuration: every problem at once, each with the variable's name and what to do. */
export class ConfigError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`The configuration has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}`);
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

type Environment = Record<string, string | undefined>;

/** Reads every TALLYLINE_* variable. An empty value counts as absent. Throws ConfigError with all problems. */
export function loadConfig(env: Environment): Config {
  const problems: string[] = [];
  const values = readValues(env, problems);
  const sources = namedSources(env, values.sources).map((name) => readSource(name, env, problems));
  problems.push(...unknownVariables(env));
  if (problems.length > 0) throw new ConfigError(problems);
  return { ...values, dataDir: resolve(values.dataDir), sources };
}

function readValues(env: Environment, problems: string[]): Values {
  const entries = Object.entries(variables).map(([key, variable]) => {
    const raw = env[variable.name]?.trim();
    if (raw === undefined || raw === '') return [key, variable.fallback];
    const parsed = variable.parse(raw);
    if (parsed.ok) return [key, parsed.value];
    problems.push(describe(variable.name, parsed.fix, variable.isSecret ? null : raw));
    return [key, variable.fallback];
  });
  return Object.fromEntries(entries) as Values;
}

/** Those of a list that is wrong elsewhere are read too: what is wrong with them is told at once. */
function namedSources(env: Environment, fallback: readonly string[]): SourceName[] {
  const raw = env[variables.sources.name]?.trim() ?? '';
  const named = new Set(raw === '' ? fallback : partsOf(raw));
  return sourceNames.filter((name) => named.has(name)).sort((a, b) => [...named].indexOf(a) - [...named].indexOf(b));
}

function readSource(name: SourceName, env: Environment, problems: string[]): SourceSettings {
  const values: Record<string, string> = {};
  for (const { suffix, parse, isRequired, isSecret } of sourceVariables[name]) {
    const variable = sourceVariableName(name, suffix);
    const raw = env[variable]?.trim();
    if (raw === undefined || raw === '') {
      if (isRequired) problems.push(`${variable} is required by the source ${name}`);
      continue;
    }
    const parsed = parse(raw);
    if (parsed.ok) values[suffix.toLowerCase()] = raw;
    else problems.push(describe(variable, parsed.fix, isSecret ? null : raw));
  }
  return { name, values };
}

const describe = (name: string, fix: string, shown: string | null): string =>
  shown === null ? `${name} is not valid: ${fix}` : `${name}=${shown} is not valid: ${fix}`;

export function sourceVariableName(name: SourceName, suffix: string): string {
  return `TALLYLINE_${name.toUpperCase()}_${suffix}`;
}

/** A misspelt name would silently leave a default in force. TALLYLINE_TEST_* belongs to the test suite. */
function unknownVariables(env: Environment): string[] {
  const known = new Set([
    ...Object.values(variables).map((variable) => variable.name),
    ...sourceNames.flatMap((name) => sourceVariables[name].map(({ suffix }) => sourceVariableName(name, suffix))),
  ]);
  return Object.keys(env)
    .filter((name) => name.startsWith('TALLYLINE_') && !name.startsWith('TALLYLINE_TEST_') && !known.has(name))
    .map((name) => `${name} is not a known variable: remove it, or correct its name (docs/configuration.md)`);
}
