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
      const example = !UNIFORM.has(kind) && isExampleValue(whole.slice(whole.lastIndexOf('/') + 1));
      found.push({ kind, start: match.index, end: match.index + whole.length, certainty: 'shaped', example });
    }
  }
  return found;
}

/** Tokens that hold one letter many times over. */
const UNIFORM: ReadonlySet<string> = new Set(['dropbox.token', 'twitter.bearer']);

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
  { kind: 'zapier.webhook', pattern: /hooks\.zapier\.com\/hooks\/catch\/\d{3,12}\/[a-z0-9]{5,12}/gi },
  {
    kind: 'tines.webhook',
    pattern: /tines\.(?:com|io)\/webhook\/[a-f0-9]{32}\/[a-f0-9]{32,64}/gi,
  },
  { kind: 'make.webhook', pattern: /hook\.(?:[a-z]{2}\d\.)?make\.com\/[a-z0-9]{32}/gi },
  { kind: 'ifttt.webhook', pattern: /maker\.ifttt\.com\/[\w/-]{1,80}\/with\/key\/[\w-]{20,60}/gi },
  {
    kind: 'google_chat.webhook',
    pattern:
      /chat\.googleapis\.com\/v1\/spaces\/[\w-]{6,20}\/messages\?key=[\w-]{30,50}&token=[\w%-]{20,80}/gi,
  },
  {
    kind: 'feishu.webhook',
    pattern: /open\.(?:feishu|larksuite)\.c(?:n|om)\/open-apis\/bot\/v2\/hook\/[a-f0-9-]{36}/gi,
  },
  { kind: 'dingtalk.webhook', pattern: /oapi\.dingtalk\.com\/robot\/send\?access_token=[a-f0-9]{64}/gi },
  { kind: 'wecom.webhook', pattern: /qyapi\.weixin\.qq\.com\/cgi-bin\/webhook\/send\?key=[a-f0-9-]{36}/gi },
  {
    kind: 'asana.token',
    pattern: /(?:(?<![\w/])|(?<=\\[nrt]))[012]\/\d{13,20}(?:\/\d{13,20})?:[a-f0-9]{32}(?!\w)/g,
  },
  { kind: 'dropbox.token', pattern: /(?:(?<![\w-])|(?<=\\[nrt]))[a-z0-9]{11}A{10}[\w=-]{43}(?![\w-])/gi },
  {
    kind: 'rapidapi.key',
    pattern: /\b[a-z0-9]{10}msh[a-z0-9]{15}p1[a-z0-9]{5}jsn[a-z0-9]{12}(?![a-z0-9])/gi,
  },
  { kind: 'firebase.server_key', pattern: /(?:(?<![\w-])|(?<=\\[nrt]))AAAA[\w-]{7}:[\w-]{140}(?![\w-])/g },
  { kind: 'twitter.bearer', pattern: /(?:(?<![\w%])|(?<=\\[nrt]))A{20,24}[\w%]{50,110}(?![\w%])/g },
  {
    kind: 'azure.storage_key',
    pattern: /(?<![\w/+])[A-Za-z0-9/+]{76}(?:APIM|ACDb|\+(?:ABa|AMC|ASt))[A-Za-z0-9/+]{5}[AQgw]==/g,
  },
  {
    kind: 'azure.devops',
    pattern: /(?<![A-Za-z0-9])[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}(?![A-Za-z0-9])/g,
  },
  {
    kind: 'azure.key',
    pattern: /(?<![A-Za-z0-9])[A-Za-z0-9]{52}JQQJ9[A-Za-z0-9]{27}(?![A-Za-z0-9])/g,
  },
  { kind: 'newrelic.license', pattern: /(?<![A-Za-z0-9])[a-f0-9]{32,36}(?:FFFF)?NRAL(?![A-Za-z0-9])/g },
  { kind: 'truenas.key', pattern: /(?<=["' ])\d{1,4}-[A-Za-z0-9]{64}(?![\w-])/g },
  { kind: 'password_hash', pattern: /\$2[abxy]\$\d\d\$[./A-Za-z0-9]{53}(?![./A-Za-z0-9])/g },
  {
    kind: 'password_hash',
    pattern:
      /\$(?:1|5|6|y)\$(?:rounds=\d{1,9}\$|[./\w]{1,8}\$(?=[./\w]{8,22}\$))?[./\w]{2,22}\$[./A-Za-z0-9]{22,86}(?![./A-Za-z0-9])/g,
  },
  {
    kind: 'password_hash',
    pattern: /\$argon2(?:id|i|d)\$v=\d{1,3}\$m=\d{1,9},t=\d{1,4},p=\d{1,3}\$[\w+/]{8,64}\$[\w+/]{16,128}/g,
  },
  { kind: 'password_hash', pattern: /pbkdf2_sha(?:1|256|512)\$\d{1,8}\$[\w+/]{6,40}\$[\w+/]{20,100}={0,2}/g },
  {
    kind: 'netrc',
    pattern:
      /(?<=\bmachine\s{1,4}[\w.-]{1,100}\s{1,4}login\s{1,4}\S{1,100}\s{1,4}password\s{1,4})[^\s"'<>${}]{6,120}/g,
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
