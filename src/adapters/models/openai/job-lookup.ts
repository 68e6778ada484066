import { Refusal } from '../../../domain/refusal.ts';
import type { Endpoint } from './endpoint.ts';
import { faultOf } from './endpoint-fault.ts';
import { type ServerJob, ServerJobs } from './server-job.ts';
import { readPage } from './server-page.ts';
import type { UploadedFiles } from './uploaded-files.ts';

/** Under this name our own id stands in a job's metadata. */
export const JOB_LABEL = 'training_ledger_job';

const PAGE = 100;
const MAX_PAGES = 20;

/** `unknown`: the server has no list, or one that does not end. */
export type LookedUp =
  | { readonly kind: 'found'; readonly job: ServerJob }
  | { readonly kind: 'none' | 'unknown' };

/**
 * Looks on the server for the job that was made for one of ours: by its metadata, and, since not every server keeps
 * those, by its training file, which no other job has.
 * @throws what faultOf tells apart
 */
export async function findServerJob(
  endpoint: Endpoint,
  { job, files }: { readonly job: string; readonly files: UploadedFiles | null },
  signal: AbortSignal,
): Promise<LookedUp> {
  const isOurs = ({ metadata, training_file }: ServerJob) =>
    metadata?.[JOB_LABEL] === job || (files !== null && training_file === files.train);
  const seen = new Set<string>();
  let after: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const listed = await listJobs(endpoint, job, after, signal);
    if (listed === null) return { kind: 'unknown' };
    const found = likeliest(listed.jobs.filter(isOurs));
    if (found !== undefined) return { kind: 'found', job: found };
    if (!listed.hasMore) return { kind: 'none' };
    after = listed.jobs.at(-1)?.id;
    // The same page again and again.
    if (after === undefined || seen.has(after)) return { kind: 'unknown' };
    seen.add(after);
  }
  return { kind: 'unknown' };
}

/** Where it could not be found out whether there is a job. */
export function inDoubt({ host }: Endpoint, job: string): Refusal {
  return new Refusal(({ openai }) => openai.training.inDoubt({ host, label: `${JOB_LABEL}=${job}` }));
}

async function listJobs(
  endpoint: Endpoint,
  job: string,
  after: string | undefined,
  signal: AbortSignal,
): Promise<{ readonly jobs: readonly ServerJob[]; readonly hasMore: boolean } | null> {
  try {
    const query = { metadata: { [JOB_LABEL]: job }, limit: PAGE, ...(after !== undefined && { after }) };
    const { items, hasMore } = await readPage(endpoint, '/fine_tuning/jobs', query, signal);
    return { jobs: ServerJobs.parse(items), hasMore };
  } catch (error) {
    const fault = faultOf(error, endpoint);
    const hasNoList =
      fault?.kind === 'not_found' ||
      (fault?.kind === 'refused' && fault.status === 405) ||
      (fault?.kind === 'broken' && fault.status === 501);
    if (hasNoList) return null;
    throw error;
  }
}

/** Should there be several: one that came to something, or still may. */
function likeliest(jobs: readonly ServerJob[]): ServerJob | undefined {
  return (
    jobs.find(({ status }) => status === 'succeeded') ??
    jobs.find(({ status }) => status !== 'failed' && status !== 'cancelled') ??
    jobs[0]
  );
}
