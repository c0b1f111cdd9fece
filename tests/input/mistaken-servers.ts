/** Servers that people reach by mistake. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { join } from 'node:path';
import type { Place } from './mistakes.js';

export interface Mistaken extends AsyncDisposable {
  /** Host and port. */
  readonly host: string;
  /** The file with its certificate, if it has one. */
  readonly certificate: string;
}

interface Prepared {
  readonly server: Server & { closeAllConnections(): void };
  readonly certificate?: string;
}

/** Serves such a place on a free port, with files in the folder. */
export async function serve(place: Place, folder: string): Promise<Mistaken> {
  const { server, certificate = '' } = prepare(place, folder);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    certificate,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function prepare(place: Place, folder: string): Prepared {
  switch (place) {
    case 'a log-in page':
      return {
        server: createHttpServer((_, response) =>
          response.writeHead(200, { 'content-type': 'text/html' }).end('<form>'),
        ),
      };
    case 'a server that never answers':
      return { server: createHttpServer(() => undefined) };
    case 'an expired certificate':
      return prepareHttps(folder, '-1');
    case 'a private authority':
      return prepareHttps(folder, '2');
  }
}

/** A server with a certificate that it signs itself. */
function prepareHttps(folder: string, days: string): Prepared {
  const [key, request, certificate] = ['key', 'request', 'certificate'].map((name) => join(folder, `${name}.pem`)) as [
    string,
    string,
    string,
  ];
  const openssl = (...args: string[]): void => void execFileSync('openssl', args, { stdio: 'ignore' });
  openssl('req', '-new', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=localhost', '-keyout', key, '-out', request);
  openssl('x509', '-req', '-in', request, '-signkey', key, '-days', days, '-out', certificate);
  return { server: createHttpsServer({ key: readFileSync(key), cert: readFileSync(certificate) }), certificate };
}
