import { Problem } from '../../../contract/problem.ts';
import { single } from '../../../contract/v2/conventions.ts';
import { Whoami } from '../../../contract/v2/system.ts';
import type { Definition, Outcome } from '../definition.ts';
import type { Session } from '../../../services/keys/open-sessions.ts';

export const whoamiDefinition: Definition = {
  id: 'get_whoami',
  method: 'GET',
  path: '/whoami',
  tag: 'System',
  scope: 'read',
  summary: 'The key of this request, and whose it is',
  success: 200,
  response: single(Whoami),
  errors: [],
  // It depends on the key, and kept answers are shared by all keys of an organization.
  cache: false,
};

export function presentWhoami(session: Session | null): Outcome {
  if (session === null) throw new Problem('UNAUTHORIZED', 'A valid API key is needed.');
  const data = {
    type: 'whoami',
    organization_id: session.organizationId,
    organization_name: session.organizationName,
    api_key_id: session.apiKeyId,
    api_key_name: session.apiKeyName,
    scopes: session.scopes,
  };
  return { body: { data } };
}
