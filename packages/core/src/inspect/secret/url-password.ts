import { isExampleValue, isReference } from './example-value.ts';
import type { Secret } from './secret.ts';

/** Passwords in URLs and connection strings (RFC 3986 section 3.2.1). Takes time linear in the text. */
export function findUrlPasswords(text: string): readonly Secret[] {
  const found: Secret[] = [];
  for (const match of text.matchAll(USER_INFO)) {
    const [whole, before = '', password = ''] = match;
    const start = match.index + before.length;
    const end = start + password.length;
    if (isReference(password) || TEMPLATE.test(password)) continue;
    found.push({
      kind: 'url_password',
      start,
      end,
      certainty: 'shaped',
      example: isExampleValue(password) || COMMON.test(password) || /@(?:example\.|\.\.\.)/.test(whole),
    });
  }
  for (const { kind, pattern } of SECRET_URLS) {
    for (const match of text.matchAll(pattern)) {
      const [whole] = match;
      const example = isExampleValue(whole.slice(whole.lastIndexOf('/') + 1));
      found.push({ kind, start: match.index, end: match.index + whole.length, certainty: 'shaped', example });
    }
  }
  return found;
}

// Linear: a scheme, a name and a password, of bounded lengths, divided by what is in none of them.
const USER_INFO =
  /(\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:/?#@"'`<>]{0,120}:)([^\s:/?#@"'`<>]{3,160})@[\w.[-]{1,200}/gi;
const TEMPLATE = /^[<{[%]|[>}\]]$/;
const COMMON =
  /^(?:pass(?:word|wd)?|pwd|secret|user(?:name)?|test|admin|root|postgres|mysql|guest|token|key|foo|bar|hunter2|mypass(?:word)?|some[-_]?pass(?:word)?|db_?pass(?:word)?)$/i;

const SECRET_URLS: readonly { readonly kind: string; readonly pattern: RegExp }[] = [
  {
    kind: 'slack.webhook',
    pattern: /hooks\.slack(?:-gov)?\.com\/(?:services|workflows|triggers)\/[A-Za-z0-9+/]{20,80}/g,
  },
  {
    kind: 'discord.webhook',
    pattern: /discord(?:app)?\.com\/api\/(?:v\d{1,2}\/)?webhooks\/\d{16,20}\/[\w-]{50,90}/g,
  },
  {
    kind: 'teams.webhook',
    pattern:
      /[a-z0-9-]{1,60}\.webhook\.office\.com\/webhookb2\/[\w@-]{30,90}\/IncomingWebhook\/[a-z0-9]{20,40}\/[a-z0-9-]{30,40}/gi,
  },
  {
    kind: 'teams.webhook',
    pattern:
      /outlook\.office(?:365)?\.com\/webhook\/[\w@-]{30,90}\/IncomingWebhook\/[a-z0-9]{20,40}\/[a-z0-9-]{30,40}/gi,
  },
  { kind: 'maxmind.key', pattern: /\b[A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk\b/g },
  { kind: 'azure.sas', pattern: /[?&]sig=[A-Za-z0-9%+/]{40,70}(?:%3D|=)/g },
  { kind: 'telegram.token', pattern: /(?:\b|(?<=\\[nrt]))\d{8,10}:AA[\w-]{32,34}(?![\w-])/g },
  { kind: 'mailchimp.key', pattern: /\b[a-f0-9]{32}-us\d{1,2}\b/g },
  { kind: 'terraform.token', pattern: /\b[A-Za-z0-9]{14}\.atlasv1\.[\w-]{60,70}/g },
  {
    kind: 'azure.client_secret',
    pattern: /(?:(?<![\w~.-])|(?<=\\[nrt]))[\w~.]{3}\dQ~[\w~.-]{31,34}(?![\w~.-])/g,
  },
  { kind: 'facebook.app_token', pattern: /\b\d{13,17}\|[\w-]{27}\b/g },
  { kind: 'salesforce.session', pattern: /\b00D[A-Za-z0-9]{12,15}![A-Za-z0-9._]{80,110}/g },
];
