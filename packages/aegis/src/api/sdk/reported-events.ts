/** What an agent may put on record of itself: nothing that a decision of Aegis speaks of. */
export const REPORTED_EVENTS = [
  'MODEL_CALL_STARTED',
  'MODEL_CALL_FINISHED',
  'MEMORY_READ',
  'MEMORY_WRITE',
  'HANDOFF_REQUESTED',
  'HANDOFF_COMPLETED',
  'CHECKPOINT_CREATED',
  'ERROR_RAISED',
] as const;
