import { once } from 'node:events';
import { connect } from 'node:net';

/** Sends bytes as they are and returns all that comes back until the server closes. */
export async function exchangeBytes(
  port: number,
  text: string,
): Promise<{ status: number; headers: string; body: string }> {
  const socket = connect(port, '127.0.0.1');
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  socket.on('error', () => undefined);
  socket.write(text);
  await once(socket, 'close');
  const [headers = '', body = ''] = Buffer.concat(chunks).toString().split('\r\n\r\n');
  return { status: Number(headers.split(' ')[1]), headers, body };
}
