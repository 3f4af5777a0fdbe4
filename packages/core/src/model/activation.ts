/** What brought a policy into force: the start of a process, a change of its files, a person. */
export const ACTIVATION_CAUSES = ['start', 'reload', 'apply', 'rollback'] as const;
export type ActivationCause = (typeof ACTIVATION_CAUSES)[number];
