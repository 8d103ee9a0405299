import { describe, expect, it } from 'vitest';
import { humanLine } from './human-log.ts';
import { createLogger } from './logger.ts';

function logged(write: (logger: ReturnType<typeof createLogger>) => void): string {
  const lines: string[] = [];
  write(createLogger('trace', { write: (line) => lines.push(line) }));
  return lines.join('');
}

describe('the log', () => {
  it('has no secret, wherever one of our words for it stands', () => {
    const secret = `tga_${'7'.repeat(64)}`;
    const text = logged((logger) => {
      logger.info({ apiKey: secret, token: secret, config: { bootstrapKey: secret, databaseUrl: secret } }, 'start');
      logger.info({ req: { headers: { authorization: secret, cookie: secret } } }, 'request');
      logger.warn({ values: { key: secret, token: secret }, headers: { 'x-api-key': secret } }, 'source');
      logger.error({ connection: { connectionString: secret, password: secret } }, 'database');
    });
    expect(text).toContain('[redacted]');
    expect(text).not.toContain(secret);
  });

  it('is readable in a terminal, with the error below its line', () => {
    const line = humanLine(
      '{"level":40,"time":0,"pid":1,"msg":"refresh failed","profileId":7,"err":{"stack":"Error: x\\n at y"}}',
    );
    expect(line).toBe('00:00:00 warn  refresh failed profileId=7\nError: x\n at y');
  });
});
