import { readFileSync } from 'node:fs';

const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');

/** Version of this Tallyline, as its package says. */
export const { version } = JSON.parse(text) as { version: string };
