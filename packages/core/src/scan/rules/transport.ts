import { isPunctuator } from '../code/stream.ts';
import type { Token } from '../code/token.ts';
import type { Hit, ScanRule } from '../rule.ts';
import type { Source } from '../source.ts';

/** Settings that, with this value, take a certificate for good that is not. */
const SETTINGS: ReadonlyMap<string, RegExp> = new Map([
  ['rejectUnauthorized', /^(?:false|0)$/],
  ['strictSSL', /^false$/],
  ['NODE_TLS_REJECT_UNAUTHORIZED', /^["'`]?0["'`]?$/],
  ['InsecureSkipVerify', /^true$/],
  ['verify', /^False$/],
  ['verify_ssl', /^False$/],
  ['ssl_verify', /^False$/],
  ['check_hostname', /^False$/],
  ['PYTHONHTTPSVERIFY', /^["']?0["']?$/],
]);
const NAMES = new Set(['_create_unverified_context', 'CERT_NONE']);

export const tlsOff: ScanRule = {
  id: 'net.tls_off',
  severity: 'high',
  title: 'certificates are not checked',
  why: 'Anybody on the way can read and change what is sent and what comes back, code and credentials included. Give the certificate of the private authority in place of switching the check off.',
  find: (source) => [...inCode(source), ...inShell(source)],
};

function* inCode({ code }: Source): Generator<Hit> {
  for (const { tokens } of code?.streams ?? []) {
    for (const [index, token] of tokens.entries()) {
      const setting = nameOf(token);
      if (token.kind === 'name' && NAMES.has(setting) && isSet(tokens, index))
        yield hit(token, `\`${setting}\` is used`);
      const wanted = SETTINGS.get(setting);
      if (wanted === undefined) continue;
      const behind = isPunctuator(tokens[index + 1], ']') ? index + 2 : index + 1;
      if (!isPunctuator(tokens[behind], '=', ':')) continue;
      if (wanted.test(tokens[behind + 1]?.text ?? '')) yield hit(token, `\`${setting}\` is off`);
    }
  }
}

/** Whether a name is called or given to something, and not compared. */
function isSet(tokens: readonly Token[], index: number): boolean {
  if (isPunctuator(tokens[index + 1], '(')) return true;
  const before = isPunctuator(tokens[index - 1], '.') ? index - 3 : index - 1;
  return isPunctuator(tokens[before], '=');
}

function nameOf({ kind, text, value = '' }: Token): string {
  return kind === 'string' ? value : text;
}

function hit({ start, end }: Token, message: string): Hit {
  return { start, end, message, capability: 'net.egress' };
}

// Linear: a fixed word, then a bounded class without line breaks.
const IN_SHELL =
  /\bcurl\b[^\n|;&]{0,200}?\s(?:-[a-zA-Z]{0,8}k[a-zA-Z]{0,8}|--insecure)(?=\s|$)|\bwget\b[^\n|;&]{0,200}?\s--no-check-certificate\b|\bNODE_TLS_REJECT_UNAUTHORIZED=0|\bGIT_SSL_NO_VERIFY=(?:1|true)|\bhttp\.sslVerify[= ]false|\bstrict-ssl[= ]false|--trusted-host[= ]/g;

function inShell({ language, text }: Source): readonly Hit[] {
  if (language !== 'shell') return [];
  return [...text.matchAll(IN_SHELL)].map(({ index, 0: { length } }) => ({
    start: index,
    end: index + length,
    message: 'fetches without checking the certificate',
    capability: 'net.egress',
  }));
}
