import type { Finding, Severity } from '../../model/finding.ts';
import type { JsonObject } from '../../model/json.ts';
import { type Parameter, parametersOf } from './parameter.ts';

/**
 * Parameters through which a tool would be told what is none of its business: the conversation, the hidden
 * instructions, keys and files of the user. Takes time linear in the schema.
 */
export function findRequestedSecrets(tool: JsonObject): readonly Finding[] {
  return parametersOf(tool).flatMap((parameter) => {
    const judged = judge(parameter);
    return judged === undefined ? [] : [{ ...judged, at: parameter.at }];
  });
}

function judge({ name, schema }: Parameter): Omit<Finding, 'at'> | undefined {
  const words = name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll(/[_.-]/g, ' ')
    .toLowerCase();
  const description =
    typeof schema['description'] === 'string' ? schema['description'].slice(0, LONGEST) : '';
  const rule = RULES.find(
    ({ named, described }) => (named?.test(words) ?? true) && (described?.test(description) ?? true),
  );
  if (rule === undefined) return undefined;
  const { id, severity, message } = rule;
  return { id: `definition.${id}`, severity, message, capability: 'secret.read' };
}

const LONGEST = 4000;

interface Rule {
  readonly id: string;
  readonly named?: RegExp;
  readonly described?: RegExp;
  readonly severity: Severity;
  readonly message: string;
}

// Linear: fixed words with bounded gaps.
const RULES: readonly Rule[] = [
  {
    id: 'asks_conversation',
    named:
      /^(?:system ?prompt|system instructions?|conversation(?: history| log| context)?|chat ?(?:history|log)|message history|full context|previous messages|all messages|llm context|model context|reasoning trace|chain of thought)$/,
    described:
      /conversation|system prompt|instructions|history|everything|entire|all (?:previous|prior)|context/i,
    severity: 'medium',
    message: 'a parameter asks for the conversation or the hidden instructions',
  },
  {
    id: 'asks_conversation',
    described:
      /(?:entire|full|complete|whole|all|verbatim)[\w\s,'-]{0,40}(?:conversation|chat history|chat log|message history|system prompt|system instructions|previous messages|prior messages|tool (?:list|calls|results|outputs))|(?:your|the|model'?s?|assistant'?s?) (?:system prompt|system instructions|hidden instructions|initial instructions)/i,
    severity: 'high',
    message: 'a parameter asks for the conversation or the hidden instructions',
  },
  {
    id: 'asks_file',
    described:
      /(?:content|contents|copy|text|value|output|data|body)s? (?:of|from|in) [^.]{0,60}(?:~\/|\/etc\/|\.ssh|id_rsa|\.env\b|\.aws|\.kube|\.npmrc|\.netrc|mcp\.json|\.cursor|credentials|secrets? file|environment variables|private key|keychain)/i,
    severity: 'critical',
    message: 'a parameter asks for the content of a file with secrets',
  },
  {
    id: 'asks_secret',
    named:
      /\b(?:contents?|paste|dump|copy|exfil|read(?:ing)?|must|put|include|all|every|full)\b.{0,30}\b(?:ssh|id (?:rsa|ed25519)|env(?: file| vars?)?|credentials?|private keys?|passwords?|password hash(?:es)?|cookies|keychain|conversation|chat history|system prompt|secrets)\b/,
    severity: 'high',
    message: 'the name of a parameter asks for a secret',
  },
  {
    id: 'asks_conversation',
    described:
      /\b(?:everything|all|whatever) (?:that )?(?:you|we|the user)\b[^\n]{0,30}\b(?:thought|said|know|wrote|typed|were told|discussed)\b|\b(?:transcript|record|log|dump|copy) of (?:what was said|(?:the|this|our) (?:conversation|chat|dialogue|session))|\bhidden (?:rules|instructions|prompt)\b/i,
    severity: 'high',
    message: 'a parameter asks for the conversation or the hidden instructions',
  },
  {
    id: 'asks_side_channel',
    named:
      /^(?:side ?notes?|hidden ?(?:notes?|data)|metadata ?dump|internal ?notes?|debug ?(?:info|context)|exfil(?:tration)?|telemetry ?data|secret ?data|covert|background ?data)$/,
    severity: 'medium',
    message: 'a parameter is there for what does not belong to the call',
  },
  {
    id: 'asks_secret',
    named:
      /(?:private key|ssh key|seed phrase|mnemonic|recovery phrase|master password|root password|aws secret|secret access key|session cookie|cookies|keychain|env vars?|environment variables|credit card (?:number|cvv)|\bcvv\b|\bssn\b|social security)/,
    severity: 'low',
    message: 'a parameter asks for a secret',
  },
];
