import { isIP } from 'node:net';

/** What a value may be: its parser returns the value, or a sentence that says how to mend it. */
export type Parsed<T> = { ok: true; value: T } | { ok: false; fix: string };

const good = <T>(value: T): Parsed<T> => ({ ok: true, value });
const bad = (fix: string): Parsed<never> => ({ ok: false, fix });

export const text = (raw: string): Parsed<string> => good(raw);

/** What a server can listen on: an address, or a name. A name whose last part is a number is an address gone wrong. */
export function host(raw: string): Parsed<string> {
  const isName = /^[\w-]+(\.[\w-]+)*\.?$/.test(raw) && !/(^|\.)\d+\.?$/.test(raw);
  return isIP(raw) !== 0 || isName
    ? good(raw)
    : bad('use an address or a name of this machine, such as 127.0.0.1 or 0.0.0.0');
}

export function integer(min: number, max: number): (raw: string) => Parsed<number> {
  return (raw) => {
    const value = /^\d{1,15}$/.test(raw) ? Number(raw) : Number.NaN;
    return value >= min && value <= max ? good(value) : bad(`use a whole number from ${min} to ${max}`);
  };
}

export function decimal(min: number, max: number): (raw: string) => Parsed<number> {
  return (raw) => {
    const value = /^\d{1,9}(?:\.\d{1,6})?$/.test(raw) ? Number(raw) : Number.NaN;
    return value >= min && value <= max ? good(value) : bad(`use a number from ${min} to ${max}`);
  };
}

export function oneOf<const T extends string>(choices: readonly T[]): (raw: string) => Parsed<T> {
  return (raw) => {
    const found = choices.find((choice) => choice === raw);
    return found === undefined ? bad(`use one of: ${choices.join(', ')}`) : good(found);
  };
}

export const partsOf = (raw: string): string[] => raw.split(',').map((item) => item.trim());

export function listOf<T>(parse: (raw: string) => Parsed<T>): (raw: string) => Parsed<T[]> {
  return (raw) => {
    const values: T[] = [];
    const failed: { part: string; fix: string }[] = [];
    for (const part of partsOf(raw)) {
      const parsed = parse(part);
      if (parsed.ok) values.push(parsed.value);
      else failed.push({ part, fix: parsed.fix });
    }
    if (failed[0] !== undefined) {
      const parts = failed.map(({ part }) => `"${part}"`).join(', ');
      return bad(`${failed[0].fix}, separated by commas (${parts} ${failed.length === 1 ? 'is' : 'are'} not)`);
    }
    return new Set(values).size === values.length ? good(values) : bad('name each entry once');
  };
}

export function url(protocols: readonly string[], example: string): (raw: string) => Parsed<string> {
  return (raw) => {
    const parsed = URL.canParse(raw) ? new URL(raw) : null;
    return parsed !== null && protocols.includes(parsed.protocol) ? good(raw) : bad(`use a URL such as ${example}`);
  };
}

/** A URL of a Postgres server. What pg would take for its default host, user or database is refused: it would go elsewhere. */
export function databaseUrl(raw: string): Parsed<string> {
  const parsed = url(['postgres:', 'postgresql:'], 'postgres://user:password@host:5432/tallyline')(raw);
  if (!parsed.ok) return parsed;
  const { hostname, pathname, hash, searchParams } = new URL(raw);
  if (hostname === '' && !searchParams.get('host')) {
    return bad(
      'name the host, such as postgres://user:password@host:5432/tallyline, or ?host= with the folder of a socket',
    );
  }
  if (hash !== '' || /[@:]/.test(pathname) || [...searchParams.keys()].some((key) => /[@:/]/.test(key))) {
    return bad(
      'after the host only /database and ?options may follow; write #, /, ? and @ in a password as %23, %2F, %3F and %40',
    );
  }
  return parsed;
}

export function matching(pattern: RegExp, fix: string): (raw: string) => Parsed<string> {
  return (raw) => (pattern.test(raw) ? good(raw) : bad(fix));
}
