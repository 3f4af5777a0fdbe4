import { type Attempt, firing } from '../attempt.ts';
import { isStatelessHttp } from '../door/door.ts';
import type { Composer } from '../door/compose.ts';
import { headerText } from '../door/request-bytes.ts';
import { type HeaderValue, type Shot, withHeaders } from '../door/shot.ts';

const mistake = 'whoever routes or judges by the headers sees another call than the body holds';

type Lie = (compose: Composer, nonce: string) => Shot;

function secretSaying(headers: (compose: Composer) => Readonly<Record<string, HeaderValue>>): Lie {
  return (c, nonce) => withHeaders(c.call('secret_note', { nonce }), headers(c));
}

function guardedSaying(target: HeaderValue, of = 'forbidden'): Lie {
  return (c, nonce) =>
    withHeaders(c.call('guarded_note', { nonce, target: of }), { 'Mcp-Param-Target': target });
}

const LIES: Readonly<Record<string, Lie>> = {
  'another-name': secretSaying((c) => ({ 'Mcp-Name': c.tool('open_note') })),
  'another-method': secretSaying(() => ({ 'Mcp-Method': 'tools/list', 'Mcp-Name': undefined })),
  'no-name': secretSaying(() => ({ 'Mcp-Name': undefined })),
  'no-method': secretSaying(() => ({ 'Mcp-Method': undefined })),
  'name-twice': secretSaying((c) => ({ 'Mcp-Name': [c.tool('open_note'), c.tool('secret_note')] })),
  'method-twice': secretSaying(() => ({ 'Mcp-Method': ['tools/list', 'tools/call'] })),
  'name-in-a-list': secretSaying((c) => ({ 'Mcp-Name': `${c.tool('open_note')}, ${c.tool('secret_note')}` })),
  'name-encoded': secretSaying((c) => ({
    'Mcp-Name': `=?base64?${Buffer.from(c.tool('open_note')).toString('base64')}?=`,
  })),
  'name-badly-encoded': secretSaying(() => ({ 'Mcp-Name': '=?base64?c2VjcmV0X25vdGU?=' })),
  'name-of-the-body-encoded': secretSaying((c) => ({
    'Mcp-Name': `=?base64?${Buffer.from(c.tool('secret_note')).toString('base64')}?=`,
  })),
  'capital-method': secretSaying(() => ({ 'Mcp-Method': 'TOOLS/CALL' })),
  'old-version': secretSaying(() => ({ 'MCP-Protocol-Version': '2025-11-25' })),
  'version-of-nobody': secretSaying(() => ({ 'MCP-Protocol-Version': '2099-01-01' })),
  'version-twice': secretSaying(() => ({ 'MCP-Protocol-Version': ['2026-07-28', '2025-11-25'] })),
  'no-version': secretSaying(() => ({ 'MCP-Protocol-Version': undefined })),
  'foreign-session': secretSaying(() => ({ 'Mcp-Session-Id': 'a-session-of-somebody' })),
  'another-argument': guardedSaying('open'),
  'no-argument': guardedSaying(undefined),
  'argument-twice': guardedSaying(['open', 'forbidden']),
  'argument-encoded': guardedSaying(`=?base64?${Buffer.from('open').toString('base64')}?=`),
};

/** Headers of the stateless revision that do not say what the body says. */
export const headerLies: readonly Attempt[] = [
  ...Object.entries(LIES).map(
    ([id, lie]): Attempt => ({
      id: `header/${id}`,
      mistake,
      doors: isStatelessHttp,
      run: firing((c, { nonce }) => lie(c, nonce)),
    }),
  ),
  {
    id: 'header/name-of-a-forbidden-tool',
    harmless: true,
    mistake: 'the header names a forbidden tool and the body a permitted one: somebody runs the former',
    doors: isStatelessHttp,
    run: firing((c, { nonce }) =>
      withHeaders(c.call('open_note', { nonce }), { 'Mcp-Name': headerText(c.tool('secret_note')) }),
    ),
  },
  {
    id: 'header/argument-that-is-not-there',
    harmless: true,
    mistake: 'the header has an argument that the body does not, and it is filled in behind the guard',
    doors: isStatelessHttp,
    run: firing((c, { nonce }) =>
      withHeaders(c.call('guarded_note', { nonce }), { 'Mcp-Param-Target': 'forbidden' }),
    ),
  },
];
