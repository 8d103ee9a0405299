/** Response headers of /v2 (§2.11), each declared once in `components.headers`. */
export const headerDefinitions = {
  'X-Request-ID': {
    description: "The client's X-Request-ID if it is 1-128 of [A-Za-z0-9._-], else a new UUID",
    required: true,
    schema: { type: 'string' },
  },
  'X-RateLimit-Limit': { description: 'Requests per window', schema: { type: 'integer' } },
  'X-RateLimit-Remaining': { description: 'Requests left in the window', schema: { type: 'integer' } },
  'X-RateLimit-Reset': { description: 'End of the window in Unix seconds', schema: { type: 'integer' } },
  ETag: {
    description: 'Strong validator of the body',
    required: true,
    schema: { type: 'string', pattern: '^"[^"]+"$' },
  },
  'Cache-Control': { required: true, schema: { type: 'string', const: 'private, no-cache' } },
  Link: { description: 'rel="first" always, rel="next" when there is more', schema: { type: 'string' } },
  Location: { description: 'Path of the new resource', schema: { type: 'string' } },
  'Idempotent-Replayed': {
    description: 'Present when this is the stored answer of an earlier request',
    schema: { type: 'string', const: 'true' },
  },
  'Retry-After': { description: 'Seconds to wait', schema: { type: 'integer', minimum: 1 } },
  'WWW-Authenticate': { required: true, schema: { type: 'string', const: 'Bearer' } },
} as const;

export type HeaderName = keyof typeof headerDefinitions;
