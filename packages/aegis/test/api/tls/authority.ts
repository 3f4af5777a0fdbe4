// Certificates for tests, made anew each time with the `openssl` command: nothing secret is in the repository.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Issued {
  readonly cert: string;
  readonly key: string;
}

/** A root of its own, which issues certificates for a day. */
export class Authority {
  readonly folder = mkdtempSync(join(tmpdir(), 'aegis-ca-'));
  readonly root: string;
  #serial = 0;

  constructor(name = 'root') {
    this.#openssl(
      'req',
      '-x509',
      ...NEW_KEY,
      '-keyout',
      'ca.key',
      '-out',
      'ca.pem',
      '-days',
      '1',
      '-subj',
      `/CN=${name}`,
    );
    this.root = this.#read('ca.pem');
  }

  /** `names` are alternative names as OpenSSL writes them: `DNS:localhost,IP:127.0.0.1`. */
  issue(names: string, usage: 'serverAuth' | 'clientAuth'): Issued {
    const name = `leaf${++this.#serial}`;
    writeFileSync(join(this.folder, 'ext'), `subjectAltName=${names}\nextendedKeyUsage=${usage}\n`);
    this.#openssl('req', ...NEW_KEY, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', '/CN=leaf');
    const sign = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '1', '-extfile', 'ext'];
    this.#openssl('x509', '-req', '-in', `${name}.csr`, ...sign, '-out', `${name}.pem`);
    return { cert: this.#read(`${name}.pem`), key: this.#read(`${name}.key`) };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #read(file: string): string {
    return readFileSync(join(this.folder, file), 'utf8');
  }

  #openssl(...args: readonly string[]): void {
    execFileSync('openssl', args, { cwd: this.folder, stdio: 'pipe' });
  }
}

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
