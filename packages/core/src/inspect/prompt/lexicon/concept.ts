/**
 * What words can mean for the phrases that are looked for. A frame (`frames.ts`) asks for several of these
 * near each other, in whatever language and order.
 */
export const CONCEPTS = [
  /** To stop following: ignore, disregard, forget, override. */
  'drop',
  /** To do away with: remove, reset, lift. Weaker, since files and filters are removed as well. */
  'undo',
  /** What can be followed: instructions, rules, guidelines, prompts. */
  'orders',
  /** What can also be given up without harm: tasks, policies, messages. */
  'settings',
  /** Previous, above, original, initial. */
  'earlier',
  /** What you were given or told. */
  'given',
  /** All, any, every. */
  'all',
  /** Your, given to you; of the system, safety or ethics. */
  'yours',
  /** Everything before, in one phrase. */
  'everything',
  /** Phrases that give up earlier orders all by themselves. */
  'override',
  /** Reveal, repeat, print, tell me. */
  'reveal',
  /** What is; describe. */
  'ask',
  /** The system prompt, by any name. */
  'system_prompt',
  /** Your instructions, what you were given, the text above. */
  'own_prompt',
  /** A password, key or secret that somebody keeps. */
  'secret',
  /** You are now, act as, pretend to be. */
  'become',
  /** Without restrictions, unfiltered, anything goes. */
  'unbound',
  /** Names of well-known personas and modes without restrictions. */
  'persona',
  /** Never refuse, no disclaimers. */
  'no_refusal',
  /** Dictates how the answer begins, so that it cannot begin with a refusal. */
  'forced_opening',
  /** Illegal, unethical, without warnings. */
  'amoral',
  /** Silently, without confirmation: usual words about programs. */
  'quietly',
  /** No approval needed, the user has agreed. */
  'waived',
  /** Remember it for later sessions. */
  'memory',
  /** Do not tell the user. */
  'untold',
  /** Whoever acts for the reader: assistant, AI, model, agent. */
  'assistant',
  /** Whoever acts for the reader, by names that no human has: coding agent, machine reader. */
  'reader',
  /** Reading this, summarising this. */
  'reading_this',
  /** The human at the other end. */
  'user',
  /** The user now says, they want you to: what somebody else says that the user said. */
  'user_says',
  /** Your task is complete, the next step of the plan: an end that is none. */
  'task_end',
  /** A claim to speak with authority: system message, administrator, developer. */
  'authority',
  /** What systems and their manuals say, too: system message, the assistant should. */
  'voice',
  /** Before you do anything else. */
  'before_all',
  /** Before you continue: usual in manuals. */
  'beforehand',
  /** New instructions, your new task. */
  'new_task',
  /** From now on, for the rest of this conversation. */
  'from_now',
  /** A marker of something to be done: TODO, action required. */
  'todo',
  /** What draws attention: important, urgent. */
  'urgent',
  /** Instead; do the following. */
  'instead',
  /** Must, have to, make sure, always. */
  'must',
  /** Should, will, is expected to. */
  'should',
  /** An action that text has no business to ask for: approve, skip, leave out, mark. */
  'meddle',
  /** An action that changes something: send, delete, transfer, buy. */
  'act',
  /** To take data somewhere: send, upload, forward. */
  'send',
  /** What is worth taking: messages, files, contacts, conversation, credentials. */
  'stake',
  /** Places where secrets lie: SSH keys, environment variables, password files. */
  'sensitive',
  /** A place outside: a URL, an e-mail address. */
  'destination',
  /** Negation right before a verb. */
  'not',
  /** Talk about attacks: example, phrase, detector, documentation. */
  'discussion',
] as const;

export type Concept = (typeof CONCEPTS)[number];

/**
 * The words of one language by what they mean, separated by ` | `. A `*` at the end stands for any ending
 * of the word. Endings are free anyway in scripts without blanks, and in Korean.
 */
export type Lexicon = Readonly<Partial<Record<Concept, string>>>;
