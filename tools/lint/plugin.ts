import { definePlugin } from '@oxlint/plugins';
import { layers } from './layers.ts';
import { noAmbient } from './no-ambient.ts';
import { sqlText } from './sql-text.ts';
import { writeVerb } from './write-verb.ts';

const plugin = definePlugin({
  meta: { name: 'tallyline' },
  rules: { layers, 'no-ambient': noAmbient, 'sql-text': sqlText, 'write-verb': writeVerb },
});

// The one default export: oxlint accepts a plugin no other way.
export { plugin as default };
