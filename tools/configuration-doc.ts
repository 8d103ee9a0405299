import { writeFileSync } from 'node:fs';
import { sourceVariableName } from '../server/src/config.ts';
import { sourceNames, sourceVariables } from '../server/src/config/source-variables.ts';
import { variables } from '../server/src/config/variables.ts';

export const configurationDocPath = new URL('../docs/configuration.md', import.meta.url);

const head = ['| Variable | Default | Meaning |', '|---|---|---|'];

/** docs/configuration.md, from the tables that the server reads its variables with. */
export function configurationDoc(): string {
  return [
    '# Configuration',
    '',
    '<!-- Written by `npm run docs:configuration` from server/src/config/. A test fails when they differ. -->',
    '',
    'Tallyline is configured by environment variables alone; none is required. An empty value counts as absent. When something is',
    'wrong, every problem is listed at once, also unknown `TALLYLINE_` names, and the process ends with exit code 2.',
    '',
    ...head,
    ...Object.values(variables).map(
      ({ name, fallback, fallbackNote, meaning }) => `| \`${name}\` | ${shown(fallback, fallbackNote)} | ${meaning} |`,
    ),
    '',
    '## Sources',
    '',
    'Each source reads its own variables, and only when `TALLYLINE_SOURCES` names it.',
    ...sourceNames.flatMap((source) => [
      '',
      `### \`${source}\``,
      '',
      ...head,
      ...sourceVariables[source].map(
        ({ suffix, fallbackNote, meaning }) =>
          `| \`${sourceVariableName(source, suffix)}\` | ${fallbackNote} | ${meaning} |`,
      ),
    ]),
    '',
  ].join('\n');
}

function shown(fallback: unknown, note: string | undefined): string {
  return note ?? `\`${Array.isArray(fallback) ? fallback.join(',') : String(fallback)}\``;
}

if (import.meta.main) writeFileSync(configurationDocPath, configurationDoc());
