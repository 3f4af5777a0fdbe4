import { type Check, ok, problem, warning } from './check.ts';

/** What answers at the address of the daemon: nobody, Aegis, or somebody else. */
export type Answering = 'nobody' | 'aegis' | 'not ready' | 'somebody else';

/** Whether the daemon runs, or its address is free. */
export function address(place: string, probe: () => Promise<Answering>): Check {
  return {
    name: 'daemon',
    async run() {
      switch (await probe()) {
        case 'nobody':
          return ok(`not running; ${place} is free`);
        case 'aegis':
          return ok(`running and ready at ${place}`);
        case 'not ready':
          return warning(`running at ${place}, and not ready`, '`/readyz` there says what does not work');
        case 'somebody else':
          return problem(
            `another program listens at ${place}`,
            'stop it, or set another `addr` under [daemon]',
          );
      }
    },
  };
}
