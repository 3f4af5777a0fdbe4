import { copyFileSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aegis, connectStdio, root, textOf } from './aegis.ts';
import { eventsIn } from './ledger.ts';

let folder: string;

const RULES = '[[policies]]\nname = "all"\naction = "allow"\n';
const CEDAR = `permit (principal, action, resource in Server::"shop");

@id("large")
@reason("large orders are for people")
forbid (principal, action == Action::"shop.order", resource)
when { context.args.amount > 1000 };
`;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aegis-modules-'));
  copyFileSync(`${root}packages/aegis/test/source/opa/policy.wasm`, join(folder, 'policy.wasm'));
  write('shop.cedar', CEDAR);
  write('limits.json', '{ "limits": { "amount": 500 } }');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, text: string): void {
  writeFileSync(join(folder, name), text);
}

const run = (...args: string[]) => aegis(args, { cwd: folder });
const explain = (args: object, tool = 'order') =>
  run('policy', 'explain', 'shop', tool, JSON.stringify(args));

const BUNDLE =
  '[opa]\nbundle = "policy.wasm"\nentrypoint = "aegis/decision"\ndata = "limits.json"\ndeadline_ms = 10000\n';

describe('the commands of policies, with a condition in CEL', () => {
  it('check says where it is wrong, show prints it, and explain says that it does not hold', async () => {
    const rule = (condition: string) =>
      `[[policies]]\nname = "small"\naction = "allow"\ncondition = '${condition}'\n`;
    write('aegis.toml', rule('amount < 100'));
    const bad = await run('policy', 'check');
    expect(bad.code).toBe(5);
    expect(bad.stderr).toContain('aegis.toml:4:13: column 1 of the condition: unknown variable: amount');
    write('aegis.toml', rule('args.amount < 100.0 && rx(args.to, "@example[.]org$")'));
    expect((await run('policy', 'show')).stdout).toContain(
      `condition = "args.amount < 100.0 && rx(args.to, \\"@example[.]org$\\")"`,
    );
    expect((await explain({ amount: 1, to: 'a@example.org' })).code).toBe(0);
    const other = await explain({ amount: 100, to: 'a@example.org' });
    expect([other.code, other.stdout]).toEqual([3, expect.stringContaining('does not hold')]);
    expect((await explain({ to: 'a@example.org' })).stdout).toMatch(
      /^DENY {2}POLICY_DENY .*`amount` is not there/,
    );
  });
});

describe('the commands of policies, with Cedar and a bundle of OPA', () => {
  it('check, show, explain and test ask both', async () => {
    write('aegis.toml', `[cedar]\npolicies = ["shop.cedar"]\n${BUNDLE}${RULES}`);
    const checked = await run('policy', 'check');
    expect(checked.stdout).toMatch(
      /^1 rules, cedar, opa:aegis\/decision, 0 manifests, digest [0-9a-f]{64}\n$/,
    );
    expect((await run('policy', 'show')).stdout).toContain(
      '# then asked: cedar\n# then asked: opa:aegis/decision\n',
    );
    expect((await explain({ amount: 1001 })).stdout).toMatch(
      /^DENY {2}POLICY_DENY {2}large orders are for people\n/,
    );
    const asked = await explain({ amount: 501 });
    expect([asked.code, asked.stdout]).toEqual([8, expect.stringContaining('two pairs of eyes')]);
    expect((await explain({ amount: 1 })).code).toBe(0);
    write(
      'cases.yaml',
      `cases:
  - name: large orders
    call: { server: shop, tool: order, args: { amount: 1001 } }
    expect: { effect: deny, rule: 'cedar:large' }
  - name: enough
    call: { server: shop, tool: order, args: { amount: 1 } }
    session: { tool_calls: 3 }
    expect: { effect: deny, rule: 'opa:aegis/decision', code: BUDGET_EXCEEDED }
  - name: reports
    call: { server: shop, tool: report }
    expect: { effect: allow, rule: all, mask: [email] }
`,
    );
    const tested = await run('policy', 'test', 'cases.yaml');
    expect([tested.code, tested.stdout]).toEqual([0, '3 passed, 0 failed; 1 of 1 rules met by a case\n']);
  });

  it('check says everything that is wrong with them', async () => {
    write('shop.cedar', 'permit (principal, action resource);\n');
    write(
      'aegis.toml',
      `[cedar]\npolicies = ["shop.cedar"]\n${BUNDLE.replace('aegis/decision', 'aegis/decison')}${RULES}`,
    );
    const checked = await run('policy', 'check');
    expect(checked.code).toBe(5);
    for (const fault of [
      'shop.cedar:1:27: unexpected token `resource`',
      'aegis.toml:5:14: no entrypoint `aegis/decison`',
      'did you mean `aegis/decision`?',
    ]) {
      expect(checked.stderr).toContain(fault);
    }
  });
});

describe('a remote OPA', () => {
  it('decides, and denies when it is gone', async () => {
    const asked: string[] = [];
    const opa = createServer((request, response) => {
      request.setEncoding('utf8').on('data', (text: string) => asked.push(text));
      request.on('end', () => response.end('{"result":["the shop is closed"]}'));
    });
    await new Promise<void>((resolve) => {
      opa.listen(0, '127.0.0.1', resolve);
    });
    const { port } = opa.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}`;
    write(
      'aegis.toml',
      `[opa]\nurl = "${url}"\nentrypoint = "aegis/deny"\ninput = ["request.tool"]\n${RULES}`,
    );
    expect((await explain({ amount: 1 })).stdout).toMatch(/^DENY {2}POLICY_DENY {2}the shop is closed\n/);
    expect(asked.join('')).toBe('{"input":{"request":{"tool":"order"}}}');
    opa.closeAllConnections();
    opa.close();
    expect((await explain({ amount: 1 })).stdout).toContain('OPA cannot be reached');
  });
});

describe('an agent behind Cedar and OPA', () => {
  it('is held to new data of a bundle as soon as it is written', async () => {
    const server = fileURLToPath(new URL('./rug-pull-server.ts', import.meta.url));
    write(
      'offer.json',
      JSON.stringify({ tools: [{ name: 'order', inputSchema: { type: 'object' } }], prompts: [] }),
    );
    const command = JSON.stringify([
      process.execPath,
      server,
      join(folder, 'offer.json'),
      join(folder, 'journal'),
    ]);
    write(
      'aegis.toml',
      `${BUNDLE}[approvals]\nwait_ms = 1\n[[servers]]\nname = "shop"\ncommand = ${command}\n${RULES}`,
    );
    const client = await connectStdio(join(folder, 'aegis.toml'));
    try {
      const order = async (amount: number) =>
        textOf(await client.callTool({ name: 'order', arguments: { amount } }));
      expect(await order(501)).toContain('large orders have two pairs of eyes');
      write('limits.json', '{ "limits": { "amount": 1000 } }');
      await expect.poll(() => order(502), { interval: 1000, timeout: 20_000 }).toBe('ran');
    } finally {
      await client.close();
    }
  });

  it('is held to them, and the schema of its tools is printed', async () => {
    const server = fileURLToPath(new URL('./rug-pull-server.ts', import.meta.url));
    const tool = {
      name: 'order',
      description: 'Orders.',
      inputSchema: { type: 'object', properties: { amount: { type: 'integer' } }, required: ['amount'] },
    };
    write('offer.json', JSON.stringify({ tools: [tool, { ...tool, name: 'rm' }], prompts: [] }));
    const command = JSON.stringify([
      process.execPath,
      server,
      join(folder, 'offer.json'),
      join(folder, 'journal'),
    ]);
    const file = (more: string): string => {
      write('aegis.toml', `${more}[[servers]]\nname = "shop"\ncommand = ${command}\n${RULES}`);
      return join(folder, 'aegis.toml');
    };
    const opa = BUNDLE.replace('aegis/decision', 'aegis/deny');
    const client = await connectStdio(file(`[cedar]\npolicies = ["shop.cedar"]\n${opa}`));
    try {
      const call = async (name: string, args: Record<string, unknown>): Promise<string> => {
        const result = await client.callTool({ name, arguments: args });
        const denial = (result['_meta'] as { 'aegis/denial'?: { rule: string } } | undefined)?.[
          'aegis/denial'
        ];
        return denial?.rule ?? textOf(result);
      };
      expect(await call('order', { amount: 1001 })).toBe('cedar:large');
      expect(await call('rm', { amount: 1 })).toBe('opa:aegis/deny');
      expect(await call('order', { amount: 1 })).toBe('ran');
    } finally {
      await client.close();
    }
    const decided = eventsIn(join(folder, '.aegis/aegis.db')).filter(
      ({ type }) => type === 'POLICY_DECISION',
    );
    expect(decided.map(({ payload }) => payload['effect'])).toEqual(['deny', 'deny', 'allow']);

    const { stdout: schema } = await run('policy', 'schema');
    expect(schema).toContain('action "shop.order" in ["tools/call"]');
    write('shop.cedarschema', schema);
    renameSync(join(folder, 'shop.cedar'), join(folder, 'good.cedar'));
    file('[cedar]\npolicies = ["good.cedar"]\nschema = "shop.cedarschema"\n');
    expect((await run('policy', 'check')).code).toBe(0);
    expect((await explain({ amount: 'many' })).stdout).toContain('Cedar refuses the request');
    write(
      'good.cedar',
      readFileSync(join(folder, 'good.cedar'), 'utf8').replace('args.amount', 'args.amuont'),
    );
    const wrong = await run('policy', 'check');
    expect(wrong.stderr).toMatch(/good\.cedar:6:\d+: attribute `args\.amuont`/);
  });
});
