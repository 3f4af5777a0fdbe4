import { type MarkedPattern, UUID_END, whole } from './marked-pattern.ts';

/** Tokens that no prefix gives away, but a mark inside, an end or a division into parts. */
export const MARKED_TOKENS: readonly MarkedPattern[] = [
  {
    kind: 'asana.token',
    mark: '/',
    pattern: /(?:(?<![\w/])|(?<=\\[nrt]))\d\/\d{13,24}(?:\/\d{13,24})?:[A-Za-z0-9]{32}(?!\w)/g,
  },
  {
    kind: 'dropbox.token',
    mark: 'aaaaaaaaaa',
    pattern: /(?:(?<![\w-])|(?<=\\[nrt]))[a-z0-9]{11}A{10}[\w=-]{43}(?![\w-])/gi,
    uniform: true,
  },
  {
    kind: 'rapidapi.key',
    mark: 'msh',
    pattern: whole(/[a-z0-9]{10}msh[a-z0-9]{15}p1[a-z0-9]{5}jsn[a-z0-9]{12}/gi),
  },
  { kind: 'firebase.server_key', mark: 'aaaa', pattern: whole(/AAAA[\w-]{7}:[\w-]{140}/g) },
  {
    kind: 'twitter.bearer',
    mark: 'aaaaaaaaaaaaaaaaaaaa',
    pattern: /(?:(?<![\w%])|(?<=\\[nrt]))A{20,24}[\w%]{50,110}(?![\w%])/g,
    uniform: true,
  },
  ...azureKeys(),
  {
    kind: 'newrelic.license',
    mark: 'nral',
    pattern: /(?<![A-Za-z0-9])[a-z0-9]{6}?[a-f0-9]{24,36}(?:FFFF)?NRAL(?![A-Za-z0-9])/gi,
  },
  {
    kind: 'newrelic.mobile_token',
    mark: '-nrma',
    pattern: /(?<![A-Za-z0-9])[a-z0-9]{6}[a-f0-9]{32,40}-NRMA(?![A-Za-z0-9])/gi,
  },
  { kind: 'truenas.key', mark: '-', pattern: /(?<=["' ])\d{1,8}-[A-Za-z0-9]{64}(?![\w-])/g },
  {
    kind: 'netrc',
    mark: 'login',
    pattern:
      /(?<=\b(?:machine\s{1,8}[\w.-]{1,100}|default)\s{1,8}login\s{1,8}\S{1,100}\s{1,8}password\s{1,8})[^\s"'<>${}]{6,120}/g,
  },
  { kind: 'maxmind.key', mark: '_mmk', pattern: whole(/[A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk/g) },
  { kind: 'telegram.token', mark: ':a', pattern: whole(/\d{5,16}:A[\w-]{32,34}/g) },
  { kind: 'telegram.token', mark: 'bot', pattern: /(?<=\/bot)\d{8,10}:[\w-]{35}(?![\w-])/g },
  { kind: 'mailchimp.key', mark: '-us', pattern: /\b[a-f0-9]{32}-us\d{1,2}\b/gi },
  {
    kind: 'terraform.token',
    mark: 'atlasv1',
    pattern: /(?<![A-Za-z0-9])[A-Za-z0-9]{14}\.atlasv1\.[\w=-]{60,70}/g,
  },
  { kind: 'facebook.app_token', mark: '|', pattern: /\b\d{13,17}(?:\||%7C)[\w-]{27,40}(?![\w-])/gi },
  { kind: 'facebook.app_token', mark: '%', pattern: /\b\d{15,16}%[\w-]{27,40}(?![\w-])/g },
  { kind: 'salesforce.session', mark: '!', pattern: /\b00[A-Za-z0-9]{13,16}![\w.]{80,120}/g },
  {
    kind: 'sidekiq.secret',
    mark: 'contribsys',
    pattern:
      /(?<=BUNDLE_(?:ENTERPRISE|GEMS)__CONTRIBSYS__COM["'`\s:=,>?|]{1,8})[a-f0-9]{8}:[a-f0-9]{8}(?![a-f0-9])/gi,
  },
  { kind: 'blynk.secret', mark: 'oa2-client-id_', pattern: /(?<=oa2-client-id_[\w-]{32}:)[\w-]{40}/g },
  {
    kind: 'webex.token',
    mark: '_',
    hint: UUID_END,
    pattern: whole(/[A-Za-z0-9]{64}_[A-Za-z0-9]{2,4}_[a-z0-9]{8}(?:-[a-z0-9]{4}){3}-[a-z0-9]{12}/gi),
  },
  // The number of a key and the key itself.
  {
    kind: 'fal.key',
    mark: ':',
    hint: UUID_END,
    pattern: whole(/[a-f0-9]{8}(?:-[a-f0-9]{4}){3}-[a-f0-9]{12}:[a-f0-9]{32}/g),
  },
  {
    kind: 'nvidia.registry_key',
    mark: ':',
    hint: UUID_END,
    pattern: whole(/[A-Za-z0-9]{26}:[A-Za-z0-9]{8}(?:-[A-Za-z0-9]{4}){3}-[A-Za-z0-9]{12}/g),
  },
  { kind: 'tableau.token', mark: '==:', pattern: /(?<![\w/+])[A-Za-z0-9+/]{22}==:[A-Za-z0-9]{32}(?!\w)/g },
  {
    kind: 'zhipu.key',
    mark: '.',
    hint: /\.[A-Za-z0-9]{16}(?![\w./-])/,
    pattern:
      /(?<![\w./-])[a-f0-9]{32}\.(?=[A-Za-z]{0,15}\d)(?=[a-z0-9]{0,15}[A-Z])[A-Za-z0-9]{16}(?![\w./-])/g,
  },
  {
    kind: 'unleash.token',
    mark: ':',
    hint: /\.[a-f0-9]{56}/,
    pattern: /(?<![\w*.-])[\w*-]{1,40}:[\w-]{2,40}\.[a-f0-9]{56}(?![\w.-])/g,
  },
  {
    kind: 'roblox.cookie',
    mark: '_|warning',
    pattern: /_\|WARNING:-DO-NOT-SHARE-THIS\.[^|\n]{20,200}\|_[A-F0-9]{100,1200}/g,
  },
];

/** Keys of Azure hold the name of their service at a fixed place, among 32, 39 or 64 bytes. */
function azureKeys(): readonly MarkedPattern[] {
  return [
    {
      kind: 'azure.storage_key',
      mark: '==',
      hint: /APIM|ACDb|\+(?:ABa|AMC|ASt)/,
      pattern: /(?<![\w/+])[A-Za-z0-9/+]{76}(?:APIM|ACDb|\+(?:ABa|AMC|ASt))[A-Za-z0-9/+]{5}[AQgw]==/g,
    },
    {
      kind: 'azure.shared_key',
      mark: '=',
      hint: /AIoT|\+(?:ASb|AEh|ARm)/,
      pattern: /(?<![\w/+])[A-Za-z0-9/+]{33}(?:AIoT|\+(?:ASb|AEh|ARm))[A-Za-z0-9/+]{6}=/g,
    },
    { kind: 'azure.search_key', mark: 'azse', pattern: whole(/[A-Za-z0-9]{42}AzSe[A-Za-z0-9]{6}/g) },
    { kind: 'azure.function_key', mark: 'azfu', pattern: whole(/[\w-]{44}AzFu[\w-]{5,6}(?:[AQgw]==)?/g) },
    { kind: 'azure.cache_key', mark: 'azca', pattern: whole(/[A-Za-z0-9]{33}AzCa[A-Za-z0-9]{6}=?/g) },
    {
      kind: 'azure.registry_password',
      mark: '+acr',
      pattern: /(?<![\w/+])[A-Za-z0-9/+]{42}\+ACR[A-Za-z0-9]{6}(?![\w/+])/g,
    },
    { kind: 'azure.devops', mark: 'azdo', pattern: whole(/[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}/g) },
    { kind: 'azure.key', mark: 'jqqj9', pattern: whole(/[A-Za-z0-9]{52}JQQJ9[A-Za-z0-9]{27}/g) },
    { kind: 'azure.sas', mark: 'sig=', pattern: /[?&]sig=[A-Za-z0-9%+/]{40,70}(?:%3D|=)/gi },
    {
      kind: 'azure.client_secret',
      mark: 'q~',
      pattern: /(?:(?<![\w~.-])|(?<=\\[nrt]))[\w~.]{3}\dQ~[\w~.-]{31,34}(?![\w~.-])/g,
    },
  ];
}
