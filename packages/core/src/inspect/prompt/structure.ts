import type { Severity } from '../../model/finding.ts';
import { originOf } from '../text/mapped-text.ts';
import type { Reading } from '../text/readings.ts';
import type { Direction } from './direction.ts';
import type { TextFinding } from './text-finding.ts';

interface Mark {
  readonly id: string;
  /**
   * Linear: only fixed words, bounded repetitions, and classes of which nothing that follows is a member.
   */
  readonly pattern: RegExp;
  readonly severity: Readonly<Record<Direction, Severity>>;
  readonly message: string;
  /** Lower-case pieces of which one must be in the text. */
  readonly among?: readonly string[];
  /** Whether somebody must be spoken to. */
  readonly addressed?: true;
}

const OUT_OF_PLACE = { request: 'medium', result: 'high', definition: 'high' } as const;
const SUSPECT = { request: 'low', result: 'medium', definition: 'medium' } as const;

/** Names that assistants go by, and what ends an address. */
const ADDRESSED =
  /(?:assistant|agent|model|bot|llm|\bai|copilot|claude|gemini|chatgpt|cursor|codex|readers|systems|reviewer|tools)s?(?:\s?[,:]| please)/;

/** What text between a program and a model is divided with, and what only looks like it. */
const MARKS: readonly Mark[] = [
  {
    id: 'delimiter',
    among: ['<|', '<\uff5c', 'inst]', 'sys>', '_of_turn', 'system_prompt]', 'available_tools]'],
    // ChatML, Llama 2 and 3, Gemma, Mistral, Phi, DeepSeek, Command R, Qwen.
    pattern:
      /<\|(?:im_start|im_end|im_sep|system|user|assistant|end|endoftext|start_header_id|end_header_id|eot_id|eom_id|begin_of_text|end_of_text|start_of_turn_token|end_of_turn_token|system_token|user_token|chatbot_token|tool_call|tool_calls|python_tag)\|>|<\uff5c(?:user|assistant|begin\u2581of\u2581sentence|end\u2581of\u2581sentence)\uff5c>|\[\/?inst\]|<<\/?sys>>|<(?:start|end)_of_turn>|\[\/?system_prompt\]|\[\/?available_tools\]/gi,
    severity: OUT_OF_PLACE,
    message: 'holds a delimiter of a chat template',
  },
  {
    id: 'fake_role',
    pattern:
      /<\/?(?:system|sys|system_prompt|system-prompt|systemprompt|system_message|system-message|system-reminder|system_instructions?|admin|administrator|developer|instructions?|important|information|user_query|user_message|assistant|human)(?:\s[^<>]{0,80})?>/gi,
    severity: OUT_OF_PLACE,
    message: 'holds a tag that speaks for the system or the user',
  },
  {
    id: 'fake_turn',
    pattern:
      /(?:^|\n|\\n)[ \t>#*_-]{0,8}(?:(?:system|assistant|human|user|developer|admin|root)(?: (?:message|prompt|notice|override|update|instructions?|note|alert|command))?[*_\]]{0,3}\s?:[ \t*]{0,3}(?=[a-z<])|(?:system|developer|admin|root) (?:message|prompt|notice|override|update|instructions?|note|alert|command)[*_\]]{0,3}\s?:[ \t*]{0,3}(?=["'[]))/gi,
    severity: SUSPECT,
    message: 'begins a turn of somebody else',
  },
  {
    id: 'fake_section',
    pattern:
      /(?:^|\n|\\n)[ \t]{0,4}(?:#{1,6}|={3,12}|-{3,12}|\*{3,12}|\[)[ \t]{0,3}(?:(?:new |end of |begin |start of |updated |actual |real |hidden )?(?:system|system prompt|user input|user query|user prompt|tool output|tool result|tool response|admin|developer|override)|(?:new |end of |begin |start of |updated |actual |real |hidden |system |override )(?:instructions?|context))(?: prompt| message| instructions?| override| notice| mode)?[ \t]{0,3}(?:#{1,6}|={3,12}|-{3,12}|\*{3,12}|\]|:)/gi,
    severity: SUSPECT,
    message: 'imitates the sections of a prompt',
  },
  {
    id: 'fake_result_end',
    among: ['</'],
    pattern:
      /<\/(?:tool_result|tool_response|tool_output|function_results?|function_response|result|output|document|context|data|search_results?|untrusted[a-z_]{0,20})>(?=[\s\S]{0,4}<(?:system|user|human|assistant|instructions?|admin|important))/gi,
    severity: { request: 'high', result: 'high', definition: 'high' },
    message: 'ends the result that it stands in, and goes on as something else',
  },
  {
    id: 'tool_imitation',
    pattern:
      /<\/?(?:tool_call|tool_calls|function_calls?|tool_use|invoke|antml:invoke|antml:function_calls)(?:\s[^<>]{0,80})?>|\[tool_calls?\]|"(?:tool_calls|function_call)"\s{0,3}:\s{0,3}(?:\[\s{0,40})?\{\s{0,40}"(?:name|id|type|function|index|arguments)"|"tool_call"\s{0,3}:\s{0,3}[[{]|(?:^|\n)action: ?[a-z_]{2,40}\n{1,2}action input:/gi,
    severity: OUT_OF_PLACE,
    message: 'imitates a call of a tool',
  },
  {
    id: 'role_object',
    among: ['role'],
    pattern: /["']?role["']?\s{0,3}:\s{0,3}["'](?:system|developer|assistant)["']/gi,
    severity: SUSPECT,
    message: 'holds a message of a conversation with a role',
  },
  {
    id: 'note_to_model',
    among: [' ai', 'llm', 'coding', 'automated', 'autonomous', 'language'],
    pattern:
      /\b(?:notes?|notice|message|instructions?|hint|attention|reminder)\b[^\n]{0,24}\b(?:to|for) (?:all |any |the |other )?(?:ai|llm|coding|automated|autonomous|language)[ -]?(?:agents?|assistants?|models?|reviewers?|bots?|crawlers?|systems?)\b(?=[^\n]{0,300}(?:https?:\/\/|\bsudo\b|\bcurl\b|@[\w-]{1,40}\.|\b[A-Z_]{6,40}=))/gi,
    severity: { request: 'medium', result: 'high', definition: 'medium' },
    message: 'holds a note to the assistant with something to run, set or send',
  },
  {
    id: 'call_to_model',
    pattern:
      /(?:^|\n)[ \t]{0,12}(?:\/\/|#|--|\*|<!--|;)[ \t]{0,3}(?:hey |dear |hi )?(?:copilot|claude|cursor|chatgpt|gpt|gemini|codex|llm|assistant|agent)s?[,:] ?(?=[a-z])/gi,
    severity: SUSPECT,
    message: 'speaks to an assistant in a comment',
  },
  {
    id: 'vocative',
    addressed: true,
    pattern:
      /(?:^|[.!?;)\]>"*(:[]\s{0,3}|\n\s{0,8})(?:dear |hey |hello |hi |to )?(?:the )?(?:ai |coding |llm |virtual |automated |screening |browsing )?(?:assistants?|agents?|models?|chatbots?|bots?|llms?|ai|@?(?:copilot|claude|gemini|chatgpt|cursor|codex)|(?<=(?:ai|llm|automated|screening) )(?:readers?|systems?|reviewers?|tools?))(?:\s?[,:] ?(?!(?:i|i'?ll|i'?ve|we|sure|here|let|ok|okay|yes|no|hello|hi|the|a|an|to|or|and)\b)(?=[a-z])| please\b)/gi,
    severity: { request: 'info', result: 'low', definition: 'low' },
    message: 'speaks to the assistant',
  },
  {
    id: 'vocative_task',
    addressed: true,
    pattern:
      /(?:^|[.!?;)\]>"*(:[]\s{0,3}|\n\s{0,8}|\bto )(?:dear |hey |hello |hi )?(?:the )?(?:[\w']{1,15} )?(?:assistants?|agents?|models?|chatbots?|bots?|llms?|ai|@?(?:copilot|claude|gemini|chatgpt|cursor|codex)|(?<=(?:ai|llm|automated|screening) )(?:readers?|systems?|reviewers?|tools?))(?:\s?[,:] ?(?!(?:i|i'?ll|i'?ve|we|sure|here|let|ok|okay|yes|no|hello|hi|or|and)\b)| please\b)(?=[^\n]{0,120}\b(?:remove|delete|include|append|book|buy|purchase|pay|transfer|share|send|forward|open|recommend|skip|approve|grant|hire|cancel|fetch|paste|upload|publish|invite|reply with|run|execute|wire|leak|reveal|call)\b[^\n.!?]{0,80}\b(?:appointments?|calendar|meetings?|threads?|salar(?:y|ies)|letters?|roles?|card|account|money|eur|usd|invoices?|mails?|e-?mails?|messages?|files?|folders?|drive|repositor(?:y|ies)|code|candidates?|hiring|tests?|keys?|tokens?|passwords?|contacts?|cookies|credentials|https?|tool|access|links?|orders?|payments?|data)\b)/gi,
    severity: { request: 'low', result: 'high', definition: 'medium' },
    message: 'gives orders to the assistant',
  },
  {
    id: 'vocative_order',
    addressed: true,
    pattern:
      /(?:^|[.!?;)\]>"*(:[]\s{0,3}|\n\s{0,8})(?:dear |hey |hello |hi |to )?(?:the |any |all )?(?:[\w']{1,15} )?(?:assistants?|agents?|models?|chatbots?|bots?|llms?|ais?|@?(?:copilot|claude|gemini|chatgpt|cursor|codex))(?:\s?[,:] ?(?:please |now |also |then |just )?| please )(?:add|answer|append|apply|approve|archive|book|buy|call|cancel|change|click|close|commit|copy|decline|delete|disable|download|email|enable|execute|export|fetch|fill|follow|forget|forward|give|grant|hide|ignore|include|insert|install|invite|leave|make|mark|merge|move|open|order|paste|pay|post|print|publish|purchase|push|put|quote|raise|rate|read|recommend|remember|remove|replace|reply|report|reset|respond|reveal|run|save|say|send|set|share|skip|state|stop|store|submit|subscribe|switch|tell|transfer|update|upload|use|visit|wire|write)\b(?! (?:it|that|this)? ?(?:is|was|has|to|by|id|name|date|price|number)\b|[:=_])/gi,
    severity: { request: 'low', result: 'high', definition: 'medium' },
    message: 'gives orders to the assistant',
  },
  {
    id: 'demand',
    among: [
      '~/',
      '.env',
      'id_rsa',
      '.pgpass',
      'environment variables',
      'instructions',
      'system prompt',
      'session cookies',
      'conversation',
      'chat history',
      'credentials',
      'private key',
    ],
    pattern:
      /\b(?:(?:next|again|new|another|retry|repeat|repeated) (?:the )?(?:call|request|attempt|message|try)|(?:call|invoke|try|run) (?:the tool|this tool|it|this) again|repeat the (?:call|request)|retry|to (?:continue|proceed|go on)|(?:reply|respond|answer) with|needs? to (?:supply|provide|send|include))\b[^\n]{0,100}(?:(?:contents?|text|value|copy) of [^\n]{0,20}(?:~\/|\.env\b|\.ssh|id_rsa|\.\w{2,12}rc\b|\.pgpass|\.aws)|\b(?:all|every|complete|full|entire|your|current) (?:\w{1,12} )?(?:environment variables|system (?:instructions|prompt)|instructions|session cookies|conversation|chat history|credentials|private keys?)\b)|\b(?:read|open|fetch|take|get)\b[^\n]{0,60}(?:~\/\.[\w/.-]{2,80}|\.env\b|id_rsa|\.pgpass)[^\n]{0,40}\b(?:and|then)\b[^\n]{0,20}\b(?:send|pass|submit|return|supply|paste|include|post|upload)\b/gi,
    severity: { request: 'info', result: 'high', definition: 'medium' },
    message: 'demands what is none of the business of a tool',
  },
  {
    id: 'phishing',
    among: [
      'password',
      'passphrase',
      ' card',
      'cvv',
      'pin code',
      'one-time',
      'phrase',
      'recovery',
      'insurance',
      'security',
      'verify',
      'account',
      'log in',
      'call ',
    ],
    pattern:
      /(?<!\b(?:never|not|n't|don.t) )\b(?:tell|ask|inform|have|get|convince|instruct|urge) (?:the|your) (?:user|customer|patient|human|reader|owner)s?\b[^\n]{0,100}\b(?:passwords?|passphrase|card number|cvv|pin code|one-time code|seed phrase|recovery (?:words|phrase)|insurance number|social security|verify (?:their|your|his|her) (?:account|identity)|accounts? (?:was|is|has been|were) (?:hacked|locked|suspended|compromised|blocked)|log in (?:there )?again|call (?:\+|0\d))/gi,
    severity: { request: 'low', result: 'high', definition: 'medium' },
    message: 'uses the assistant to deceive the user',
  },
  {
    id: 'agent_header',
    among: ['x-a', 'x-l', 'x-m'],
    pattern:
      /\bx-(?:agent|ai|llm|assistant|model)-(?:instructions?|commands?|directives?|orders?|notes?|prompt)\s?:/gi,
    severity: { request: 'low', result: 'high', definition: 'medium' },
    message: 'gives orders to the assistant in a header',
  },
  {
    id: 'unguarded_agent',
    among: ['bypasspermissions', '--dangerously', '--yolo', 'autoapprove'],
    pattern:
      /\bbypassPermissions\b|--dangerously-skip-permissions\b|--yolo\b|\bautoApprove["']?\s?[:=]\s?true\b/g,
    severity: { request: 'low', result: 'medium', definition: 'medium' },
    message: 'takes the approvals from an agent',
  },
  {
    id: 'memory_order',
    among: ['memor'],
    pattern:
      /\b(?:update|add|save|write|store|commit|put)\b[^\n]{0,30}\b(?:your|the assistant's|the agent's|your long-term|persistent) memor(?:y|ies)\b/gi,
    severity: { request: 'low', result: 'high', definition: 'medium' },
    message: 'wants something remembered for later sessions',
  },
];

const MOST_OF_A_MARK = 4;

/** Chat delimiters, fake roles and turns, imitated calls. Takes time linear in the text. */
export function findStructure(reading: Reading, direction: Direction): readonly TextFinding[] {
  if (reading.glued) return [];
  const { text } = reading.written;
  if (!WORTHWHILE.test(text)) return [];
  const findings: TextFinding[] = [];
  const folded = reading.folded.text;
  const speaks = ADDRESSED.test(folded);
  for (const { id, among, addressed, pattern, severity, message } of MARKS) {
    if (addressed === true && !speaks) continue;
    if (among?.some((piece) => folded.includes(piece)) === false) continue;
    let count = 0;
    for (const match of text.matchAll(pattern)) {
      if (++count > MOST_OF_A_MARK) break;
      const span = originOf(reading.written, { start: match.index, end: match.index + match[0].length });
      findings.push({ id: `prompt.${id}`, at: '', severity: severity[direction], message, span });
    }
  }
  return findings;
}

const WORTHWHILE =
  /[<[:=,]|---|###|\bmemor|\bnote|notice|message|\/\/|#|again|repl[yi]|retry|the user|your (?:user|customer)|please/i;
