import { everywhere, type Frame } from './frame.ts';

/** Requests for what the model must keep to itself. */
export const DISCLOSURE_FRAMES: readonly Frame[] = [
  {
    id: 'prompt_request',
    slots: [['reveal'], ['system_prompt', 'own_prompt']],
    ordered: true,
    sentence: true,
    window: 8,
    severity: everywhere('high'),
    message: 'asks for the hidden instructions',
  },
  {
    id: 'prompt_request',
    slots: [['ask'], ['own_prompt']],
    ordered: true,
    sentence: true,
    window: 6,
    severity: everywhere('high'),
    message: 'asks for the hidden instructions',
  },
  {
    id: 'prompt_request',
    slots: [['ask', 'reveal'], ['orders'], ['given']],
    ordered: true,
    sentence: true,
    window: 10,
    severity: everywhere('high'),
    message: 'asks for the hidden instructions',
  },
  {
    id: 'prompt_request_hint',
    spaced: true,
    slots: [['ask', 'reveal'], ['given']],
    ordered: true,
    sentence: true,
    window: 6,
    severity: everywhere('medium'),
    message: 'asks for the hidden instructions',
  },
  {
    id: 'secret_request',
    spaced: true,
    slots: [['reveal', 'ask'], ['secret']],
    ordered: true,
    sentence: true,
    window: 5,
    severity: everywhere('medium'),
    message: 'asks for a secret',
  },
];
