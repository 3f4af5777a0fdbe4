/** A condition that could not be evaluated at all: the call is denied by the rule that asked. */
export class EvaluationFault extends Error {
  override readonly name = 'EvaluationFault';
  readonly rule: string;

  constructor(rule: string, message: string) {
    super(message);
    this.rule = rule;
  }
}
