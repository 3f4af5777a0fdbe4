import { foundNoted } from '../effects.ts';
import { readOptions } from '../options.ts';
import type { Invocation } from '../reader.ts';

/** Programs that manage what is elsewhere: clouds, clusters, containers, stores of secrets and of backups, queues. */
const MANAGERS: ReadonlySet<string> = new Set(
  'aws gcloud az gh glab hub kubectl oc helm docker docker-compose podman nerdctl vault op doppler bw rclone restic borg velero duplicity kopia kafka-topics kafka-topics.sh kafka-consumer-groups rabbitmqctl rabbitmqadmin nats pulsar-admin circleci jenkins-cli heroku fly flyctl vercel netlify wrangler firebase supabase doctl linode-cli hcloud ibmcloud oci aliyun eksctl kops argocd flux consul nomad etcdctl mc s3cmd gsutil bq azcopy b2 npm yarn pnpm cargo gem twine terraform tofu terragrunt pulumi cdk serverless sst ansible ansible-playbook vagrant minikube kind k3d limactl multipass virsh VBoxManage tailscale cloudflared ngrok sentry-cli datadog-ci pd twilio stripe shopify snow databricks mlflow wandb huggingface-cli'.split(
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

/** Notes that a command deletes what is not on this machine, and cannot be brought back from here. */
export function noteResources({ name, args, reader }: Invocation): void {
  if (!MANAGERS.has(name)) return;
  const { operands } = readOptions(args);
  const named = operands.slice(0, VERB_WORDS).map(({ text }) => text);
  // What comes behind these is a script of one's own, or a command in another place.
  const end = named.findIndex((word) => /^(?:run|run-script|exec|x)$/.test(word));
  const words = end === -1 ? named : named.slice(0, end);
  const down = words.includes('down') && args.some(({ text }) => /^(?:-v|--volumes|--rmi.*)$/.test(text));
  if (
    down ||
    words.some((word) => DELETES.test(word)) ||
    args.some(({ text }) => DELETING_OPTION.test(text))
  ) {
    foundNoted(reader.effects, 'shell.deletes_elsewhere', 'deletes what is kept elsewhere');
  }
}
