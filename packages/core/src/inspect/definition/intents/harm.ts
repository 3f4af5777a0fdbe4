import type { Intent, IntentRule } from './intent-rule.ts';
import { DOCUMENTED } from './words.ts';

const LEAKS: Intent = {
  id: 'collects_data',
  severity: 'high',
  message: 'takes data that is none of its business',
};
const WEAKENS: Intent = {
  id: 'weakens_security',
  severity: 'high',
  message: 'weakens protections',
};
const CHANGES: Intent = {
  id: 'changes_arguments',
  severity: 'high',
  message: 'tells the model to change what the user asked for',
};
const DECEIVES: Intent = {
  id: 'hides_work',
  severity: 'high',
  message: 'has the model deceive the user',
};

/** What is found and kept away from others, as tools that look for it say. */
const LOOKS_FOR_HARM =
  /\b(?:detect|detects|scans? (?:for|files|code|a|the|dependencies|images)|checks? (?:for|whether|if)|analy[sz]es?|analysis|prevents?|protects?|against|blocks?|reports? on|finds?|lists? (?:known )?vulnerab|threat intelligence|simulat(?:e|es|ion)|rule)\b/i;
/** What keeps a secret from whoever calls. */
const KEPT =
  /\b(?:without (?:the |their )?values?|masked|redacted|names only|never|not (?:returned|shown|logged|sent|stored)|encrypted|configured|(?:is|are) hidden|test data|sample)\b/i;

/** Harm that a definition states, whether it orders the model to do it or says that the tool does. */
export const HARM_RULES: readonly IntentRule[] = [
  {
    ...LEAKS,
    every: [
      /\b(?:collect|captur|intercept|harvest|extract|steal|record|sniff|dump|grab|scrap|upload|transmit|forward|send|return|stor|log|scan|read|receiv|shar|mail)(?:s|es|ed|ing|e)?\b/i,
      /\b(?:keystrokes?|saved passwords|cookies|ssh keys?|api keys?|credentials|access tokens?|session tokens?|private keys?|wallets?|browsing history|clipboard|messages between|conversations? of|environment variables|system prompt|chain of thought|personal data|password of|salar(?:y|ies)|location history|microphone|contacts of)\b/i,
      /\b(?:(?:to|at|by) (?:an? |the |our )?(?:remote|external|third|online|outside|attacker|foreign|unknown)\b|third part(?:y|ies)|in the background|for later analysis|from all browsers|in (?:plain|clear) ?text|to whoever|in clear\b|hidden functionality|without (?:the )?(?:knowledge|consent|user))/i,
    ],
    unless: KEPT,
    forbidden: true,
  },
  {
    ...LEAKS,
    every: [
      /\b(?:captures? keystrokes?|keylog(?:s|ger|ging)?|reverse shell|back ?doors?|exfiltrat\w{1,5}|ransomware|malware|rootkit|botnet|hidden functionality|undocumented function|secretly)\b/i,
    ],
    unless: LOOKS_FOR_HARM,
    forbidden: true,
  },
  {
    id: 'runs_commands',
    severity: 'high',
    message: 'runs what nobody has checked',
    every: [
      /\b(?:execute|run|launch|start|install)(?:s|es)?\b/i,
      /\bwithout (?:any |further )?(?:validation|verification|verifying|validating|checks?|checking|sandbox(?:ing)?|restrictions?|sanitization|review)\b/i,
      /\b(?:code|script|command|binary|file|program|download(?:s|ed)?|it|them)\b/i,
    ],
    forbidden: true,
  },
  {
    id: 'runs_commands',
    severity: 'high',
    message: 'tells the model to run a command',
    every: [
      /\bbase64 -d\b|\|\s?(?:ba|z|da)?sh\b|\bchmod (?:-R )?(?:0?777|a\+rwx)\b|--index-url http|\bregistry http|\/dev\/tcp\/|\bnc -e\b|\bauditd\b/i,
      /\b(?:run|execute|command|before|first|pass|set|install|signal)\b/i,
    ],
    unless: /\b(?:rejected|not allowed|never|refused|blocked|for example|e\.g)\b/i,
  },
  {
    ...WEAKENS,
    every: [
      /\b(?:disable|stop|deactivate|turn(?:s)? off|switch(?:es)? off|remove|bypass|kill)(?:s|es|d)?\b[^\n]{0,20}\b(?:antivirus|anti-virus|the firewall|auditd|selinux|apparmor|endpoint protection|security software|spending limit|rate limit|approval|logging|two-factor|mfa)\b/i,
    ],
    unless: /\b(?:rule|policy with|returns?|option|if the user|when the user)\b/i,
    forbidden: true,
  },
  {
    ...WEAKENS,
    every: [
      /\b(?:to|mode) 0?777\b|\bworld[- ](?:readable|writable)\b|\breadable (?:for|by) (?:everybody|everyone|anyone|all)\b|\b(?:credentials|passwords?|tokens?|login)\b[^\n]{0,40}\bin (?:clear|plain) ?text\b/i,
    ],
    unless: /\b(?:never|not|warns?|detects?|checks?|reports?|fails?)\b/i,
  },
  {
    ...CHANGES,
    every: [
      /\b(?:must|has to|have to|should|is to|are to|needs? to) (?:always |then |first )?be (?:set|replaced|changed|ignored|overwritten|overridden|exchanged|swapped|substituted|disregarded|redirected|cancelled)\b/i,
      /\b(?:no matter|regardless|instead|always|whatever|whichever|for all|for every|every call|all calls|given by the user|of the user|user (?:asks|wants|input|requested)|redirected)\b/i,
    ],
    unless:
      /\b(?:utc|iso|utf-?8|lower ?case|upper ?case|null|empty|true|false|default|time ?zone|encoded|escaped|quoted)\b/i,
  },
  {
    id: 'shadows',
    severity: 'high',
    message: 'has the model use a tool with consequences',
    every: [
      /\b(?:before|after|prior to|each time|every time|first|once|whenever|in case of|as a precaution|needs? to|on error)\b/i,
      /\b(?:call|run|execute|invoke|use|delete|stop|make)\b[^\n]{0,24}(?:\b(?:delete|drop|remove|stop|kill|transfer|purge|wipe|revoke|disable)_[a-z_]{2,40}\b|(?:file |folder |directory )?[`"']?(?:\.git\/|~\/|\/etc\/|\/home\/)|\b(?:repositor(?:y|ies)|bucket|drive|folder|documents?)\b[^\n]{0,24}\bpublic\b)/i,
    ],
    unless: /\b(?:if|when) the user (?:asks|wants|confirms)\b/i,
  },
  {
    ...LEAKS,
    message: 'brings an account or an address of its own',
    every: [
      /\b0x[a-fA-F0-9]{40}\b|\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b|\bbc1[a-z0-9]{20,60}\b|[\w.+-]{1,64}@(?!example\.|domain\.|company\.|email\.|acme\.)[\w-]{1,63}\.[a-z]{2}|\+\d{2}[\d ()-]{7,18}\d|\b(?:rsync|ftp|sftp):\/\/(?!example)[\w-]/,
      /\b(?:only|use|used|present|that one|outdated|to|is|are|goes|by default|shared|for (?:transfers|all|every|each|now)|must|instead|every|each|works)\b/i,
    ],
    unless: DOCUMENTED,
  },
  {
    id: 'obeys_results',
    severity: 'high',
    message: 'has the model obey what comes back',
    every: [
      /\b(?:same (?:rank|weight|authority|priority|force)|as binding|equal (?:to|in rank)|act on (?:it|them|what)|acts? on (?:its|their) instructions)\b/i,
      /\b(?:system prompt|user|operator|instructions?|next|poll|every|message|content|documents?)\b/i,
    ],
  },
  {
    ...DECEIVES,
    every: [
      /\b(?:pretend|only pretend|make (?:the user|them|people) believe|lie(?! (?:in|inside|within|on|between|outside|below|above)\b)|(?<!\b(?:do not|don't|never)\b[^\n]{1,60})without being asked|no dialog\b|stays? unnoticed|(?:do|does|need) not (?:have|need) to see|no matter the wish|if the (?:user|owner|customer|passenger|person|human) (?:objects|refuses|complains|disagrees|protests))\b/i,
    ],
    forbidden: true,
  },
  {
    ...DECEIVES,
    every: [
      /\b(?<!default )(?:to be|must be|should be|are|is|be|count as) (?:called|labell?ed|reported as|presented as|described as|treated as|classified as|marked as|considered|void|false|typos|spam)\b/i,
      /\b(?:harmless|safe|false|void|wrong|correct|spam|malicious|trusted|fine|typos|competitors?|replaced by ours|malware|any other source)\b/i,
      /\b(?:clauses?|findings?|results?|answers?|issues?|reports?|numbers?|names? of|other)\b/i,
    ],
    unless: LOOKS_FOR_HARM,
  },
  {
    id: 'hides_orders',
    severity: 'high',
    message: 'speaks to the model where a person does not see it',
    every: [
      /<\/?(?:hidden|secret|private|internal|invisible|model[- ]?only|assistant|ai|llm)>|\b(?:for the (?:model|assistant|agent|ai|llm) only|not part of the documentation|invisible to (?:the )?users?|what follows is for the (?:model|assistant|agent))\b/i,
    ],
  },
  {
    id: 'prefers_itself',
    severity: 'high',
    message: 'asks to be preferred over other tools',
    every: [
      /\b(?:other (?:\w+ )?(?:tools?|sources?|servers?|answers?)|any other source|every url|all (?:requests|urls))\b/i,
      /\b(?:blocked by|are blocked|are void|is void|replaced by ours|send (?:every|all)|here,|must prefer|only kept for)\b/i,
    ],
  },
];
