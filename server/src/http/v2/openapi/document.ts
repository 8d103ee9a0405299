import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';

export async function registerOpenapi(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: { openapi: '3.1.0', info: { title: 'Tallyline', version: '2.0.0' }, servers: [{ url: '/v2' }] },
  });
}
