import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { readDsn } from '../../../src/store/postgres/dsn.ts';

describe('a connection string', () => {
  test.each([
    ['postgres://ada:secret@db.example:6432/ledger', 'db.example:6432/ledger'],
    ['postgresql://db.example/ledger', 'db.example:5432/ledger'],
    ['postgres://[::1]/ledger', '::1:5432/ledger'],
    ['postgres://ada@%2Fvar%2Frun%2Fpostgresql/ledger', '/var/run/postgresql:5432/ledger'],
    ['postgres://ada@/ledger?host=/var/run/postgresql', '/var/run/postgresql:5432/ledger'],
    ['postgres:///ledger', 'localhost:5432/ledger'],
  ])('%s leads to %s', (text, place) => {
    expect(readDsn(text).place).toBe(place);
  });

  test('gives names and passwords decoded', () => {
    const { config } = readDsn('postgres://a%40b:p%2Fw%3A%20%25@localhost/l%C3%A9dger');
    expect(config).toMatchObject({ user: 'a@b', password: 'p/w: %', database: 'lédger' });
  });

  test.each([
    ['nothing', ''],
    ['a path', '/var/lib/aegis.db'],
    ['another scheme', 'mysql://ada:hunter2@localhost/ledger'],
    ['no database', 'postgres://ada:hunter2@localhost'],
    ['a port that is none', 'postgres://ada:hunter2@localhost:99999/ledger'],
    ['a parameter that nobody knows', 'postgres://ada:hunter2@localhost/ledger?sslmod=require'],
    ['TLS only when the server likes it', 'postgres://ada:hunter2@localhost/ledger?sslmode=prefer'],
    ['TLS without a verified certificate', 'postgres://ada:hunter2@localhost/ledger?sslmode=no-verify'],
    ['a slash in the password', 'postgres://ada:/hunter2@localhost/ledger'],
    ['a question mark in the password', 'postgres://ada:12?hunter2@localhost/ledger'],
    ['a number sign in the password', 'postgres://ada:12/x#hunter2@localhost/ledger'],
    ['a stray percent sign', 'postgres://ada:hunter2%@localhost/ledger'],
  ])('with %s is refused', (_, text) => {
    const error = (() => {
      try {
        return readDsn(text);
      } catch (caught) {
        return caught;
      }
    })();
    expect(error).toMatchObject({ code: 'CONFIG_INVALID' });
    // SECURITY: the password of the ledger is in no message.
    expect(inspect(error, { depth: 9 })).not.toContain('hunter2');
  });

  test('with a certificate that cannot be read is refused', () => {
    expect(() => readDsn('postgres://db/ledger?sslrootcert=/no/such.pem')).toThrow(
      expect.objectContaining({ code: 'FILE_UNREADABLE', message: expect.stringContaining('/no/such.pem') }),
    );
  });

  // SECURITY: whatever is wrong with it, its password is in no message.
  test('never shows its password, whatever is wrong with it', () => {
    fc.assert(
      fc.property(
        // Whatever part of it would be shown holds this.
        fc.stringMatching(/^[0-9]{0,3}[/?#]?(Zq9[!#$%&*+=:@/?-]{0,2}){2,4}$/),
        fc.constantFrom('postgres', 'postgresql', 'mysql', 'postgre s'),
        fc.constantFrom('localhost', 'db.example:70000', '[::1', '%zz', ''),
        fc.constantFrom('/ledger', '', '/%', '/ledger?sslmode=off', '/ledger?x=1'),
        (password, scheme, host, rest) => {
          const seen = (() => {
            try {
              return readDsn(`${scheme}://ada:${password}@${host}${rest}`).place;
            } catch (error) {
              return inspect(error, { depth: 9 });
            }
          })();
          expect(seen).not.toContain('Zq9');
        },
      ),
      { numRuns: 5000 },
    );
  });

  describe('decides on TLS', () => {
    test.each([
      ['postgres://localhost/ledger', false],
      ['postgres://127.0.0.1/ledger', false],
      ['postgres://%2Frun%2Fpg/ledger', false],
      ['postgres://db.example/ledger?sslmode=disable', false],
    ])('%s has none', (text, ssl) => {
      expect(readDsn(text).config.ssl).toBe(ssl);
    });

    test.each([
      'postgres://db.example/ledger',
      'postgres://10.0.0.7/ledger',
      'postgres://localhost/ledger?sslmode=require',
      'postgres://db.example/ledger?sslmode=verify-ca',
      'postgres://db.example/ledger?sslmode=verify-full',
    ])('%s verifies the certificate and the name', (text) => {
      expect(readDsn(text).config.ssl).toEqual({ rejectUnauthorized: true });
    });

    test('the certificates that it names are read', () => {
      const folder = mkdtempSync(join(tmpdir(), 'aegis-pem-'));
      onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
      for (const name of ['ca', 'cert', 'key']) writeFileSync(join(folder, name), `the ${name}`);
      const { config } = readDsn(
        `postgres://db/ledger?sslrootcert=${folder}/ca&sslcert=${folder}/cert&sslkey=${folder}/key`,
      );
      expect(config.ssl).toEqual({
        rejectUnauthorized: true,
        ca: 'the ca',
        cert: 'the cert',
        key: 'the key',
      });
    });
  });
});
