import { readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'vitest';
import { root } from '../e2e/aegis.ts';
import { type PrintedDocument, pieceOf, textOf } from './document.ts';
import { adapted, hasFile, openFolder, SET_UP, scripts, serve, shell } from './ground.ts';

const known = 'PERMISSION_UNDECLARED';
const MANIFEST = /^\{\n {2}"schema": "aegis\.dev\/manifest\/v0\.1",[\s\S]*?^\}$/m;
const ANSWER = /^\{\n {2}"outcome":[\s\S]*?^\}$/m;
const DAEMON = './bin/aegisd --addr 127.0.0.1:0';
const AEGISCTL = `"${process.execPath}" "${root}packages/aegis/bin/aegisctl.js"`;

const printedManifest = (): string => pieceOf(textOf({ known }), MANIFEST);

/** A daemon without any configuration, and what runs lines against it. */
async function daemon() {
  const folder = openFolder();
  const { url } = await serve(adapted(DAEMON, {}), folder);
  const run = async (lines: string): Promise<unknown> => {
    const { code, stdout, stderr } = await shell(adapted(lines, { url }), folder);
    expect([code, stderr.replace(/^ +%[\s\S]*$/m, '')]).toEqual([0, '']);
    return JSON.parse(stdout);
  };
  return { run };
}

/** A session of the agent that everybody is, and what proposes actions in it. */
async function openSession(url: string): Promise<(type: string) => Promise<unknown>> {
  const post = async (path: string, body: object): Promise<unknown> => {
    const headers = { 'Content-Type': 'application/json' };
    return (await fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })).json();
  };
  const { session } = (await post('/v1/sessions', {})) as { session: string };
  return (type) => post('/v1/actions', { session, type, target: 'files', params: {} });
}

/** The printed question with the manifest that stands for its dots, and whatever is changed of it. */
async function ask(question: string, change: (text: string) => string = (text) => text): Promise<unknown> {
  const { run } = await daemon();
  return run(change(question.replace('{ ... }', printedManifest())));
}

const QUESTION = /^curl -s -X POST http:\/\/localhost:8080\/v1\/policy\/decide[\s\S]*?^ {2}\}'$/m;

function reasonRow(code: string, change: (question: string) => string, expected: unknown) {
  return {
    what: `a call is stopped with ${code}`,
    found: new RegExp(`— ${code}$`, 'm'),
    requirement: 'P-07',
    becomes: {
      kind: 'runs' as const,
      run: async () => expect(await ask(pieceOf(textOf({ known }), QUESTION), change)).toEqual(expected),
    },
  };
}

function health(path: string, status: string) {
  return {
    what: `/${path}`,
    found: new RegExp(`^curl http://localhost:8080/${path}$`, 'm'),
    requirement: 'U-05',
    becomes: {
      kind: 'runs' as const,
      run: async (printed: string) => {
        const { run } = await daemon();
        expect(await run(printed)).toMatchObject({ status });
      },
    },
  };
}

function containers(what: string, found: RegExp) {
  const isThere = (): boolean => hasFile('deploy', 'compose.yaml', 'docker-compose.yml', 'Dockerfile');
  return { what, found, requirement: 'D-02', becomes: { kind: 'missing' as const, isThere } };
}

function npmInstead(what: string, found: RegExp) {
  return {
    what,
    found,
    requirement: 'D-01',
    becomes: {
      kind: 'differs' as const,
      why: 'npm does it, and nothing is compiled',
      run: async () => expect(scripts()).toMatchObject(SET_UP),
    },
  };
}

export const controlPlane: PrintedDocument = {
  name: 'an agent control plane',
  known,
  printed: [
    npmInstead('make build', /^make build$/m),
    {
      what: 'a daemon on every interface',
      found: /^\.\/bin\/aegisd --addr :8080$/m,
      requirement: 'U-03, I-06',
      becomes: {
        kind: 'differs',
        why: 'nobody opens a daemon to the network without TLS; on this machine it is as printed',
        run: async (printed) => {
          const folder = openFolder();
          const refused = await shell(adapted(printed, {}), folder);
          expect(refused.code).toBe(5);
          expect(refused.stderr).toContain('TLS is needed');
          expect(refused.stderr).toContain('or use 127.0.0.1');
          const { url } = await serve(adapted(printed.replace(':8080', '127.0.0.1:0'), {}), folder);
          expect((await fetch(`${url}/readyz`)).status).toBe(200);
        },
      },
    },
    {
      what: 'an agent reports a proposed tool call',
      found: /^curl -s -X POST http:\/\/localhost:8080\/v1\/events[\s\S]*?^ {2}\}'$/m,
      requirement: 'U-05',
      becomes: {
        kind: 'differs',
        why: 'Aegis alone records what it decides (docs/decisions/0018)',
        run: async (printed) => {
          const { run } = await daemon();
          expect(await run(printed)).toMatchObject({
            status: 400,
            code: 'INPUT_INVALID',
            detail: expect.stringContaining('when it is made at `/mcp` or proposed at `/v1/actions`'),
          });
        },
      },
    },
    health('healthz', 'ok'),
    health('readyz', 'ready'),
    {
      what: 'a capability manifest',
      found: MANIFEST,
      requirement: 'P-12',
      becomes: {
        kind: 'runs',
        run: async (printed) => {
          const folder = openFolder({ 'aegis-manifest.json': printed });
          const { code, stderr } = await shell(`${AEGISCTL} manifest validate aegis-manifest.json`, folder);
          expect([code, stderr]).toEqual([0, '']);
        },
      },
    },
    {
      what: 'a question about a call, and its answer',
      found: QUESTION,
      requirement: 'U-05',
      becomes: {
        kind: 'runs',
        run: async (printed) =>
          expect(await ask(printed)).toEqual(JSON.parse(pieceOf(textOf({ known }), ANSWER))),
      },
    },
    reasonRow(
      'PERMISSION_UNDECLARED',
      (text) => text.replace('"tool_name": "read_file"', '"tool_name": "rm"'),
      {
        outcome: 'deny',
        reason: 'PERMISSION_UNDECLARED',
      },
    ),
    reasonRow('BUDGET_EXCEEDED', (text) => text.replace('"steps_consumed": 3', '"steps_consumed": 24'), {
      outcome: 'deny',
      reason: 'BUDGET_EXCEEDED',
    }),
    reasonRow(
      'APPROVAL_REQUIRED',
      (text) => text.replace('"budgets"', '"approval_required": ["read_*"], "budgets"'),
      { outcome: 'require_approval', reason: 'APPROVAL_REQUIRED' },
    ),
    {
      what: 'a loop is stopped with LOOP_DETECTED',
      found: /— LOOP_DETECTED$/m,
      requirement: 'S-05, P-07',
      becomes: {
        kind: 'runs',
        run: async () => {
          const { url } = await serve(adapted(DAEMON, {}), openFolder());
          const propose = await openSession(url);
          for (let time = 1; time <= 5; time++) {
            expect(await propose('read_file')).toMatchObject({ status: 'allowed' });
          }
          expect(await propose('read_file')).toMatchObject({ denial: { code: 'LOOP_DETECTED' } });
        },
      },
    },
    {
      what: 'aegis.yaml, and a daemon on it',
      found: /^dsn: 'file:[\s\S]*?^\.\/bin\/aegisd --config .*$/m,
      requirement: 'U-03, D-03',
      becomes: {
        kind: 'differs',
        why: 'every key works; the open address takes TLS and the manifest a signature, or the flags that stand in their place',
        run: async (printed) => {
          const folder = openFolder({ 'aegis-manifest.json': printedManifest() });
          const [yaml = '', line = ''] = adapted(printed, { folder }).split(/\n(?=")/);
          writeFileSync(`${folder}/aegis.yaml`, `${yaml}\n`);
          // As it stands it asks for what is not there: a certificate, and somebody's word for the manifest.
          expect((await shell(line, folder)).stderr).toContain('aegis.yaml:2:7: `0.0.0.0` is not a loopback');
          const unsigned = await shell(`${line} --addr 127.0.0.1:0`, folder);
          expect(unsigned.stderr).toContain('the manifest is not signed, and `trust_mode` is `prod`');
          // Flags override what the file says.
          const { url, said } = await serve(`${line} --addr 127.0.0.1:0 --trust-mode dev`, folder);
          expect(
            said()
              .trim()
              .split('\n')
              .map((one) => JSON.parse(one).level),
          ).toEqual(['info']);
          const propose = await openSession(url);
          expect(await propose('read_file')).toMatchObject({ status: 'allowed' });
          expect(await propose('rm')).toMatchObject({ denial: { code: 'PERMISSION_UNDECLARED' } });
          await expect
            .poll(() => readFileSync(`${folder}/traces.ndjson`, 'utf8'), { timeout: 10_000 })
            .toContain('PERMISSION_UNDECLARED');
          writeFileSync(`${folder}/local.yaml`, yaml.replace("':8080'", "'127.0.0.1:8080'"));
          const verified = await shell(`${AEGISCTL} verify --config ${folder}/local.yaml`, folder);
          expect([verified.code, verified.stderr]).toEqual([0, '']);
        },
      },
    },
    containers('make docker-dev', /^make docker-dev$/m),
    containers('make docker-prod', /^make docker-prod$/m),
    containers('a unit of systemd', /^sudo cp deploy\/aegisd\.service[\s\S]*?enable --now aegisd$/m),
    npmInstead('make test', /^make test\b/m),
    npmInstead('make integration', /^make integration\b/m),
    npmInstead('make python-test', /^make python-test\b/m),
  ],
};
