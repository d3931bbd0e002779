import { computed, ref, shallowRef } from 'vue';
import { imports, type ImportFile, type ImportResult } from '../api/imports';
import { ApiProblem, inWords } from '../api/problem';
import { unfit } from '../format/importWords';

/** What is going on with the file: nothing, on its way, looked at, written. */
export type Stage = 'none' | 'checking' | 'checked' | 'writing' | 'done';

// Outside of the page: who has to sign in again in between finds the file where it was.
const kind = ref('');
const file = shallowRef<ImportFile | null>(null);
const datum = ref('');
const stage = ref<Stage>('none');
const result = shallowRef<ImportResult | null>(null);
const sent = ref(0);
const problem = ref('');
const again = ref(false);
let owner = '';
let turn = 0;

/** One file on its way into the registry. Looked at first, always; then written, once. */
export function useImporting() {
  return { kind, file, datum, stage, result, sent, problem, again, busy: computed(() => stage.value === 'checking' || stage.value === 'writing'), begin, take, look, write, forget };
}

/** Opens the page for a kind of file: what somebody else left here is not shown. */
function begin(login: string, of: string): void {
  if (owner !== login) forget();
  owner = login;
  if (kind.value === of) {
    problem.value = '';
    if (file.value && stage.value === 'none') void look();
    return;
  }
  if (stage.value === 'done') file.value = null; // it is done with
  kind.value = of;
  datum.value = '';
  result.value = null;
  problem.value = '';
  stage.value = 'none';
  if (file.value) void look();
}

function forget(): void {
  turn++;
  file.value = null;
  result.value = null;
  problem.value = '';
  datum.value = '';
  stage.value = 'none';
}

/** Keeps the bytes, so that the file can be mended and saved meanwhile, and looks at them. */
async function take(chosen: File): Promise<void> {
  forget();
  problem.value = unfit(chosen);
  if (problem.value) return;
  try {
    file.value = { name: chosen.name, size: chosen.size, bytes: new Blob([await chosen.arrayBuffer()]) };
  } catch {
    problem.value = `“${chosen.name}”读不出来：可能正被别的程序占用，或已被移走。关掉它再选一次。`;
    return;
  }
  await look();
}

async function look(): Promise<void> {
  await run('checking', { tryOnly: true, partial: false });
}

async function write(): Promise<void> {
  if (stage.value === 'checked') await run('writing', { tryOnly: false, partial: (result.value?.bad.length ?? 0) > 0 });
}

async function run(now: 'checking' | 'writing', how: { tryOnly: boolean; partial: boolean }): Promise<void> {
  if (!file.value) return;
  const mine = ++turn;
  stage.value = now;
  sent.value = 0;
  problem.value = '';
  try {
    const said = await imports.send(kind.value, file.value, { ...how, datum: datum.value }, (part) => { if (mine === turn) sent.value = part; });
    if (mine !== turn) return;
    result.value = said;
    stage.value = said.written ? 'done' : 'checked';
  } catch (error) {
    if (mine !== turn) return;
    problem.value = inWords(error);
    again.value = error instanceof ApiProblem && error.again;
    stage.value = now === 'writing' ? 'checked' : 'none';
  }
}
