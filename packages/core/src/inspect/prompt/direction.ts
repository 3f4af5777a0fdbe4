/**
 * On which way a text is: from the agent to a tool, from a tool to the agent, or in what a tool says of
 * itself. What is a plain request in the first is an instruction out of nowhere in the others.
 */
export type Direction = 'request' | 'result' | 'definition';
