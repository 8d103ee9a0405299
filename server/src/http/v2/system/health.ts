import { Problem } from '../../../contract/problem.ts';
import { single } from '../../../contract/v2/conventions.ts';
import { Health } from '../../../contract/v2/system.ts';
import type { HealthReport } from '../../../services/health/check-health.ts';
import { version } from '../../version.ts';
import type { Definition, Outcome } from '../definition.ts';

const sandbox = 'sandbox';
const retryAfterSeconds = 5;

export const healthDefinition: Definition = {
  id: 'get_health',
  method: 'GET',
  path: '/health',
  tag: 'System',
  scope: 'none',
  limit: 'exempt',
  summary: 'Whether the API can be used, and whether numbers are being collected',
  success: 200,
  response: single(Health),
  errors: [],
};

/** `configured` names the sources of this process, for when no collector is alive to say its own. */
export function presentHealth(report: HealthReport, configured: readonly string[]): Outcome {
  const { database, collector } = report;
  if (database === 'down') {
    const extra = { checks: { database, collector } };
    throw new Problem('SERVICE_UNAVAILABLE', 'The database cannot be reached.', { retryAfterSeconds, extra });
  }
  const sources = report.sources.length > 0 ? report.sources : [...configured];
  const data = {
    type: 'health',
    status: collector === 'ok' ? 'ok' : 'degraded',
    version,
    checks: { database, collector },
    sources,
    sandbox: sources.includes(sandbox),
  };
  return { body: { data } };
}
