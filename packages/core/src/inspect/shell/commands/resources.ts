import { foundDenying, foundNoted } from '../effects.ts';
import { isKnown } from '../field.ts';
import { lineOf, readOptions } from '../options.ts';
import type { Invocation } from '../reader.ts';

/** Programs that manage what is elsewhere: clouds, clusters, containers, stores of secrets and of backups, queues. */
const MANAGERS: ReadonlySet<string> = new Set(
  'aws gcloud az gh glab hub kubectl oc helm docker docker-compose podman nerdctl vault op doppler bw rclone restic borg velero duplicity kopia kafka-topics kafka-topics.sh kafka-consumer-groups rabbitmqctl rabbitmqadmin nats pulsar-admin circleci jenkins-cli heroku fly flyctl vercel netlify wrangler firebase supabase doctl linode-cli hcloud ibmcloud oci aliyun eksctl kops argocd flux consul nomad etcdctl influx mc s3cmd gsutil bq azcopy b2 npm yarn pnpm cargo gem twine terraform tofu terragrunt pulumi cdk serverless sst ansible ansible-playbook vagrant minikube kind k3d limactl multipass virsh VBoxManage tailscale cloudflared ngrok sentry-cli datadog-ci pd twilio stripe shopify snow databricks mlflow wandb huggingface-cli'.split(
    ' ',
  ),
);

/** A verb that deletes, alone or in a name such as `delete-bucket`, `delete_vhost` or `deleteJob`. */
const DELETES =
  /^(?:(?:batch|force|bulk)[-_])?(?:delete|destroy|remove|rm|rb|purge|prune|terminate|drop|forget|uninstall|unpublish|yank|expire|wipe|flush|deregister|undelete-protect|nuke|drain|evict|trash|move)(?:$|[-_:A-Z])/;
const DELETING_OPTION =
  /^--?(?:delete(?:-\w+)*|purge|prune|destroy|drop|remove(?:-\w+)*|force-delete\S*|mirror)$/;

/** Words that may be the verb: services and kinds of resources come before it. */
const VERB_WORDS = 4;

/** Programs that ask a person before they delete, unless they are told not to. */
const ASKING: ReadonlySet<string> = new Set(
  'gcloud az gh glab heroku fly flyctl vercel netlify wrangler firebase supabase doctl linode-cli hcloud ibmcloud oci aliyun eksctl velero doppler op argocd serverless sst databricks mc'.split(
    ' ',
  ),
);
const UNASKED =
  /^(?:--?(?:yes|assume-yes|quiet|force|auto-approve|non-interactive|dangerous|skip-confirmation)|-y|-q|-f|--confirm(?:=.*)?)$/;

/** What is deleted for good, with all that it holds, by words that say so: by program, in the order of the words. */
const FOR_GOOD: Readonly<Record<string, RegExp>> = {
  aws: /^(?:s3 rm .{0,4096}--recursive|s3 rb .{0,4096}--force|rds delete-db-(?:instance|cluster)\b|dynamodb delete-table\b|cloudformation delete-stack\b|kms schedule-key-deletion\b|efs delete-file-system\b|route53 delete-hosted-zone\b|secretsmanager delete-secret .{0,4096}--force-delete|ecr delete-repository .{0,4096}--force|backup delete-)/,
  gcloud: /^(?:storage|alpha storage) rm\b.{0,4096} (?:-r|-R|--recursive)\b/,
  gsutil: /(?:^| )(?:rm\b.{0,4096} -[a-zA-Z]{0,20}[rR]|rb )/,
  s3cmd: /(?:^| )(?:del|rm)\b.{0,4096} (?:-r|--recursive)\b/,
  azcopy: /^(?:remove|rm)\b.{0,4096}--recursive/,
  az: /^storage (?:blob|file|directory) delete-batch\b|(?:^| )purge\b/,
  b2: /^(?:rm|file delete)\b.{0,4096} (?:-r|--recursive)\b/,
  mc: /^(?:rm\b.{0,4096}--recursive|rb\b.{0,4096}--force)/,
  kubectl:
    /(?:^| )delete (?!.{0,4096}--dry-run)(?:.{0,4096} )?(?:--all(?:-namespaces)?(?:=true)?\b|-A\b|(?:ns|namespaces?|projects?|pvc?|persistentvolume(?:claim)?s?|crds?|customresourcedefinitions?|nodes?|sc)[/ ])/,
  docker: /^(?:system prune\b.{0,4096}--volumes|volume prune\b.{0,4096} (?:-a|--all|-f|--force)\b)/,
  vault: /^(?:secrets|auth) disable\b|^(?:kv )?destroy\b|^kv (?:metadata delete|destroy)\b/,
  npm: /^unpublish\b/,
  restic: /(?:^| )forget\b.{0,4096}--unsafe/,
  etcdctl: /^del\b.{0,4096}--(?:prefix|from-key)\b/,
  influx: /^delete\b|^bucket delete\b/,
  'kafka-topics': /(?=.{0,4096}--delete\b).{0,4096}--topic \S{0,400}\*/,
  'kafka-topics.sh': /(?=.{0,4096}--delete\b).{0,4096}--topic \S{0,400}\*/,
  heroku: /^(?:apps|pg|addons):destroy\b.{0,4096}--confirm|^pg:reset\b.{0,4096}--confirm/,
};

/** Programs that take the words of another. */
const SAME: ReadonlyMap<string, string> = new Map([
  ['oc', 'kubectl'],
  ['podman', 'docker'],
  ['nerdctl', 'docker'],
]);

/** Notes that a command deletes what is not on this machine, and cannot be brought back from here. */
export function noteResources({ name: called, args, reader }: Invocation): void {
  if (!MANAGERS.has(called)) return;
  const name = SAME.get(called) ?? called;
  const { effects } = reader;
  const { operands } = readOptions(args);
  const named = operands.slice(0, VERB_WORDS).map(({ text }) => text);
  // What comes behind these is a script of one's own, or a command in another place.
  const end = named.findIndex((word, index) =>
    index === 0 ? /^(?:run|run-script|exec|x)$/.test(word) : index === 1 && /^(?:run|exec)$/.test(word),
  );
  const words = end === -1 ? named : named.slice(0, end);
  const down = words.includes('down') && args.some(({ text }) => /^(?:-v|--volumes|--rmi.*)$/.test(text));
  const deletes = words.some((word) => DELETES.test(word.slice(word.lastIndexOf(':') + 1)));
  if (end === -1 && FOR_GOOD[name] !== undefined && FOR_GOOD[name].test(lineOf(args))) {
    foundDenying(effects, 'shell.destructive', 'deletes what is kept elsewhere, with all that it holds');
  } else if (deletes && ASKING.has(name) && args.some(({ text }) => UNASKED.test(text))) {
    foundDenying(effects, 'shell.destructive', 'deletes what is kept elsewhere, without being asked');
  } else if (deletes && words.includes('volume') && args.some(({ text }) => !isKnown(text))) {
    foundDenying(effects, 'shell.destructive', 'deletes volumes that are not named');
  }
  if (down || deletes || args.some(({ text }) => DELETING_OPTION.test(text))) {
    foundNoted(effects, 'shell.deletes_elsewhere', 'deletes what is kept elsewhere');
  }
}
