import { expect, it } from 'vitest';
import { newDataDir } from './support/data-dir.ts';
import { tallyline, tallylineJson } from './support/process.ts';

it('demo refuses to mix simulated numbers with those of a real source, and has made nothing', async () => {
  const settings = { TALLYLINE_DATA_DIR: newDataDir() };
  const real = {
    ...settings,
    TALLYLINE_SOURCES: 'sandbox,scrapecreators',
    TALLYLINE_SCRAPECREATORS_KEY: '0123456789abcdef',
  };
  const refused = await tallyline(['demo', '--accounts', '2', '--days', '3'], real);
  expect(refused).toMatchObject({ code: 1, stdout: '' });
  expect(refused.stderr).toContain('TALLYLINE_SOURCES is sandbox,scrapecreators');
  expect(refused.stderr).toContain('with TALLYLINE_SOURCES=sandbox');
  const { checks } = await tallylineJson<{ checks: { checked: number; name: string }[] }>(['doctor'], settings);
  const found = checks.filter(({ checked }) => checked > 0).map(({ name }) => name);
  expect(found).toEqual(['partitions for the next month exist']);
});
