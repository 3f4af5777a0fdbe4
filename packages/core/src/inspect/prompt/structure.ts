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
}

const OUT_OF_PLACE = { request: 'medium', result: 'high', definition: 'high' } as const;
const SUSPECT = { request: 'low', result: 'medium', definition: 'medium' } as const;

/** What text between a program and a model is divided with, and what only looks like it. */
const MARKS: readonly Mark[] = [
  {
    id: 'delimiter',
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
      /(?:^|\n|\\n)[ \t>#*_-]{0,8}(?:system|assistant|human|user|developer|admin|root)(?: (?:message|prompt|notice|override|update|instructions?|note|alert|command))?[*_\]]{0,3}\s?:[ \t*]{0,3}(?=[a-z"'[<])/gi,
    severity: SUSPECT,
    message: 'begins a turn of somebody else',
  },
  {
    id: 'fake_section',
    pattern:
      /(?:^|\n|\\n)[ \t]{0,4}(?:#{1,6}|={3,12}|-{3,12}|\*{3,12}|\[)[ \t]{0,3}(?:new |end of |begin |start of |updated |actual |real |hidden )?(?:system|system prompt|instructions?|user input|user query|user prompt|tool output|tool result|tool response|context|admin|developer|override)(?: prompt| message| instructions?| override| notice| mode)?[ \t]{0,3}(?:#{1,6}|={3,12}|-{3,12}|\*{3,12}|\]|:)/gi,
    severity: SUSPECT,
    message: 'imitates the sections of a prompt',
  },
  {
    id: 'fake_result_end',
    pattern:
      /<\/(?:tool_result|tool_response|tool_output|function_results?|function_response|result|output|document|context|data|search_results?|untrusted[a-z_]{0,20})>(?=[\s\S]{0,4}<(?:system|user|human|assistant|instructions?|admin|important))/gi,
    severity: { request: 'high', result: 'high', definition: 'high' },
    message: 'ends the result that it stands in, and goes on as something else',
  },
  {
    id: 'tool_imitation',
    pattern:
      /<\/?(?:tool_call|tool_calls|function_calls?|tool_use|invoke|antml:invoke|antml:function_calls)(?:\s[^<>]{0,80})?>|\[tool_calls?\]|"(?:tool_calls?|function_call)"\s{0,3}:\s{0,3}[[{]|(?:^|\n)action: ?[a-z_]{2,40}\n{1,2}action input:/gi,
    severity: OUT_OF_PLACE,
    message: 'imitates a call of a tool',
  },
  {
    id: 'role_object',
    pattern: /["']?role["']?\s{0,3}:\s{0,3}["'](?:system|developer|assistant)["']/gi,
    severity: SUSPECT,
    message: 'holds a message of a conversation with a role',
  },
  {
    id: 'note_to_model',
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
    id: 'memory_order',
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
  for (const { id, pattern, severity, message } of MARKS) {
    let count = 0;
    for (const match of text.matchAll(pattern)) {
      if (++count > MOST_OF_A_MARK) break;
      const span = originOf(reading.written, { start: match.index, end: match.index + match[0].length });
      findings.push({ id: `prompt.${id}`, at: '', severity: severity[direction], message, span });
    }
  }
  return findings;
}

const WORTHWHILE = /[<[:=]|---|###|\bmemor|\bnote|notice|message|\/\/|#/i;
