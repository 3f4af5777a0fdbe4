/** A condition that could not be evaluated at all: the call is denied by the rule that asked. */
export class EvaluationFault extends Error {
  override readonly name = 'EvaluationFault';
  readonly rule: string;
  readonly remedy: string;

  constructor(rule: string, message: string, remedy = 'make the value shorter') {
    super(message);
    this.rule = rule;
    this.remedy = remedy;
  }
}
