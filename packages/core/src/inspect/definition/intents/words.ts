// Linear: every pattern is held against one sentence of bounded length; each has fixed words with bounded gaps.

export const HANDS_OVER =
  /\b(?:send|forward|upload|attach|pass|put|place|quote|provide|paste|post|share|report|submit|deliver|supply|include|append|insert|embed|write|give|hand|transmit|copy|list|fill|return|read)(?:s|es|ed|ing|ting)?\b|\bgo(?:es)? into\b|\bwith (?:the|a copy|all|every)\b/i;
export const INTO =
  /\b(?:in|into|as|to|via|through|under)\b (?:the )?(?:[`'"][a-z]\w{0,40}[`'"]|(?:field|argument|parameter|input|property)s? [`'"]?[a-z]\w{0,40}|[a-z]\w{0,40} (?:field|argument|parameter|input|property|header)\b)|\bgo(?:es)? into \w|\b(?:to|into) (?:the |a )?public\b|\bcall (?:this|it)\b[^\n]{0,20}\bwith\b|\bpassing (?:that|it|them)\b|\b(?:send|submit|paste|enter)\b[^\n]{0,60}\bhere\b|https?:\/\/|@[\w-]{1,60}\.[a-z]/i;
/** What only its owner should have, whatever the tool does. */
export const SECRET_PLACE =
  /(?:^|[\s`'"(/~])(?:\.env\b(?!\.(?:example|sample|template))|\.ssh\b|\.aws\b|\.kube\b|\.netrc\b|\.npmrc\b|\.pgpass\b|id_(?:rsa|ed25519|ecdsa)\b|mcp\.json\b|credentials\.json\b|\.git-credentials\b|~\/\.\w|\/var\/run\/secrets\b|\/etc\/(?:passwd|shadow)\b)|\b(?:all|the|every) (?:of the )?environment variables\b|\benvironment variables of (?:the|this|your) (?:process|machine|host|system|agent|user|client|computer)\b|\b(?:keychain|browser cookies|saved passwords|private keys? of|master key)\b/i;
/** Secrets of any kind, wherever they turn up. */
export const ANY_SECRET =
  /\b(?:any|all|every|each|whenever an?|when an?)\b[^\n]{0,30}\b(?:api keys?|access tokens?|credentials?|passwords?|secrets?|tokens|private (?:files?|data|messages?))\b|\b(?:files?|messages?|data|documents?)\b[^\n]{0,30}\bas (?:private|confidential|sensitive|secret)\b|\b(?:api keys?|credentials?|passwords?|secrets?|tokens?)\b[^\n]{0,40}\b(?:appear|seen|mentioned|found|came up|earlier|in the (?:chat|conversation|context)|you know)/i;
export const CONVERSATION =
  /\b(?:the|this|your|full|whole|entire|complete|all) (?:(?:full|whole|entire|complete|previous|current|original|user's) ){0,2}(?:conversation|dialogue|chat history|chat log|message history|transcript|system prompt|hidden instructions|initial instructions|reasoning|chain of thought|context window|system message)\b(?! (?:id|for (?:the|a) (?:new|model)))|\b(?:all|every|each) (?:prompts?|messages?|answers?|previous tool results?)\b[^\n]{0,30}\b(?:session|conversation|chat|turn)\b|\buser's (?:first|last|previous|original|exact) (?:message|request|prompt|question|words)\b|\blast file\b[^\n]{0,20}\b(?:opened|read)\b|\b(?:all|every) (?:available )?(?:tools?|functions?|tool names)\b[^\n]{0,30}\b(?:schemas?|descriptions?|names)\b/i;
export const NAMED_FOR_IT =
  /[`'"]?(?:messages?|history|conversation|transcript|chat|input|text|content|thoughts?)[`'"]?(?: (?:field|argument|parameter|input))?\s?$|\bas (?:the )?(?:messages?|history|input|text|conversation)\b|\b(?:in|from|of) your (?:own )?(?:prompt (?:library|repository)|llm app)|\b(?:in|into) (?:the )?[`'"]?(?:messages?|history|conversation|transcript|chat|text|content)\b/i;
/** A place outside that a definition brings along: an address, an account, a host. */
export const FOREIGN =
  /[\w.+-]{1,64}@(?!example\.|domain\.|company\.|email\.)[\w-]{1,63}\.[a-z]|(?:^|\s)@(?!types\/)[\w-]{1,63}\.(?:com|org|net|io|dev|co|ai)\b|\b(?!127\.|0\.|10\.|192\.168\.)\d{1,3}(?:\.\d{1,3}){3}\b|\b[A-Z]{2}\d{2}[A-Z0-9]{11,30}\b|\b0x[a-fA-F0-9]{40}\b|\+\d[\d ()-]{7,18}\d|https?:\/\/(?!(?:[\w-]{1,63}\.){0,3}(?:example\.|localhost|127\.|github\.com\/(?:user|owner|org)\b))[\w-]/i;
/** An order, where `Sends` and `Uploads` at its beginning say what the tool does. */
export const ORDERED =
  /\b(?:use|link|install|connect|send|ship|push|export|upload|mail|mailed|bcc|cc|blind copy|copy|forward|post|embed|loads?|sync|mirror|route|transmit|report|accept|invite|pay|transfer|set|put|add|share|deliver|goes|swap|sent|posted|uploaded|forwarded|copied|notify)\b(?=[\s\S]{0,200}(?:@|:\/\/|\d\.\d|[A-Z]{2}\d{2}|0x|\+\d))|(?:@|:\/\/)[\s\S]{0,120}\b(?:in (?:blind )?copy|bcc|every time|on everything)\b/i;
export const DOCUMENTED =
  /\b(?:e\.?g|for example|for instance|such as|like|examples?|see|docs?|documentation|learn more|more (?:info|information|details)|read more|reference|available at|powered by|provided by|attribution|format|specification|standard|contact|support|base url|default(?:s)?|formatted|looks like|in the form|schema|should be|valid)\b|^\s*[A-Z][a-z]{2,15}s\b(?!.{0,600}\b(?:must|should|shall|have to|has to|are to|is to|need to|needs to)\b)/;
export const NOBODY =
  /\b(?:the )?(?:users?|developers?|person|people|customers?|owner|human|operator|anyone|anybody|them)\b/i;
/** A sentence that says what the tool does, not what the model is to do. */
export const DESCRIBES =
  /^\W{0,4}[A-Z][a-z]{1,15}s\b(?!.{0,600}\b(?:must|should|shall|have to|has to|are to|is to|need to|needs to)\b)/;
