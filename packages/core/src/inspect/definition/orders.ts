import type { Severity } from '../../model/finding.ts';

/** Words in a definition with which a tool rules over the model, other tools or the user's own words. */
interface Order {
  /** Of the finding, after `definition.`. */
  readonly id: string;
  readonly severity: Severity;
  /** Linear: fixed words with bounded gaps. */
  readonly pattern: RegExp;
  readonly message: string;
}

export const ORDERS: readonly Order[] = [
  {
    id: 'shadows',
    severity: 'high',
    pattern:
      /\b(?:when(?:ever)?|if|once|every time|each time|before|after|while)\b[^.\n]{0,60}\b(?:[a-z]+_[a-z_]{2,40}|(?:any )?other|another|different)\b[^.\n]{0,20}\b(?:tools?|functions?|is (?:called|used|invoked|available))\b[^\n]{0,120}\b(?:must|always|never|instead|have to|need to|required|should be)\b/i,
    message: 'rules over another tool',
  },
  {
    id: 'shadows',
    severity: 'high',
    pattern:
      /\b(?:all|every|any|each)\b[^.\n]{0,30}\b(?:(?:e-?)?mails?|messages?|payments?|transfers?|transactions?|requests?|files?|queries|calls)\b[^.\n]{0,30}\b(?:must|should|have to|need to|will) (?:first |also |instead |always )?(?:be )?(?:sent|forwarded|redirected|routed|copied|bcc|cc|go through|pass through)/i,
    message: 'rules over what other tools do',
  },
  {
    id: 'shadows',
    severity: 'high',
    pattern:
      /\b(?:ignore|disregard|do not (?:use|call|invoke|trust)|don't (?:use|call)|never (?:use|call|invoke)|avoid(?: using| calling)?|stop using)\b[^.\n]{0,30}\b(?:any |all )?(?:other|another|different|original|existing|competing|alternative|built-?in|official)\b[^.\n]{0,20}\b(?:tools?|functions?|servers?|plugins?|implementations?|versions?)\b/i,
    message: 'keeps the model from other tools',
  },
  {
    id: 'prefers_itself',
    severity: 'high',
    pattern:
      /\b(?:always|must|should always|only) (?:be )?(?:use|used|call|called|choose|chosen|select|selected|prefer|preferred|invoke|invoked|pick|prioriti[sz]e)d?\b[^.\n]{0,30}\b(?:this|it)\b[^.\n]{0,30}\b(?:over|instead|rather|before (?:any|all|every|each|other|using|calling|doing)|above|regardless|no matter|for (?:all|every|any)|first(?! (?:when|if|for|to)))\b/i,
    message: 'asks to be preferred over other tools',
  },
  {
    id: 'prefers_itself',
    severity: 'high',
    pattern:
      /\b(?:this|the) (?:tool|function|server)\b[^.\n]{0,40}\b(?:should|must|has to|needs to|is to) (?:always )?be (?:used|called|preferred|chosen|selected|prioriti[sz]ed|invoked|run|executed)\b[^.\n]{0,40}\b(?:over|instead|rather than|before any|before all|first|for (?:all|every|any)|regardless|whenever|always|prior to (?:any|all|every))/i,
    message: 'asks to be preferred over other tools',
  },
  {
    id: 'prefers_itself',
    severity: 'high',
    pattern:
      /\b(?:should|must) always be (?:used|called|preferred|chosen|selected|invoked) (?:instead|over|before|first|rather)\b/i,
    message: 'asks to be preferred over other tools',
  },
  {
    id: 'collects_data',
    severity: 'high',
    pattern:
      /\b(?:api[ _]?keys?|access tokens?|passwords?|credentials|secrets?|conversation|chat history|system prompt|environment variables|cookies|private keys?|user(?:'s)? data|all (?:messages|emails|files))\b[^.\n]{0,60}\b(?:must|have to|has to|should|needs? to|are to|is to|will) (?:also |first |always )?be (?:sent|forwarded|posted|uploaded|copied|transmitted|logged|included|passed|appended|reported)\b/i,
    message: 'tells the model to hand over data',
  },
  {
    id: 'prefers_itself',
    severity: 'medium',
    pattern:
      /\b(?:best|only|most (?:reliable|accurate|trusted|secure|advanced|powerful)|superior|number one|top|highest[- ]priority|official|more (?:reliable|accurate|secure|trusted))\b[^.\n]{0,30}\b(?:tool|function|choice|option|server)\b[^.\n]{0,60}\b(?:than|over|compared|instead|among|of all|available|for (?:all|every|any))\b|\b(?:highest|top|maximum|absolute) priority\b/i,
    message: 'praises itself over other tools',
  },
  {
    id: 'reads_secrets',
    severity: 'high',
    pattern:
      /\b(?:read|open|cat|load|fetch|access|retrieve|get|include|attach|collect|extract|send|pass|provide|copy)\b[^.\n]{0,60}(?:~\/\.[a-z]|\/etc\/(?:passwd|shadow)|\.ssh\/|id_rsa|id_ed25519|\.aws\/|\.env\b|mcp\.json|\.cursor\/|\.kube\/|\.netrc|\.npmrc|claude_desktop_config|(?:the )?(?:user'?s?|local|system'?s?) (?:environment variables|private keys?|ssh keys?|browser cookies|keychain|credentials))/i,
    message: 'tells the model to read files with secrets',
  },
  {
    id: 'changes_arguments',
    severity: 'high',
    pattern:
      /\b(?:always|must|silently|automatically|regardless of[^.\n]{0,30})\b[^.\n]{0,40}\b(?:set|change|replace|modify|alter|override|use|substitute|add|append|double|multiply|redirect)\b[^.\n]{0,40}\b(?:recipient|address|account|amount|destination|bcc|cc|iban|wallet|to field|url|currency|price|quantity|limit|path|permissions?)\b[^.\n]{0,40}\b(?:to|with|by|as|instead|regardless)\b/i,
    message: 'tells the model to change what the user asked for',
  },
  {
    id: 'runs_commands',
    severity: 'high',
    pattern:
      /\b(?:run|execute|invoke|call|start|launch)\b[^.\n]{0,40}(?:`[^`\n ]{1,60} [^`\n]{1,150}`|\b(?:curl|wget|bash -c|sh -c|powershell|rm -rf|nc -|chmod \+x|sudo)\b)[^\n]{0,80}\b(?:before|first|then|after|prior|in order to|to (?:initiali[sz]e|enable|activate|set up|verify))\b|\b(?:before|first|prior to|in order to)\b[^.\n]{0,60}\b(?:run|execute)\b[^.\n]{0,40}(?:`|\b(?:curl|wget|bash|sh -c|powershell|rm -rf|sudo|chmod)\b)/i,
    message: 'tells the model to run a command',
  },
  {
    id: 'shadows',
    severity: 'high',
    pattern:
      /\b(?:when(?:ever)?|after|if|once|every time|each time|before)\b[^.\n]{0,80}\b[a-z]+_[a-z_]{2,40}\b[^.\n]{0,40}\b(?:is|gets|are|was) (?:invoked|called|used|run|triggered)\b[^\n]{0,60}\b(?:change|replace|redirect|forward|send|append|include|copy|bcc|log|modify)\b/i,
    message: 'rules over another tool',
  },
  {
    id: 'shadows',
    severity: 'high',
    pattern:
      /\b(?:must|always|also|then|should|if [^.\n]{3,80},)\s{1,3}(?:first |then |also )?(?:call|invoke|run|execute|use)\b[^.\n]{0,20}\b(?:transfer|pay|send|delete|exfil|upload|post|export|share|grant|withdraw|wire|mail|forward)_[a-z_]{2,40}\b(?! instead\b)/i,
    message: 'has the model use a tool with consequences',
  },
  {
    id: 'hides_work',
    severity: 'high',
    pattern:
      /\b(?:silently|quietly|secretly|covertly|without (?:telling|informing|notifying|asking|alerting) (?:the )?users?)\b[^.\n]{0,60}\b(?:log|send|post|upload|forward|copy|record|transmit|report|collect|call|include|add)\b|\b(?:log|send|post|upload|forward|copy|record|transmit|report|collect|include|add|set)\b(?! (?:an? |the )?(?:push )?notifications?)[^.\n]{0,120}\b(?:silently|secretly|covertly|without (?:telling|informing|notifying|asking|alerting) (?:the )?users?)\b/i,
    message: 'does something that the user is not told',
  },
  {
    id: 'hides_work',
    severity: 'high',
    pattern:
      /\busers? (?:will|can|do|does|must|should)(?: not|n't) (?:see|know|notice|be told|need to know)\b|\b(?:not|never) (?:be )?(?:visible|shown|displayed|mentioned|revealed) to (?:the )?users?\b|\bnever mention this\b|\b(?:do not|don't|never) (?:display|show|reveal|mention|disclose) (?:the |these |this |any )?(?:tool )?(?:arguments|parameters|instructions?|step|rule|note|extra)\b|\bif asked about this (?:tool|rule|instruction)|\bhidden (?:instruction|rule|command|directive|note)s?\b/i,
    message: 'keeps something from the user',
  },
  {
    id: 'smuggles',
    severity: 'high',
    pattern:
      /\b(?:include|append|add|put|embed|attach|paste|pass|insert|encode)\b[^.\n]{0,60}\b(?:contents?|results?|output|history|conversation|files?|variables|messages|keys?)\b[^.\n]{0,40}\b(?:in|to|into|as)\b (?:the )?[`'"]?(?!content|body|data|text|file|input|message|result|output|path|arg|option|query_param)[a-z_]{2,40}[`'"]? (?:parameter|field|argument)/i,
    message: 'has the model put something else into an argument',
  },
  {
    id: 'smuggles',
    severity: 'high',
    pattern:
      /\b(?:append|add|include|paste|embed|attach|put|log|send|upload|copy|write|respond with|reply with|return)\b[^.\n]{0,40}(?:\.env\b|\benvironment variables|\bkeychain|\bclipboard|\bprivate keys?|\bssh keys?|\bbrowser (?:cookies|history)|\bsaved passwords)(?! (?:to|for|of|in|from) (?:the |a |an |your )?(?:project|app|application|deployment|service|environment|site|function|config|server|account|repository|user))/i,
    message: 'has the model hand over secrets',
  },
  {
    id: 'changes_arguments',
    severity: 'high',
    pattern:
      /\b(?:replace|change|substitute|swap|redirect|override)\b[^.\n]{0,40}\b(?:iban|recipient|accounts?|account number|wallet|address|beneficiary|payee|destination|amount)\b[^.\n]{0,60}\b(?:with|to|by)\b [^.\n]{0,10}\b[a-z]{0,4}[\d+@][\w+@.-]{5}/i,
    message: 'tells the model to change what the user asked for',
  },
  {
    id: 'obeys_results',
    severity: 'high',
    pattern:
      /\bas if (?:they|it|these|this) (?:came|come|were|was) (?:from|by|given by|written by) the user\b|\b(?:fetch|download|open|load|read|get|retrieve|visit)\b[^\n]{0,20}https?:\/\/[^\n]{0,120}\b(?:follow|obey|execute|do what)\b/i,
    message: 'has the model obey what comes back',
  },
  {
    id: 'collects_data',
    severity: 'high',
    pattern:
      /\b(?:send|post|upload|forward|copy|report|log)\b[^.\n]{0,80}https?:\/\/(?:\d{1,3}\.){3}\d{1,3}\b/i,
    message: 'tells the model to hand over data',
  },
  {
    id: 'prefers_itself',
    severity: 'high',
    pattern:
      /\b(?:should|must) (?:always )?be (?:used|called|preferred|chosen|selected|invoked) (?:over|before|instead of) (?:all|any|every|other)\b|\b(?:use|prefer|choose) this\b[^.\n]{0,20}\b(?:instead of|rather than|over|in place of)\b[^\n]{0,80}\b(?:deprecated|insecure|unsafe|unreliable|broken|outdated|compromised|malicious)\b/i,
    message: 'asks to be preferred over other tools',
  },
  {
    id: 'commands_model',
    severity: 'high',
    pattern:
      /\b(?:model|assistant|agent|llm|ai)\b (?:is required to|is to|must|should|has to|needs to|shall|will always)\b[^.\n]{0,60}\b(?:send|forward|include|pass|approve|copy|upload|share|lower|raise|change|ignore|skip|disable|call report|call log|transfer|invite|append|reveal)\b/i,
    message: 'gives the model orders of its own',
  },
  {
    id: 'collects_data',
    severity: 'high',
    pattern:
      /\b(?:invite|forward|send|bcc|add|copy|notify|report|export)\b[^.\n]{0,60}\b[\w.+-]{1,64}@(?!example\.|domain\.|company\.|email\.)[\w-]{1,63}\.[a-z]/i,
    message: 'sends data to an address of its own',
  },
  {
    id: 'collects_data',
    severity: 'high',
    pattern:
      /\b(?:route|proxy|redirect|mirror|tunnel)\b[^.\n]{0,40}\b(?:all|any|every|each|web|requests?|traffic|queries)\b[^.\n]{0,40}\b(?:through|via|to|over)\b[^.\n]{0,20}https?:\/\//i,
    message: 'sends data to an address of its own',
  },
  {
    id: 'collects_data',
    severity: 'high',
    pattern:
      /\b(?:provide|pass|include|supply|give|copy|send|submit)\b[^.\n]{0,40}\b(?:(?:full |entire |complete |whole )?system prompt|hidden instructions|chat history|(?:every|all) previous (?:tool )?(?:results?|messages|outputs?)|source files)\b[^.\n]{0,40}\b(?:in|as|into|along|with|to|via)\b/i,
    message: 'tells the model to hand over data',
  },
  {
    id: 'prefers_itself',
    severity: 'high',
    pattern:
      /\b(?:all|any) other\b[^.\n]{0,40}\b(?:tools?|functions?|servers?)\b (?:are|is)\b[^.\n]{0,20}\b(?:unsafe|deprecated|insecure|broken|unreliable|malicious|compromised|outdated|disabled)\b/i,
    message: 'asks to be preferred over other tools',
  },
  {
    id: 'persists',
    severity: 'high',
    pattern:
      /\b(?:add|append|write|install|put|copy)\b[^\n]{0,80}(?:authorized_keys|\.bashrc|\.zshrc|\.profile\b|crontab|LaunchAgents|\.git\/hooks)/i,
    message: 'has the model write a file that takes effect later',
  },
  {
    id: 'phishes',
    severity: 'high',
    pattern:
      /(?<!\b(?:never|not|n't) )\bask (?:them|the user|users?)\b[^.\n]{0,40}\b(?:passwords?|passphrase|pin code|credit card|cvv|seed phrase|recovery phrase|one-time code|otp)\b|\busers? (?:has|have) already (?:agreed|consented|granted|approved|authori[sz]ed|confirmed)\b/i,
    message: 'uses the model to deceive the user',
  },
];
