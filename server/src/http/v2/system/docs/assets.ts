import { readFile } from 'node:fs/promises';
import { findPackageJSON } from 'node:module';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

export interface Asset {
  contentType: string;
  body: Buffer;
  gzipped: Buffer;
}

const ownFile = (name: string): URL => new URL(name, import.meta.url);
// Its files only: swagger-ui-dist, which they come from, brings a package that reports installations.
const swaggerFile = (name: string): URL =>
  new URL(`static/${name}`, pathToFileURL(findPackageJSON('@fastify/swagger-ui', import.meta.url) ?? ''));

const files: Record<string, { path: URL; contentType: string }> = {
  'swagger-ui.css': {
    path: swaggerFile('swagger-ui.css'),
    contentType: 'text/css; charset=utf-8',
  },
  'swagger-ui-bundle.js': {
    path: swaggerFile('swagger-ui-bundle.js'),
    contentType: 'text/javascript; charset=utf-8',
  },
  'theme.css': { path: ownFile('theme.css'), contentType: 'text/css; charset=utf-8' },
  'start.js': { path: ownFile('start.js'), contentType: 'text/javascript; charset=utf-8' },
  'icon.svg': { path: ownFile('icon.svg'), contentType: 'image/svg+xml' },
};

const compress = promisify(gzip);
const loaded = new Map<string, Promise<Asset>>();

/** A file of the reference page, read and compressed on first use; null when there is none of that name. */
export async function loadAsset(name: string): Promise<Asset | null> {
  const file = Object.hasOwn(files, name) ? files[name] : undefined;
  if (file === undefined) return null;
  let asset = loaded.get(name);
  if (asset === undefined) {
    asset = read(file.path, file.contentType);
    loaded.set(name, asset);
  }
  return asset;
}

async function read(path: URL, contentType: string): Promise<Asset> {
  const body = await readFile(path);
  return { contentType, body, gzipped: await compress(body) };
}
