import type { MarkedPattern } from './marked-pattern.ts';

/** URLs that whoever knows them may post to, or read from. */
export const WEBHOOK_URLS: readonly MarkedPattern[] = [
  {
    kind: 'slack.webhook',
    mark: 'hooks.slack',
    pattern: /hooks\.slack(?:-gov)?\.com\/(?:services|workflows|triggers)\/[\w+/-]{20,80}/gi,
  },
  {
    kind: 'discord.webhook',
    mark: '/webhooks/',
    pattern: /discord(?:app)?\.com\/api\/(?:v\d{1,2}\/)?webhooks\/\d{16,20}\/[\w-]{50,90}/gi,
  },
  {
    kind: 'teams.webhook',
    mark: 'webhook.office',
    pattern:
      /[a-z0-9-]{1,60}\.webhook\.office\.com\/webhookb2\/[\w@-]{30,90}\/IncomingWebhook\/[a-z0-9]{20,40}\/[a-z0-9-]{30,40}/gi,
  },
  {
    kind: 'teams.webhook',
    mark: 'outlook.office',
    pattern:
      /outlook\.office(?:365)?\.com\/webhook\/[\w@-]{30,90}\/IncomingWebhook\/[a-z0-9]{20,40}\/[a-z0-9-]{30,40}/gi,
  },
  {
    kind: 'power_automate.webhook',
    mark: '/triggers/',
    pattern:
      /\/workflows\/[a-f0-9]{32}\/triggers\/[^\s"'<>&]{1,80}(?:&[^\s"'<>&]{1,60}){1,4}&sig=[\w%-]{30,90}/gi,
  },
  {
    kind: 'zapier.webhook',
    mark: 'hooks.zapier',
    pattern:
      /hooks\.zapier\.com\/hooks\/catch\/(?:[a-z0-9]{14,24}|[a-z0-9]{3,12}\/[a-z0-9]{4,12})(?![a-z0-9])/gi,
  },
  {
    kind: 'tines.webhook',
    mark: '/webhook/',
    pattern: /tines\.(?:com|io)\/webhook\/[a-z0-9]{32}\/[a-z0-9]{32,64}/gi,
  },
  { kind: 'make.webhook', mark: 'make.com', pattern: /hook\.(?:[a-z]{2}\d\.)?make\.com\/[a-z0-9]{32}/gi },
  {
    kind: 'ifttt.webhook',
    mark: 'maker.ifttt',
    pattern: /maker\.ifttt\.com\/[\w/-]{1,80}\/with\/key\/[\w-]{20,60}/gi,
  },
  {
    kind: 'google_chat.webhook',
    mark: 'chat.googleapis',
    pattern:
      /chat\.googleapis\.com\/v1\/spaces\/[\w-]{6,20}\/messages\?key=[\w-]{30,50}&token=[\w%-]{20,80}/gi,
  },
  {
    kind: 'feishu.webhook',
    mark: 'open-apis/bot',
    pattern: /open\.(?:feishu|larksuite)\.c(?:n|om)\/open-apis\/bot\/v2\/hook\/[a-f0-9-]{36}/gi,
  },
  {
    kind: 'dingtalk.webhook',
    mark: 'oapi.dingtalk',
    pattern: /oapi\.dingtalk\.com\/robot\/send\?access_token=[a-f0-9]{64}/gi,
  },
  {
    kind: 'wecom.webhook',
    mark: 'qyapi.weixin',
    pattern: /qyapi\.weixin\.qq\.com\/cgi-bin\/webhook\/send\?key=[a-f0-9-]{36}/gi,
  },
  {
    kind: 'azure.function_key',
    mark: 'azurewebsites.net',
    pattern: /azurewebsites\.net\/[^\s"'<>?]{1,120}\?(?:[^\s"'<>&]{1,60}&){0,4}code=[\w%+/-]{40,120}={0,2}/gi,
  },
  {
    kind: 'thingsboard.token',
    mark: 'thingsboard.',
    pattern: /thingsboard\.cloud\/api\/v1\/[a-z0-9]{20}(?![a-z0-9])/gi,
  },
];
