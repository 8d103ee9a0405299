import { describe, expect, it } from 'vitest';
import { silentLogger } from '../../test/support/logger.ts';
import { checkVersion, unreachableError, withUtcSessions } from './external.ts';

describe('a server named by TALLYLINE_DATABASE_URL', () => {
  it('that is older than 15 is refused', () => {
    expect(() => checkVersion({ number: 140_011, name: '14.11' }, silentLogger)).toThrow(/14\.11.*needs 15 to 18/);
  });

  it.each([150_000, 180_004, 190_000])('of version %i is used', (number) => {
    expect(() => checkVersion({ number, name: '' }, silentLogger)).not.toThrow();
  });

  it('keeps the options of its URL, and works in UTC too', () => {
    const url = new URL(withUtcSessions('postgresql://me:pw@db:5432/t?options=-c%20geqo%3Doff'));
    expect(url.searchParams.get('options')).toBe('-c geqo=off -c TimeZone=UTC');
    expect(withUtcSessions('postgresql://me:pw@db/t')).toBe('postgresql://me:pw@db/t');
  });

  it.each([
    ['postgres://me:hush@db:5432/books', 'db:5432/books'],
    ['postgres://me:hush@db/a:hush@b', 'db'],
    ['postgres:/me:hush@db/books', ''],
    ['postgres:///books?host=/run/db&password=hush', '/run/db/books'],
  ])('%s is named as %j when it can not be used', (url, place) => {
    const { message } = unreachableError(url, new Error('gone'));
    expect(message).toBe(
      `The database ${place} of TALLYLINE_DATABASE_URL can't be used: Error: gone. Check the URL and the server.`,
    );
  });
});
